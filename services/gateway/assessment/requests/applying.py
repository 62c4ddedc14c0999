"""Write use cases of requests that are not submitted yet: draft and change."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.assessment.requests.domain import (
    EDITABLE,
    REQUEST,
    RequestState,
)
from services.gateway.assessment.requests.models import Request
from services.gateway.assessment.requests.objections import (
    LONGEST_WINDOW,
    period_backwards,
    window_too_long,
)
from services.gateway.assessment.standards.domain import StandardState
from services.gateway.assessment.standards.models import Standard
from services.gateway.identity.public import Department
from shared.audit.record import Actor, record
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text


async def draft(
    session: AsyncSession, actor: Actor, department: Department, values: Mapping[str, Any]
) -> Request:
    """Begin a request. Raises Conflict when its reference is taken, Invalid for its days and its
    standard."""
    _require_days(values["starts_on"], values["ends_on"])
    standard = await standard_for(session, values.get("standard_id"))
    made: Request | None = await session.scalar(
        insert(Request)
        .values(
            district=actor.district,
            id=new_id(),
            department_id=department.id,
            state=RequestState.DRAFT.value,
            submission=0,
            created_by=actor.id,
            version=1,
            **{**stored(values), "standard_id": standard.id},
        )
        .on_conflict_do_nothing()
        .returning(Request)
    )
    if made is None:
        raise Conflict(
            code="reference_taken",
            detail=Text(
                zh=f"本部门已有编号为 {values['reference']} 的检查申请，请换一个编号。",
                en=f"The department has a request {values['reference']} already. Choose another "
                "reference.",
            ),
        )
    await record(
        session, actor, "inspection_request.drafted", ("inspection_request", made.id),
        after={"reference": made.reference},
    )  # fmt: skip
    return made


async def standard_for(session: AsyncSession, id: UUID | None) -> Standard:
    """The standard in force that is named, or the only one there is. Raises Invalid."""
    found = (
        await session.scalars(
            select(Standard)
            .where(Standard.state == StandardState.PUBLISHED)
            .order_by(Standard.code)
        )
    ).all()
    named = [one for one in found if id is None or one.id == id]
    if len(named) == 1:
        return named[0]
    raise Invalid(issues=(_standard_unclear([one.code for one in found], id),))


async def change(
    session: AsyncSession, actor: Actor, request: Request, values: Mapping[str, Any]
) -> None:
    """Change a locked draft or returned request. Raises Conflict in any other state."""
    if request.state not in EDITABLE:
        state = REQUEST.states[request.state]
        raise Conflict(
            code="request_not_editable",
            detail=Text(
                zh=f"当前状态是“{state.zh}”，不能修改。如在审议中，可先撤回。",
                en=f"The request is “{state.en}” and cannot be changed. Withdraw it first if it "
                "is with the Leading Group.",
            ),
        )
    new = stored(values)
    if new.get("standard_id") is not None:
        new["standard_id"] = (await standard_for(session, new["standard_id"])).id
    _require_days(new.get("starts_on", request.starts_on), new.get("ends_on", request.ends_on))
    before = {name: getattr(request, name) for name in new}
    for name, value in new.items():
        setattr(request, name, value)
    request.version += 1
    await session.flush()
    await record(
        session, actor, "inspection_request.changed", ("inspection_request", request.id),
        before=_plain(before), after=_plain(new),
    )  # fmt: skip


def stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """A request's values as columns; items and targets are shapes of the API."""
    columns = {
        name: value.value if hasattr(value, "value") else value for name, value in values.items()
    }
    if "items" in columns:
        columns["asked"] = columns.pop("items")
    if "targets" in columns:
        columns["targets"] = {
            name: [str(one) for one in given] for name, given in columns["targets"].items()
        }
    return columns


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, (date, UUID)) else value
        for name, value in values.items()
    }


def _require_days(starts_on: date, ends_on: date) -> None:
    if ends_on <= starts_on:
        raise Invalid(issues=(period_backwards(),))
    if ends_on - starts_on > LONGEST_WINDOW:
        raise Invalid(issues=(window_too_long(),))


def _standard_unclear(codes: list[str], id: UUID | None) -> Issue:
    if not codes:
        detail = Text(zh="本区尚未发布统一标准。", en="The district has no standard in force.")
        remedy = Text(
            zh="请联系区社区建设工作领导小组办公室发布统一标准。",
            en="Ask the Leading Group's office to publish one.",
        )
    elif id is None:
        detail = Text(
            zh=f"现行统一标准不止一个：{'、'.join(codes)}。",
            en=f"Several standards are in force: {', '.join(codes)}.",
        )
        remedy = Text(zh="请在 standard_id 中指明。", en="Name one in standard_id.")
    else:
        detail = Text(zh="该统一标准不是现行版本。", en="That standard is not in force.")
        remedy = Text(
            zh="请从 /v1/assessment/standards?state=published 中选择。",
            en="Choose one of /v1/assessment/standards?state=published.",
        )
    return Issue(code="standard_unclear", pointer="/standard_id", detail=detail, remedy=remedy)
