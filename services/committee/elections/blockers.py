"""What is missing for an election's next step, and how to mend it. Pure.

The steps themselves ask this, so what it does not name cannot be refused for.
"""

from collections.abc import Callable, Mapping

from services.committee.elections.blocking import candidates, count, roll
from services.committee.elections.blocking.facts import Facts
from services.committee.elections.procedure import State
from shared.kernel.issue import Issue


def blockers(facts: Facts) -> tuple[Issue, ...]:
    """Everything that stands in the way of the next step; nothing when it may be taken."""
    check = _CHECKS.get(facts.state)
    return tuple(check(facts)) if check else ()


_CHECKS: Mapping[State, Callable[[Facts], list[Issue]]] = {
    State.RESOLVED: roll.before_registration,
    State.REGISTERING: roll.before_publication,
    State.ROLL_PUBLISHED: roll.before_freeze,
    State.ROLL_FROZEN: candidates.before_candidacy,
    State.CANDIDATES_PUBLISHED: candidates.before_opening,
    State.VOTING: count.before_closing,
    State.COUNTING: count.before_result,
    State.UNDECIDED: count.before_answer,
    State.SECOND_BALLOT_DUE: count.before_second_ballot,
    State.ELECTED: count.before_accession,
}
