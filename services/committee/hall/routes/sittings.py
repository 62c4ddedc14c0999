"""Sittings: announcement, agenda, participants, opinions, votes, resolutions, minutes."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import select

from services.committee.hall import access, deliberating, queries, repository, sittings
from services.committee.hall.models.matters import Matter
from services.committee.hall.models.talk import Comment, Participant, Sitting
from services.committee.hall.schemas.sittings import (
    AgendaRequest,
    DeferralRequest,
    EndingRequest,
    MinutesRequest,
    OpinionRequest,
    ParticipantRequest,
    ParticipantView,
    ResolutionRequest,
    ResolutionView,
    SittingChange,
    SittingDetail,
    SittingRequest,
    SittingView,
    TallyView,
    VoteRequest,
)
from services.committee.hall.schemas.talk import CommentView
from services.committee.hall.sitting_domain import Choice, SittingState, Tally
from services.committee.hall.speaking import speaker_at
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.kernel.errors import NotFound
from shared.kernel.text import Language
from shared.procedures.acting import Act, Acting
from shared.web.authentication import (
    CurrentPrincipal,
    PublicReading,
    Reading,
    open_to_all,
    permits,
)
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.preconditions import ExpectedVersion, etag, require_version
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/committee/hall", tags=["hall"], route_class=UnitOfWorkRoute)
_PUBLIC = [open_to_all(access.READ)]
Hold = Annotated[Reach, permits(access.HOLD)]


@router.get("/sittings", operation_id="hall_sittings", dependencies=_PUBLIC)
async def list_sittings(
    session: PublicReading,
    request: Request,
    page: Paging,
    community_id: UUID | None = None,
    state: SittingState | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Page[SittingView]:
    """Sittings, the latest day first. 议事会列表。"""
    query = queries.sittings(
        community_id=community_id, state=state.value if state else None, since=since, until=until
    )
    query = page.apply(query, Sitting.held_on, Sitting.id, descending=True)
    language = language_of(request)
    return page.page(
        (await session.execute(query)).all(),
        lambda row: (row.held_on.isoformat(), row.id),
        lambda row: SittingView(**SittingView.fields_of(row, language)),
    )


@router.get("/sittings/{id}", operation_id="hall_sitting", dependencies=_PUBLIC)
async def sitting(
    id: UUID, session: PublicReading, request: Request, response: Response
) -> SittingDetail:
    """One sitting with its agenda, tallies, resolutions and minutes. 议事会详情。"""
    return await _detail(session, id, language_of(request), response)


@router.get("/matters/{id}/resolutions", operation_id="hall_resolutions", dependencies=_PUBLIC)
async def resolutions(id: UUID, session: PublicReading) -> list[ResolutionView]:
    """What sittings resolved on a matter, oldest first. 议事决议。"""
    if (await session.execute(select(Matter.id).where(Matter.id == id))).first() is None:
        raise NotFound
    rows = await session.execute(queries.resolutions(id).order_by("id"))
    return [ResolutionView.model_validate(row, from_attributes=True) for row in rows]


@router.post("/sittings", operation_id="hall_plan_sitting", status_code=201)
async def plan(
    body: SittingRequest, act: Acting, request: Request, response: Response, reach: Hold
) -> SittingDetail:
    """Announce a sitting on one of the rule's days (逢五), or on another with a reason.
    预告议事会。"""
    made = await sittings.plan(act, reach, **dict(body))
    return await _shown(act, made.id, request, response)


@router.patch("/sittings/{id}", operation_id="hall_change_sitting")
async def change(
    id: UUID,
    body: SittingChange,
    act: Acting,
    expected: ExpectedVersion,
    request: Request,
    response: Response,
    reach: Hold,
) -> SittingDetail:
    """Mend an announcement. 修改预告。"""
    found = await sittings.locked(act.session, reach, id)
    require_version(found.version, expected)
    await sittings.change(act, found, body.model_dump(exclude_unset=True))
    return await _shown(act, id, request, response)


@router.post("/sittings/{id}/agenda", operation_id="hall_add_to_agenda", status_code=201)
async def add_to_agenda(
    id: UUID, body: AgendaRequest, act: Acting, request: Request, response: Response, reach: Hold
) -> SittingDetail:
    """Put an accepted matter on the agenda. 列入议程。"""
    await sittings.add_to_agenda(act, reach, id, body.matter_id)
    return await _shown(act, id, request, response)


@router.post("/sittings/{id}/deferrals", operation_id="hall_defer", status_code=201)
async def defer(
    id: UUID, body: DeferralRequest, act: Acting, request: Request, response: Response, reach: Hold
) -> SittingDetail:
    """Take a matter off the agenda. 移出议程。"""
    await sittings.take_off(act, reach, id, body.matter_id, body.reason)
    return await _shown(act, id, request, response)


@router.get("/sittings/{id}/participants", operation_id="hall_participants")
async def participants(
    id: UUID,
    session: Reading,
    page: Paging,
    reach: Hold,
) -> Page[ParticipantView]:
    """Who is invited and who came. 参会人员。"""
    community = (
        await session.execute(select(Sitting.community_id).where(Sitting.id == id))
    ).scalar_one_or_none()
    if community is None:
        raise NotFound
    reach.require(await repository.place_of(session, community))
    query = select(*Participant.__table__.columns).where(Participant.sitting_id == id)
    rows = (await session.execute(page.apply(query, Participant.id))).all()
    return page.page(
        rows,
        lambda row: (row.id,),
        lambda row: ParticipantView.model_validate(row, from_attributes=True),
    )


@router.post("/sittings/{id}/participants", operation_id="hall_invite", status_code=201)
async def invite(id: UUID, body: ParticipantRequest, act: Acting, reach: Hold) -> ParticipantView:
    """Invite residents, departments, organisations or experts. 邀请参会。"""
    made = await sittings.invite(act, reach, id, body.model_dump())
    return ParticipantView.model_validate(made, from_attributes=True)


@router.post("/sittings/{id}/participants/{participant_id}/attendance", operation_id="hall_attend")
async def attend(id: UUID, participant_id: UUID, act: Acting, reach: Hold) -> ParticipantView:
    """Note that somebody came. 签到。"""
    found = await sittings.attend(act, reach, id, participant_id)
    return ParticipantView.model_validate(found, from_attributes=True)


@router.post("/sittings/{id}/opening", operation_id="hall_open_sitting")
async def begin(
    id: UUID, act: Acting, request: Request, response: Response, reach: Hold
) -> SittingDetail:
    """Open a sitting on its day; its stream begins. 开会。"""
    await sittings.begin(act, reach, id)
    return await _shown(act, id, request, response)


@router.post("/sittings/{id}/ending", operation_id="hall_end_sitting")
async def end(
    id: UUID, body: EndingRequest, act: Acting, request: Request, response: Response, reach: Hold
) -> SittingDetail:
    """End a sitting, or cancel one that has not begun; what is open on its agenda is deferred.
    散会或取消。"""
    await sittings.end(act, reach, id, body.reason)
    return await _shown(act, id, request, response)


@router.post("/sittings/{id}/minutes", operation_id="hall_publish_minutes")
async def minutes(
    id: UUID, body: MinutesRequest, act: Acting, request: Request, response: Response, reach: Hold
) -> SittingDetail:
    """Publish the minutes. 公布纪要。"""
    await sittings.publish_minutes(act, reach, id, body.minutes, mask=body.mask_personal_data)
    return await _shown(act, id, request, response)


@router.post("/sittings/{id}/opinions", operation_id="hall_say_opinion", status_code=201)
async def say_opinion(
    id: UUID,
    body: OpinionRequest,
    act: Acting,
    principal: CurrentPrincipal,
    reach: Annotated[Reach, permits(access.OPINE)],
) -> CommentView:
    """Say an opinion on a matter of a live sitting. 发表意见。"""
    found = await sittings.locked(act.session, reach, id)
    place = await repository.place_of(act.session, found.community_id)
    said = await deliberating.say_opinion(
        act, reach, id, body.matter_id, speaker_at(place, principal.grants), body.body,
        mask=body.mask_personal_data,
    )  # fmt: skip
    query = repository.comments(said.matter_id).where(Comment.id == said.id)
    return CommentView.of((await act.session.execute(query)).one())


@router.post("/sittings/{id}/votes", operation_id="hall_vote")
async def vote(
    id: UUID, body: VoteRequest, act: Acting, reach: Annotated[Reach, permits(access.VOTE)]
) -> TallyView:
    """Agree, have reservations or be against; one voice an account, changeable until resolved.
    表态。"""
    found = await deliberating.vote(act, reach, id, body.matter_id, Choice(body.choice))
    return TallyView.model_validate(found, from_attributes=True)


@router.post("/matters/{id}/resolution", operation_id="hall_resolve", status_code=201)
async def resolve(id: UUID, body: ResolutionRequest, act: Acting, reach: Hold) -> ResolutionView:
    """Record what a live sitting came to, with its level of consensus. 形成决议。"""
    made = await deliberating.resolve(
        act, reach, id,
        sitting_id=body.sitting_id, text=body.text, mask=body.mask_personal_data,
        floor=Tally(**body.floor.model_dump()),
    )  # fmt: skip
    return ResolutionView.model_validate(made, from_attributes=True)


async def _shown(act: Act, id: UUID, request: Request, response: Response) -> SittingDetail:
    await act.session.flush()
    return await _detail(act.session, id, language_of(request), response)


async def _detail(
    session: queries.Session, id: UUID, language: Language, response: Response
) -> SittingDetail:
    row = await the_row(session, queries.sittings().where(Sitting.id == id))
    response.headers["ETag"] = etag(row.version)
    counts, organisations = await queries.attendance(session, id)
    return SittingDetail.model_validate(
        {
            **SittingView.fields_of(row, language),
            "agenda": await queries.agenda(session, id),
            "attendance": counts,
            "organisations": organisations,
            "minutes": row.minutes,
            "last_event": row.last_event,
        }
    )
