"""What is read of a committee beyond its rows."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from services.committee.organisation import repository
from services.committee.organisation.bodies import Seated, supervision_issues
from services.committee.organisation.bodies import Supervisor as Supervising
from services.committee.organisation.domain import (
    CompositionRules,
    Officer,
    Position,
    Sex,
    composition_advice,
    composition_issues,
)
from services.committee.organisation.meetings import MeetingRules
from services.committee.organisation.models import Supervisor
from shared.db.database import ReadSession
from shared.kernel.issue import Issue, RuleApplied
from shared.rulebook.errors import NoRuleInForce
from shared.rulebook.rule import RuleValue
from shared.rulebook.rulebook import Rulebook

_RULES = (
    "members_min",
    "members_max",
    "woman_required",
    "near_kin_excluded",
    "households_min",
    "households_max",
)


@dataclass(frozen=True, slots=True)
class Composition:
    """What stands against a committee, what deserves a look, and the rules that say so."""

    issues: tuple[Issue, ...] = ()
    advice: tuple[Issue, ...] = ()
    rules: tuple[RuleApplied, ...] = ()


async def composition(
    session: ReadSession,
    rulebook: Rulebook,
    district: str,
    committee_id: UUID,
    day: date,
    households: int,
) -> Composition:
    """How a committee and its supervision stand on a day, by the rules then in force; nothing
    where none was."""
    try:
        found = [rulebook.lookup(f"organisation.{name}", district, day) for name in _RULES]
    except NoRuleInForce:
        return Composition()
    least, most, woman, kin, fewest, largest = found
    rows = (
        await session.execute(repository.in_office(repository.members(committee_id), day))
    ).all()
    officers = [Officer(Position(row.position), Sex(row.sex), row.id, row.name) for row in rows]
    rules = CompositionRules(
        members_min=least.integer(),
        members_max=most.integer(),
        woman_required=woman.flag(),
        near_kin_excluded=kin.flag(),
    )
    kinships = await repository.kinships_of(session, committee_id)
    supervisors = await session.execute(
        select(Supervisor.id, Supervisor.name, Supervisor.person_id).where(
            Supervisor.committee_id == committee_id, Supervisor.left_on.is_(None)
        )
    )
    supervision = supervision_issues(
        [Supervising(row.id, row.name, row.person_id) for row in supervisors],
        [Seated(row.id, row.name, row.person_id) for row in rows],
        kinships,
    )
    usual = (households, fewest.integer(), largest.integer())
    return Composition(
        (*composition_issues(officers, rules, kinships), *supervision),
        composition_advice(officers, rules, kinships, usual),
        tuple(rule.applied for rule in found),
    )


def meeting_rules(
    rulebook: Rulebook, district: str, day: date
) -> tuple[MeetingRules, tuple[RuleApplied, ...]]:
    """The rules for a decision of a meeting on that day. Raises NoRuleInForce."""
    found: list[RuleValue] = [
        rulebook.lookup(f"organisation.{name}", district, day)
        for name in (
            "residents_meeting_quorum",
            "representatives_meeting_quorum",
            "meeting_majority",
        )
    ]
    rules = MeetingRules(*(rule.fraction() for rule in found))
    return rules, tuple(rule.applied for rule in found)
