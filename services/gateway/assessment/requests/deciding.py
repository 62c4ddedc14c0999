"""The Leading Group's decisions on requests. One request has one decision, and two requests that
would break a limit together are not both approved."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.assessment.requests import repository
from services.gateway.assessment.requests.domain import REQUEST, RequestState
from services.gateway.assessment.requests.models import Request
from services.gateway.assessment.requests.objections import comprehensive_limit
from services.gateway.assessment.requests.submitting import Roles
from services.gateway.assessment.standards.models import Standard
from services.gateway.identity.public import Department
from services.gateway.webhooks.public import REQUEST_DECIDED, publish
from shared.audit.record import Actor
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.taking import take
from shared.rulebook.rulebook import Rulebook


async def decide(
    session: AsyncSession,
    actor: Actor,
    request: Request,
    *,
    outcome: str,
    document: str | None,
    reason: str | None,
    by: Roles,
    rulebook: Rulebook,
    today: date,
) -> None:
    """Take the Leading Group's decision on a locked request; `outcome` is the action's name.

    Raises Invalid without a document for an approval, Conflict when its window has begun or what
    was approved meanwhile forbids it.
    """
    step = REQUEST.step(request.state, outcome, by=by, reason=reason)
    if step.next == RequestState.APPROVED:
        if document is None:
            raise Invalid(issues=(_document_missing(),))
        await _require_possible(session, request, rulebook, today)
    request.document, request.decided_on = document, today
    await take(
        session, actor, REQUEST, request, outcome,
        by=by, rulebook=rulebook, today=today, reason=reason, told={"document": document},
    )  # fmt: skip
    await tell(session, request, reason, today)


async def lock_limits(session: AsyncSession, request: Request) -> None:
    """Approvals that could break a limit together wait for each other: those of a department, and
    those that ask communities for material under a standard."""
    for row in (
        select(Department.id).where(Department.id == request.department_id),
        select(Standard.id).where(Standard.id == request.standard_id),
    ):
        await session.execute(row.with_for_update())


async def _require_possible(
    session: AsyncSession, request: Request, rulebook: Rulebook, today: date
) -> None:
    rule = rulebook.lookup("inspection.approval_before_start", request.district, today)
    if rule.flag() and request.starts_on <= today:
        raise Conflict(
            code="window_begun",
            detail=Text(
                zh=f"检查时段已于 {request.starts_on} 开始；检查须事先批准。请退回部门改期。",
                en=f"Its window began on {request.starts_on}, and inspections are approved before "
                "they start. Return it, so that the department moves it.",
            ),
            rules=(rule.applied,),
        )
    await lock_limits(session, request)
    limit = rulebook.lookup(
        "inspection.comprehensive_per_department_per_year_max", request.district, today
    )
    if request.comprehensive:
        others = await repository.comprehensive_references(
            session, request, (RequestState.APPROVED,)
        )
        if len(others) >= limit.integer():
            issue = comprehensive_limit(limit, request.starts_on.year, others)
            raise Conflict(code=issue.code, detail=issue.detail, issues=(issue,))
    most = rulebook.lookup("inspection.same_material_reported_max", request.district, today)
    asked = await repository.pairs_of(session, request)
    found = await repository.earlier(session, request, {origin for origin, _ in asked})
    twice = [pair for pair in asked if pair in found.asked]
    if twice:
        once = rulebook.lookup("inspection.shared_results", request.district, today)
        raise Conflict(
            code="already_approved",
            detail=Text(
                zh=f"提交之后，本部门同一时段的另一申请已获准检查其中 {len(twice)} 项"
                "（社区 × 项目）。请退回部门重新提交，由系统重新审查。",
                en=f"Since it was submitted, another request of the department was approved for "
                f"{len(twice)} of its (item, community) pairs in an overlapping window. Return it, "
                "so that it is screened anew.",
            ),
            rules=(once.applied,),
        )
    spent = [
        pair
        for pair, material in asked.items()
        if material and found.reported.get(pair, 0) >= most.integer()
    ]
    if spent:
        raise Conflict(
            code="already_reported",
            detail=Text(
                zh=f"提交之后又有申请获准，其中 {len(spent)} 项（社区 × 项目）材料已要求报送过。"
                "请退回部门重新提交，由系统重新审查。",
                en=f"Since it was submitted, material for {len(spent)} of its (item, community) "
                "pairs was approved for another request. Return it, so that it is screened anew.",
            ),
            rules=(most.applied,),
        )


async def withdraw(
    session: AsyncSession,
    actor: Actor,
    request: Request,
    *,
    reason: str | None,
    by: Roles,
    rulebook: Rulebook,
    today: date,
) -> None:
    """Withdraw a locked request: before its decision it is a draft again, an approved one or a
    draft is given up for good."""
    await take(
        session, actor, REQUEST, request, "withdrawal",
        by=by, rulebook=rulebook, today=today, reason=reason,
    )  # fmt: skip
    if request.state == RequestState.WITHDRAWN and request.submission:
        await tell(session, request, reason, today)


async def tell(session: AsyncSession, request: Request, reason: str | None, today: date) -> None:
    """Tell the department's systems what became of its request."""
    screening = request.screening or {}
    told = {
        "request_id": str(request.id),
        "reference": request.reference,
        "state": request.state,
        "reason": reason,
        "document": request.document,
        "decided_on": today.isoformat(),
        "communities": screening.get("communities", 0),
        "communities_to_visit": screening.get("communities_to_visit", 0),
        "verdicts": screening.get("verdicts", {}),
    }
    await publish(
        session, request.district, type=REQUEST_DECIDED,
        subject=f"inspection_request/{request.id}", data=told,
        departments=[request.department_id],
    )  # fmt: skip


def _document_missing() -> Issue:
    return Issue(
        code="document_missing",
        pointer="/document",
        detail=Text(
            zh="批准须有领导小组文件。", en="An approval needs the Leading Group's document."
        ),
        remedy=Text(zh="请填写文号。", en="Give its number."),
    )
