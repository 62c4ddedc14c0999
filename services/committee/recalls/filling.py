"""What is vacant is filled for the rest of the term (组织法 24)."""

from collections import Counter
from datetime import date, datetime
from uuid import UUID

from services.committee.elections.public.rolls import begin_by_election
from services.committee.elections.public.words import Form
from services.committee.organisation.public import Committee, Position, Sex, committee_facts
from services.committee.recalls import repository
from services.committee.recalls.schemas import ByElectionView
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict
from shared.kernel.text import Text
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
    query = repository.vacancies(act.today).where(Committee.id == committee_id)
    vacant = (await act.session.execute(query)).all()
    if not vacant:
        raise Conflict(
            code="nothing_vacant",
            detail=Text(
                zh="没有缺额，不需要补选。", en="No office is vacant, so nobody is elected."
            ),
        )
    facts = await committee_facts(act.session, vacant[0].community_id, act.today)
    assert facts is not None
    seats = Counter(Position(row.position) for row in vacant)
    woman = any(seat.sex is Sex.FEMALE for seat in facts.seats)
    election = await begin_by_election(
        act.session, act.actor, act.roles, act.rulebook, now, reach,
        {
            "community_id": facts.community_id,
            "form": form,
            "seats": {position.value: number for position, number in seats.items()},
            "election_day": election_day,
            "resolved_on": resolved_on,
            "resolution": resolution,
            "document": document,
            "woman_sitting": woman,
            "term_id": facts.term_id,
        },
    )  # fmt: skip
    return ByElectionView(
        election_id=election,
        seats=dict(seats),
        woman_sitting=woman,
        term_ends_on=vacant[0].term_ends_on,
    )
