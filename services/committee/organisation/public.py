"""What the other capabilities of this service may ask of organisation."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.committee.organisation.body_schemas import MeetingShape
from services.committee.organisation.domain import Leaving, Position, Sex
from services.committee.organisation.imports import community_ids
from services.committee.organisation.meetings import (
    MeetingDecision,
    MeetingKind,
    MeetingRules,
    decision_issues,
    minutes,
)
from services.committee.organisation.models import (
    Committee,
    Community,
    Member,
    Representative,
    ResidentGroup,
    Term,
)
from services.committee.organisation.offices import (
    NewMember,
    begin_term,
    end_membership,
    fill_vacancies,
)
from services.committee.organisation.queries import meeting_rules
from services.committee.organisation.repository import (
    Session,
    committees,
    in_office,
    latest_start,
    members,
    within,
)
from services.committee.organisation.vacancies import offices, vacancies, vacant_seats

__all__ = [
    "Committee",
    "CommitteeFacts",
    "Community",
    "Leaving",
    "MeetingDecision",
    "MeetingKind",
    "MeetingRules",
    "MeetingShape",
    "Member",
    "NewMember",
    "Position",
    "Representative",
    "ResidentGroup",
    "Seat",
    "Session",
    "Sex",
    "Term",
    "begin_term",
    "committee_facts",
    "community_ids",
    "decision_issues",
    "end_membership",
    "fill_vacancies",
    "latest_start",
    "meeting_rules",
    "minutes",
    "offices",
    "vacancies",
    "vacant_seats",
    "within",
]


@dataclass(frozen=True, slots=True)
class Seat:
    """A member in office; `person` is the registry's resident, where known."""

    id: UUID
    name: str
    sex: Sex
    position: Position
    person: UUID | None


@dataclass(frozen=True, slots=True)
class CommitteeFacts:
    """A community's committee on a day: the term that runs (None: none does) and who sits."""

    id: UUID
    name: str
    community_id: UUID
    term_id: UUID | None
    term_number: int | None
    ends_on: date | None
    seats: tuple[Seat, ...]


async def committee_facts(session: Session, community_id: UUID, day: date) -> CommitteeFacts | None:
    """The committee of a community on a day; None where there is none."""
    rows = await session.execute(committees(day, community_id=community_id))
    found = rows.one_or_none()
    if found is None:
        return None
    seated = await session.execute(
        in_office(members(found.id), day).order_by(Term.number, Member.number)
    )
    return CommitteeFacts(
        id=found.id,
        name=found.name,
        community_id=found.community_id,
        term_id=found.term_id,
        term_number=found.term_number,
        ends_on=found.ends_on,
        seats=tuple(
            Seat(row.id, row.name, Sex(row.sex), Position(row.position), row.person_id)
            for row in seated
        ),
    )
