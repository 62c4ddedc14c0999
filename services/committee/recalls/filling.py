"""What is vacant is filled for the rest of the term (组织法 24)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from services.committee.elections.public.rolls import begin_by_election
from services.committee.elections.public.words import Form
from services.committee.organisation.public import Committee, committee_facts, vacant_seats
from services.committee.recalls import repository
from services.committee.recalls.schemas import ByElectionView
from shared.auth.policy import Reach
from shared.procedures.acting import Act


async def begin(
    act: Act,
    reach: Reach,
    now: datetime,
    *,
    committee_id: UUID,
    form: Form,
    election_day: date,
    resolved_on: date,
    resolution: str,
    document: str | None,
) -> ByElectionView:
    """Begin a by-election for every vacant office of a committee, as a meeting resolved.

    Raises NotFound out of reach, Conflict where nothing is vacant or an election runs, Invalid for
    what is wrong with the resolution.
    """
    await repository.require_reach(act.session, reach, committee_id)
    seats = await vacant_seats(act.session, committee_id, act.today)
    place = select(Committee.community_id).where(Committee.id == committee_id)
    community = (await act.session.execute(place)).scalar_one()
    begun = await begin_by_election(
        act.session, act.actor, act.roles, act.rulebook, now, reach,
        {
            "community_id": community,
            "form": form,
            "seats": {position.value: number for position, number in seats.items()},
            "election_day": election_day,
            "resolved_on": resolved_on,
            "resolution": resolution,
            "document": document,
        },
    )  # fmt: skip
    facts = await committee_facts(act.session, community, act.today)
    assert facts is not None and facts.ends_on is not None
    return ByElectionView(
        election_id=begun.id,
        seats=dict(seats),
        woman_sitting=begun.woman_sitting,
        term_ends_on=facts.ends_on,
    )
