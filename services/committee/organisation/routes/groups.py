"""Residents' groups and representatives: read by anyone, recorded by the committee."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.committee.organisation import access, ending, grouping, repository
from services.committee.organisation.bodies import representation_advice
from services.committee.organisation.body_schemas import (
    EndingRequest,
    GroupChange,
    GroupDetail,
    GroupRequest,
    GroupView,
    LeaderRequest,
    LeavingRequest,
    RepresentativeRequest,
    RepresentativeView,
)
from services.committee.organisation.models import Committee, Representative, ResidentGroup
from shared.auth.policy import Reach
from shared.db.reading import the_row
from shared.procedures.acting import Act, Acting
from shared.rulebook.errors import NoRuleInForce
from shared.rulebook.rulebook import Rulebook
from shared.web.authentication import PublicReading, open_to_all, permits
from shared.web.days import Day
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.preconditions import ExpectedVersion, etag, require_version
from shared.web.problem import ProblemError, RuleView
from shared.web.unit_of_work import UnitOfWorkRoute

router = APIRouter(prefix="/v1/committee", tags=["organisation"], route_class=UnitOfWorkRoute)
Record = Annotated[Reach, permits(access.RECORD)]
_PUBLIC = [open_to_all(access.READ)]


@router.get("/groups", operation_id="organisation_groups", dependencies=_PUBLIC)
async def groups(
    session: PublicReading,
    page: Paging,
    community_id: UUID | None = None,
    committee_id: UUID | None = None,
    ended: bool = False,
) -> Page[GroupView]:
    """Residents' groups; those that are no more only with `ended`. 居民小组。"""
    query = repository.groups()
    if community_id is not None:
        query = query.where(Committee.community_id == community_id)
    if committee_id is not None:
        query = query.where(ResidentGroup.committee_id == committee_id)
    if not ended:
        query = query.where(ResidentGroup.ended_on.is_(None))
    rows = (await session.execute(page.apply(query, ResidentGroup.id))).all()
    return page.page(rows, lambda row: (row.id,), GroupView.model_validate)


@router.get("/groups/{id}", operation_id="organisation_group", dependencies=_PUBLIC)
async def group(
    id: UUID, session: PublicReading, request: Request, response: Response, day: Day
) -> GroupDetail:
    """One group, and what deserves a look in its representation (组织法 13). 居民小组详情。"""
    row = await the_row(session, repository.groups().where(ResidentGroup.id == id))
    response.headers["ETag"] = etag(row.version)
    rulebook = await request.app.state.rules.of(session, row.district)
    shown = GroupView.model_validate(row).model_dump()
    return GroupDetail(**shown, **_advice(row, rulebook, day, request))


def _advice(row: Any, rulebook: Rulebook, day: Any, request: Request) -> dict[str, Any]:
    try:
        least, most = (
            rulebook.lookup(f"organisation.households_per_representative_{end}", row.district, day)
            for end in ("min", "max")
        )
    except NoRuleInForce:
        return {"advice": [], "rules": []}
    found = representation_advice(
        row.households,
        row.representative_count,
        row.leader_count,
        least.integer(),
        most.integer(),
    )
    language = language_of(request)
    return {
        "advice": [ProblemError.of(issue, language) for issue in found],
        "rules": [RuleView.of(rule.applied) for rule in (least, most)],
    }


async def _shown(act: Act, id: UUID, response: Response) -> GroupView:
    row = (await act.session.execute(repository.groups().where(ResidentGroup.id == id))).one()
    response.headers["ETag"] = etag(row.version)
    return GroupView.model_validate(row)


@router.post("/groups", operation_id="organisation_form_group", status_code=201)
async def form(body: GroupRequest, act: Acting, response: Response, reach: Record) -> GroupView:
    """Form a residents' group. 设立居民小组。"""
    values = body.model_dump(exclude={"committee_id"})
    made = await grouping.form_group(act, reach, body.committee_id, values)
    return await _shown(act, made.id, response)


@router.patch("/groups/{id}", operation_id="organisation_change_group")
async def change(
    id: UUID,
    body: GroupChange,
    act: Acting,
    expected: ExpectedVersion,
    response: Response,
    reach: Record,
) -> GroupView:
    """Rename a group or correct its households. 变更居民小组。"""
    found = await ending.locked(act, reach, ResidentGroup, id)
    require_version(found.version, expected)
    await grouping.change_group(act, found, body.model_dump(exclude_none=True))
    return await _shown(act, id, response)


@router.post("/groups/{id}/ending", operation_id="organisation_end_group")
async def end(
    id: UUID, body: EndingRequest, act: Acting, response: Response, reach: Record
) -> GroupView:
    """A group is no more, nor are its representatives. 撤销居民小组。"""
    await ending.end_body(act, await ending.locked(act, reach, ResidentGroup, id), body.on)
    return await _shown(act, id, response)


@router.post("/groups/{id}/leader", operation_id="organisation_choose_leader")
async def leader(
    id: UUID, body: LeaderRequest, act: Acting, response: Response, reach: Record
) -> GroupView:
    """Who leads the group from now on. 推选居民小组组长。"""
    await grouping.choose_leader(act, reach, id, body.representative_id)
    return await _shown(act, id, response)


@router.get("/representatives", operation_id="organisation_representatives", dependencies=_PUBLIC)
async def representatives(
    session: PublicReading,
    page: Paging,
    community_id: UUID | None = None,
    group_id: UUID | None = None,
    term_number: int | None = None,
    left: bool = False,
) -> Page[RepresentativeView]:
    """Residents' representatives; those who left only with `left`. 居民代表。"""
    query = repository.representatives()
    for column, value in (
        (Committee.community_id, community_id),
        (Representative.group_id, group_id),
        (Representative.term_number, term_number),
    ):
        if value is not None:
            query = query.where(column == value)
    if not left:
        query = query.where(Representative.left_on.is_(None))
    rows = (await session.execute(page.apply(query, Representative.id))).all()
    return page.page(rows, lambda row: (row.id,), RepresentativeView.model_validate)


async def _representative(act: Act, id: UUID) -> RepresentativeView:
    query = repository.representatives().where(Representative.id == id)
    return RepresentativeView.model_validate((await act.session.execute(query)).one())


@router.post(
    "/groups/{id}/representatives",
    operation_id="organisation_choose_representative",
    status_code=201,
)
async def choose(
    id: UUID, body: RepresentativeRequest, act: Acting, reach: Record
) -> RepresentativeView:
    """Record whom a group chose to represent it (组织法 13). 推选居民代表。"""
    made = await grouping.choose_representative(act, reach, id, body.model_dump())
    return await _representative(act, made.id)


@router.post("/representatives/{id}/ending", operation_id="organisation_end_representative")
async def end_representative(
    id: UUID, body: LeavingRequest, act: Acting, reach: Record
) -> RepresentativeView:
    """Somebody no longer represents their group. 居民代表离任。"""
    found = await ending.sitting(act, reach, Representative, id)
    await ending.leave(act, found, body.on, body.because)
    return await _representative(act, id)
