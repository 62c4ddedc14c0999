"""A problem in numbers: days, communities and requests by their place, and what is left of each
limit once the visits that stay as they are have been counted. Pure."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.gateway.assessment.planning.problem import Problem, Quarter, Week, quarter_of, week_of

Served = dict[int, int]
"""Of one community: request -> day on which it is served; one left out is not served."""
Assignment = list[Served]
"""`Served` of each community."""


@dataclass(frozen=True, slots=True)
class Instance:
    """Everything by index: `needs[c]` are the requests that community c still needs and
    `open_days[c][r]` the days on which one of them may be put. On the days
    `taken[c]` another visit stands that stays. `caps[c]`, `loads[c]` and `capacity[r][d]` count the visits that stay as they are, `announced[c]` are those that are
    better kept, `streets_taken[d]` the streets that the fixed ones lead to."""

    problem: Problem
    weeks: Sequence[Week]
    quarters: Sequence[Quarter]
    streets: Sequence[int]
    minutes: Sequence[int]
    needs: Sequence[tuple[int, ...]]
    taken: Sequence[frozenset[int]]
    open_days: Sequence[dict[int, tuple[int, ...]]]
    caps: Sequence[dict[Quarter, int]]
    loads: Sequence[Counter[Week]]
    capacity: Sequence[Sequence[int]]
    announced: Sequence[dict[int, frozenset[int]]]
    streets_taken: Sequence[frozenset[int]]

    def cap(self, community: int, quarter: Quarter) -> int:
        """How many more visits the community may have in the quarter."""
        return self.caps[community].get(quarter, len(self.weeks))


def instance_of(problem: Problem) -> Instance:
    """The problem in numbers."""
    place = {one.id: at for at, one in enumerate(problem.communities)}
    number = {one.id: at for at, one in enumerate(problem.requests)}
    day_at = {day: at for at, day in enumerate(problem.days)}
    minutes = [one.minutes for one in problem.requests]
    streets = sorted({one.street for one in problem.communities})

    caps = [dict(problem.caps) for _ in problem.communities]
    loads: list[Counter[Week]] = [Counter() for _ in problem.communities]
    taken = [
        {day_at[day] for id, day in problem.closed if id == one.id and day in day_at}
        for one in problem.communities
    ]
    done: list[set[int]] = [set() for _ in problem.communities]
    capacity = [[one.visits_a_day] * len(problem.days) for one in problem.requests]
    streets_taken: list[set[int]] = [set() for _ in problem.days]
    fixed = [
        (
            visit.community,
            visit.day,
            sum(minutes[number[id]] for id in visit.requests & number.keys()),
        )
        for visit in problem.fixed
    ]
    for community, day, spent in (
        *fixed,
        *((one.community, one.day, one.minutes) for one in problem.elsewhere),
    ):
        c, quarter = place[community], quarter_of(day)
        loads[c][week_of(day)] += spent
        if quarter in caps[c]:
            caps[c][quarter] = max(0, caps[c][quarter] - 1)
        if day in day_at:
            taken[c].add(day_at[day])
    for visit in problem.fixed:
        c = place[visit.community]
        for id in visit.requests & number.keys():
            done[c].add(number[id])
            if visit.day in day_at:
                capacity[number[id]][day_at[visit.day]] -= 1
        if visit.day in day_at:
            street = streets.index(problem.communities[c].street)
            streets_taken[day_at[visit.day]].add(street)

    windows, wanted = _windows(problem), _wanted(problem, place)
    needs = [tuple(sorted(wanted[c] - done[c])) for c in range(len(place))]
    open_days = []
    for c, needed in enumerate(needs):
        shut = taken[c] | {
            d for d, day in enumerate(problem.days) if caps[c].get(quarter_of(day)) == 0
        }
        open_days.append(
            {
                r: tuple(d for d in windows[r] if d not in shut and capacity[r][d] > 0)
                if minutes[r] <= problem.minutes_a_visit
                else ()
                for r in needed
            }
        )
    announced: list[dict[int, frozenset[int]]] = [{} for _ in problem.communities]
    for visit in problem.announced:
        c = place[visit.community]
        kept = frozenset(number[id] for id in visit.requests & number.keys()) & set(needs[c])
        if kept and visit.day in day_at:
            announced[c][day_at[visit.day]] = kept
    return Instance(
        problem,
        [week_of(day) for day in problem.days],
        [quarter_of(day) for day in problem.days],
        [streets.index(one.street) for one in problem.communities],
        minutes,
        needs,
        [frozenset(one) for one in taken],
        open_days,
        caps,
        loads,
        capacity,
        announced,
        [frozenset(one) for one in streets_taken],
    )


def _windows(problem: Problem) -> list[range]:
    """Of each request, the days on which visits for it may be put."""
    return [
        range(
            bisect_left(problem.days, max(one.first_day, problem.opens)),
            bisect_right(problem.days, one.last_day),
        )
        for one in problem.requests
    ]


def _wanted(problem: Problem, place: Mapping[UUID, int]) -> list[set[int]]:
    """Of each community, the requests that need it."""
    wanted: list[set[int]] = [set() for _ in problem.communities]
    for r, request in enumerate(problem.requests):
        for id in request.communities:
            wanted[place[id]].add(r)
    return wanted


def left_beside(
    instance: Instance, assignment: Assignment, but: Collection[int] = ()
) -> list[list[int]]:
    """How many more visits each request's inspectors can make on each day, beside those to all
    communities but some."""
    left = [list(row) for row in instance.capacity]
    for c, served in enumerate(assignment):
        if c not in but:
            for r, d in served.items():
                left[r][d] -= 1
    return left


def cost_of(instance: Instance, community: int, served: Served) -> tuple[int, int, int]:
    """Unserved, disturbed and visits of one community."""
    return (
        len(instance.needs[community]) - len(served),
        disturbed_in(instance, community, served),
        len(set(served.values())),
    )


def disturbed_in(instance: Instance, community: int, served: Served) -> int:
    """How many of the community's announced visits lose a request that is still needed."""
    return sum(
        any(served.get(r) != d for r in requests)
        for d, requests in instance.announced[community].items()
    )


def peak_in(instance: Instance, community: int, served: Served) -> int:
    """Minutes on site in the community's heaviest week."""
    loads = Counter(instance.loads[community])
    for r, d in served.items():
        loads[instance.weeks[d]] += instance.minutes[r]
    return max(loads.values(), default=0)


def streets_by_day(instance: Instance, assignment: Assignment) -> list[Counter[int]]:
    """Of each day, how many visits each street has; streets of fixed visits count as visited."""
    found = [Counter(dict.fromkeys(taken, 1)) for taken in instance.streets_taken]
    for c, served in enumerate(assignment):
        for d in set(served.values()):
            found[d][instance.streets[c]] += 1
    return found


def score(instance: Instance, assignment: Assignment) -> tuple[int, int, int, int, int]:
    """Unserved, disturbed, visits, peak and moves, to be minimised in this order."""
    return (
        sum(len(instance.needs[c]) - len(served) for c, served in enumerate(assignment)),
        sum(disturbed_in(instance, c, served) for c, served in enumerate(assignment)),
        len(instance.problem.fixed) + sum(len(set(served.values())) for served in assignment),
        max((peak_in(instance, c, served) for c, served in enumerate(assignment)), default=0),
        sum(max(0, len(streets) - 1) for streets in streets_by_day(instance, assignment)),
    )
