"""Premises judged by the standard."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from services.workstation.facilities import repository
from services.workstation.facilities.domain import compliance
from services.workstation.facilities.schemas import ComplianceView, PremisesView
from services.workstation.registry.public import Community
from shared.db.database import ReadSession
from shared.rulebook.rulebook import Rulebook
from shared.web.problem import RuleView


def _m2(area: int) -> Decimal:
    return Decimal(area).scaleb(-2)


async def premises_compliance(
    session: ReadSession,
    rulebook: Rulebook,
    district: str,
    day: date,
    *,
    street_id: UUID | None,
    below_only: bool,
) -> ComplianceView:
    """Every community of the day by code. Raises NoRuleInForce when no standard held then."""
    rule = rulebook.lookup("facilities.premises_min_m2", district, day)
    query = repository.premises(day, street_id=street_id).order_by(Community.code)
    views = []
    for row in await session.execute(query):
        found = compliance(row.area, rule.integer())
        views.append(
            PremisesView(
                community_id=row.community_id,
                community_name=row.community_name,
                street_id=row.street_id,
                street_name=row.street_name,
                area_m2=None if row.area is None else _m2(row.area),
                meets_standard=found.meets,
                missing_m2=_m2(found.missing),
            )
        )
    below = [view for view in views if not view.meets_standard]
    return ComplianceView(
        on=day,
        communities=len(views),
        below_standard=len(below),
        items=below if below_only else views,
        rules=[RuleView.of(rule.applied)],
    )
