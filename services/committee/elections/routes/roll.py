"""The roll: registration, publication, objections, freeze, changes."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select

from services.committee.elections import access, objecting, registering, registry, repository, rolls
from services.committee.elections.acting import today_of
from services.committee.elections.identities import salt_of
from services.committee.elections.models import Election, Elector, RollObjection
from services.committee.elections.registering import Registered
from services.committee.elections.routes.context import Held, elections_router, held, reading
from services.committee.elections.ruling import Ruling
from services.committee.elections.schemas.elections import ElectionView
from services.committee.elections.schemas.roll import (
    ElectorView,
    NoticeLine,
    ObjectionDecision,
    ObjectionRequest,
    ObjectionView,
    ReceiptView,
    RegistrationRequest,
    RegistrationsView,
    RegistrationView,
    RegistryRequest,
    RegistryView,
    RollChangeRequest,
    RollView,
    VotersRequest,
    VotersView,
)
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict, NotFound
from shared.kernel.masking import mask_name
from shared.kernel.text import Text
from shared.web.authentication import PublicReading, Reading, open_to_all, permits
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.problem import ProblemError, RuleView
from shared.web.shapes import ReasonRequest

router: APIRouter = elections_router()
Holding = Annotated[Held, held(access.HOLD)]
Registering = Annotated[Held, held(access.REGISTER)]
ReadRoll = Annotated[Reach, permits(access.READ_ROLL)]
Notices = Annotated[Reach, permits(access.READ_NOTICES)]
_PUBLIC = [open_to_all(access.READ)]
_APPLIED = ("elector_age", "worker_months")
_Search = Annotated[
    str | None, Query(max_length=40, pattern=r"^[^\x00]*$", description="Part of the name")
]


def _answers(found: list[Registered], election: Election, request: Request) -> dict[str, Any]:
    language = language_of(request)
    outcomes = [one.state for one in found]
    return {
        "registered": outcomes.count("registered"),
        "refused": outcomes.count("refused"),
        "registered_before": outcomes.count("registered_before"),
        "electors": [
            RegistrationView(
                name=mask_name(one.name),
                outcome=one.state,
                elector_id=one.elector_id,
                reasons=[ProblemError.of(issue, language) for issue in one.reasons],
            )
            for one in found
        ],
        "rules": [RuleView.of(rule) for rule in Ruling(election.rules).applied(*_APPLIED)],
    }


@router.get("/{id}/roll", operation_id="elections_roll", dependencies=_PUBLIC)
async def roll(id: UUID, session: PublicReading) -> RollView:
    """The published roll as anyone may see it: how many, and its hash. 选民名单概况。"""
    row = await repository.election_row(session, id)
    return RollView(
        published_on=row.roll_published_on,
        frozen_on=row.roll_frozen_on,
        electors=row.electors,
        voters=row.voters,
        roll_sha256=row.roll_sha256,
    )


@router.get("/{id}/roll/notice", operation_id="elections_roll_notice")
async def notice(
    id: UUID, session: Reading, page: Paging, reach: Notices, q: _Search = None
) -> Page[NoticeLine]:
    """The names on the published roll, as it is posted in the community (组织法 17), by name.
    Numbers are not shown with names. 公布的选民名单。"""
    row = await repository.election_row(session, id, reach)
    query = select(Elector.id, Elector.name, Elector.unit, Elector.votes).where(
        Elector.election_id == id, repository.REGISTERED
    )
    if row.roll_published_on is None:
        raise Conflict(
            code="roll_not_published",
            detail=Text(zh="选民名单尚未公布。", en="The roll is not published yet."),
        )
    if q:
        query = query.where(Elector.name.contains(q, autoescape=True))
    rows = (await session.execute(page.apply(query, Elector.name, Elector.id))).all()
    return page.page(
        rows,
        lambda one: (one.name, one.id),
        lambda one: NoticeLine.model_validate(one, from_attributes=True),
    )


@router.get("/{id}/roll/electors", operation_id="elections_electors")
async def electors(
    id: UUID,
    session: Reading,
    page: Paging,
    reach: ReadRoll,
    state: Annotated[str | None, Query(pattern="^(registered|refused|removed)$")] = None,
    household: Annotated[str | None, Query(max_length=40, pattern=r"^[^\x00]*$")] = None,
    number: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
    q: _Search = None,
) -> Page[ElectorView]:
    """The register as the election committee keeps it, by name. 选民登记册。"""
    await repository.election_row(session, id, reach)
    columns = [getattr(Elector, name) for name in ElectorView.model_fields]
    query = select(*columns).where(Elector.election_id == id)
    for column, value in (
        (Elector.state, state),
        (Elector.household, household),
        (Elector.number, number),
    ):
        if value is not None:
            query = query.where(column == value)
    if q:
        query = query.where(Elector.name.contains(q, autoescape=True))
    rows = (await session.execute(page.apply(query, Elector.name, Elector.id))).all()
    return page.page(
        rows,
        lambda one: (one.name, one.id),
        lambda one: ElectorView.model_validate(one, from_attributes=True),
    )


@router.get("/{id}/roll/electors/{elector_id}/receipt", operation_id="elections_elector_receipt")
async def receipt(id: UUID, elector_id: UUID, session: Reading, reach: ReadRoll) -> ReceiptView:
    """What opens an elector's line of the public log, to be handed to that elector alone.
    选民凭条。"""
    row = await repository.election_row(session, id, reach)
    async with reading(session) as looking:
        election = await looking.get_one(Election, (row.district, id))
        found = await looking.get(Elector, (row.district, elector_id))
        if found is None or found.election_id != id:
            raise NotFound
        return ReceiptView(
            number=found.number,
            salt=salt_of(election, "elector", str(found.id)),
            id=found.id,
            name=found.name,
            commitment=found.commitment,
        )


@router.post("/{id}/roll", operation_id="elections_register")
async def register(
    body: RegistrationRequest, request: Request, found: Registering
) -> RegistrationsView:
    """Register who says that they take part; whom the law excludes is refused with the reasons.
    选民登记。"""
    people = [dict(one) for one in body.electors]
    made = await registering.register(found.act, found.election, body.declaration, people)
    return RegistrationsView(**_answers(made, found.election, request))


@router.post("/{id}/roll/registry", operation_id="elections_register_from_registry")
async def register_from_registry(
    body: RegistryRequest, request: Request, found: Registering
) -> RegistryView:
    """Take the registry's residents into the register, with the caller's own right to read them
    in the workstation; repeat with `after` until it is null. 从居民库登记选民。"""
    people, after = await registry.residents_of(
        request.app.state.client,
        request.app.state.settings.workstation_url,
        request.headers["authorization"],
        community_id=found.election.community_id,
        purpose=f"居民委员会选举选民登记 {found.election.id}",
        after=body.after,
    )
    made = await registering.register(found.act, found.election, body.declaration, people)
    return RegistryView(**_answers(made, found.election, request), after=after)


@router.post(
    "/{id}/roll/electors/{elector_id}/withdrawal", operation_id="elections_withdraw_elector"
)
async def withdraw(
    elector_id: UUID, body: ReasonRequest, response: Response, found: Registering
) -> ElectionView:
    """Take a registration back before the roll is published. 撤销登记。"""
    await registering.withdraw(found.act, found.election, elector_id, body.reason)
    return await found.shown(response)


@router.post("/{id}/roll/voters", operation_id="elections_name_voters")
async def name_voters(body: VotersRequest, found: Registering) -> VotersView:
    """Say who votes for which household or residents' group. 户的代表、居民代表。"""
    voters = [dict(one) for one in body.voters]
    return VotersView(named=await registering.name_voters(found.act, found.election, voters))


@router.post("/{id}/roll/publication", operation_id="elections_publish_roll")
async def publish(response: Response, found: Holding) -> ElectionView:
    """Publish the roll, twenty days before election day at the latest. 公布选民名单。"""
    await rolls.publish(found.act, found.election)
    return await found.shown(response)


@router.post("/{id}/freeze", operation_id="elections_freeze_roll")
async def freeze(response: Response, found: Holding) -> ElectionView:
    """Freeze the roll with the hash of its canonical form. 确定选民名单。"""
    await rolls.freeze(found.act, found.election)
    return await found.shown(response)


@router.post("/{id}/roll/changes", operation_id="elections_change_roll")
async def change(body: RollChangeRequest, response: Response, found: Holding) -> ElectionView:
    """Change the frozen roll in public, signed by two members. 公开变更选民名单。"""
    await rolls.change(
        found.act,
        found.election,
        reason=body.reason,
        note=body.note,
        add=[dict(one) for one in body.add],
        remove_ids=body.remove,
        signed_by=body.signed_by,
    )
    return await found.shown(response)


def _objection(row: Any, today: date) -> ObjectionView:
    made = {"overdue", "objector"}
    own = {name: getattr(row, name) for name in ObjectionView.model_fields if name not in made}
    overdue = row.decided_on is None and row.due_on < today
    return ObjectionView(**own, objector=mask_name(row.objector), overdue=overdue)


@router.get("/{id}/roll/objections", operation_id="elections_objections")
async def objections(
    id: UUID, session: Reading, request: Request, page: Paging, reach: Notices
) -> Page[ObjectionView]:
    """Objections to the roll and their published decisions, oldest first. 异议及处理结果。"""
    election = await repository.election_row(session, id, reach)
    query = select(*RollObjection.__table__.columns).where(RollObjection.election_id == id)
    rows = (await session.execute(page.apply(query, RollObjection.id))).all()
    today = today_of(election, request.app.state.clock.now())
    return page.page(rows, lambda row: (row.id,), lambda row: _objection(row, today))


@router.post("/{id}/roll/objections", operation_id="elections_object", status_code=201)
async def object_to(
    body: ObjectionRequest, found: Annotated[Held, held(access.OBJECT)]
) -> ObjectionView:
    """Object to the published roll, within five days. 对名单提出异议。"""
    made = await objecting.object_to(found.act, found.election, **dict(body))
    return _objection(made, found.act.today(found.election))


@router.post(
    "/{id}/roll/objections/{objection_id}/decision", operation_id="elections_decide_objection"
)
async def decide_objection(
    objection_id: UUID, body: ObjectionDecision, found: Holding
) -> ObjectionView:
    """Decide on an objection within three days and publish it. 处理异议。"""
    made = await objecting.decide_objection(
        found.act,
        found.election,
        objection_id,
        outcome=body.outcome,
        decision=body.decision,
        add=[dict(one) for one in body.add],
        remove_ids=body.remove,
    )
    return _objection(made, found.act.today(found.election))
