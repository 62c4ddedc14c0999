"""Write use cases of reports of off-catalogue demands. No department may read any of it."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.gateway.admission.domain import REPORT, ReportState
from services.gateway.admission.models import Community, OffCatalogueReport
from services.gateway.identity.public import Department
from shared.audit.record import Actor, record
from shared.auth.policy import Place, Reach
from shared.auth.principal import Role
from shared.kernel.errors import Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.taking import take
from shared.rulebook.calendar import limit_day
from shared.rulebook.rulebook import Rulebook

LIMIT = "admission.report_working_days"


async def report(
    session: AsyncSession,
    actor: Actor,
    reach: Reach,
    *,
    community_id: UUID,
    department_id: UUID,
    demand: str,
    channel: str,
    demanded_on: date,
    rulebook: Rulebook,
    today: date,
) -> OffCatalogueReport:
    """Report a demand to the Leading Group. Raises NotFound for a community out of reach or an
    unknown department, Invalid for a day to come."""
    community = await session.get(Community, (actor.district, community_id))
    if community is None:
        raise NotFound
    reach.require(Place(street=community.street_id, community=community.id))
    if await session.get(Department, (actor.district, department_id)) is None:
        raise NotFound
    if demanded_on > today:
        raise Invalid(issues=(_in_future(),))
    days = rulebook.lookup(LIMIT, actor.district, today).integer()
    made = OffCatalogueReport(
        district=actor.district,
        id=new_id(),
        community_id=community_id,
        department_id=department_id,
        demand=demand,
        channel=channel,
        demanded_on=demanded_on,
        state=ReportState.REPORTED.value,
        due_on=limit_day(rulebook, actor.district, today, days),
        reported_by=actor.id,
    )
    session.add(made)
    await session.flush()
    await record(
        session,
        actor,
        "off_catalogue_report.made",
        ("off_catalogue_report", made.id),
        after={"community_id": str(community_id), "department_id": str(department_id)},
    )
    return made


async def decide(
    session: AsyncSession,
    actor: Actor,
    id: UUID,
    *,
    outcome: str,
    reply: str,
    by: Collection[Role],
    rulebook: Rulebook,
    today: date,
) -> OffCatalogueReport:
    """Uphold or dismiss a report; the reply is for the community. Raises NotFound, Conflict."""
    found = await session.scalar(
        select(OffCatalogueReport).where(OffCatalogueReport.id == id).with_for_update()
    )
    if found is None:
        raise NotFound
    found.reply = reply
    await take(
        session, actor, REPORT, found, outcome,
        by=by, rulebook=rulebook, today=today, reason=reply,
    )  # fmt: skip
    return found


def _in_future() -> Issue:
    return Issue(
        code="in_future",
        pointer="/demanded_on",
        detail=Text(zh="日期晚于今天。", en="The day lies in the future."),
        remedy=Text(zh="请填写实际提出要求的日期。", en="Give the day on which it was demanded."),
    )
