"""What is read of a committee beyond its rows."""

from datetime import date
from uuid import UUID

from services.committee.organisation import repository
from services.committee.organisation.domain import (
    CompositionRules,
    Officer,
    Position,
    Sex,
    composition_issues,
)
from shared.db.database import ReadSession
from shared.kernel.issue import Decision, Issue
from shared.rulebook.errors import NoRuleInForce
from shared.rulebook.rulebook import Rulebook


async def composition(
    session: ReadSession, rulebook: Rulebook, district: str, committee_id: UUID, day: date
) -> Decision[tuple[Issue, ...]]:
    """What the committee lacks on a day, by the rules then in force; nothing where none was."""
    try:
        found = [
            rulebook.lookup(f"organisation.{name}", district, day)
            for name in ("members_min", "members_max", "woman_required")
        ]
    except NoRuleInForce:
        return Decision(())
    least, most, woman = found
    rows = await session.execute(repository.in_office(repository.members(committee_id), day))
    officers = [Officer(Position(row.position), Sex(row.sex)) for row in rows]
    rules = CompositionRules(
        members_min=least.integer(), members_max=most.integer(), woman_required=woman.flag()
    )
    return Decision(composition_issues(officers, rules), tuple(rule.applied for rule in found))
