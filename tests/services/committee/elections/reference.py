"""A second, deliberately simple way to decide a round, to test the first one against.

It knows nothing of thresholds in integers, of sorting or of boundaries: it lists every set of
winners that the law admits. One set: they are elected. Several: the votes do not decide.
"""

from fractions import Fraction
from itertools import combinations

from services.committee.elections.domain import Contest, Form, Nature, Office
from services.committee.elections.round import DecidingRules, Round

Winners = frozenset[str]


def void(counted: Round) -> set[str]:
    """Why the round counts for nothing."""
    reasons = set()
    if counted.participants > counted.marked:
        reasons.add("ballots_exceed_voters")
    if counted.nature is Nature.FIRST:
        two_thirds = counted.form is Form.RESIDENT_REPRESENTATIVES
        needed = Fraction(2, 3) if two_thirds else Fraction(1, 2)
        if not counted.entitled or Fraction(counted.participants, counted.entitled) <= needed:
            reasons.add("turnout")
    return reasons


def passes(counted: Round, votes: int) -> bool:
    """Whether votes are enough to be elected at all."""
    if votes == 0 or counted.participants == 0:
        return False
    share = Fraction(votes, counted.participants)
    return share > Fraction(1, 2) if counted.nature is Nature.FIRST else share >= Fraction(1, 3)


def sets_of(people: dict[str, int], size: int) -> list[Winners]:
    """Every set of that size."""
    return [frozenset(group) for group in combinations(sorted(people), size)]


def best(votes: dict[str, int], size: int) -> frozenset[Winners]:
    """Every set of that size (or of all) of which nobody outside has more votes."""
    return frozenset(
        group
        for group in sets_of(votes, min(size, len(votes)))
        if all(votes[one] >= votes[other] for one in group for other in set(votes) - group)
    )


def admitted(
    counted: Round, rules: DecidingRules, contest: Contest, but: Winners
) -> frozenset[Winners]:
    """Every set of winners that the law admits in a contest."""
    women = set(counted.women)
    votes = {
        person: count
        for person, count in counted.votes[contest.name].items()
        if passes(counted, count)
        and person not in but
        and (person in women or not contest.women_only)
    }
    seats = contest.seats
    woman_due = (
        rules.woman == "first_woman"
        and counted.nature is Nature.FIRST
        and contest == counted.contests[-1]
        and contest.office is Office.MEMBER
        and not [one for one in counted.contests if one.women_only]
        and not counted.woman_elected
        and not women & but
    )
    reserved: frozenset[Winners] = frozenset({frozenset()})
    if woman_due and len(votes) >= seats:
        if not women & set(votes):
            seats -= 1
        elif len(votes) > seats:
            certain = frozenset.intersection(*best(votes, seats))
            if not certain & women:
                reserved = best({one: n for one, n in votes.items() if one in women}, 1)
    found = set()
    for woman in reserved:
        others = {person: count for person, count in votes.items() if person not in woman}
        left = seats - len(woman)
        asked = rules.over_election == "ask" and counted.nature is Nature.FIRST
        if asked and len(others) > left:
            found |= {woman | group for group in sets_of(others, left)}
        else:
            found |= {woman | group for group in best(others, left)}
    return frozenset(found)
