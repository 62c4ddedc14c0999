"""The last stage of a large problem: fewer moves between streets. Pure."""

from collections import Counter

from services.gateway.assessment.planning.instance import left_beside, peak_in, streets_by_day
from services.gateway.assessment.planning.search import Search

ROUNDS = 40
"""How often each visit is tried on other days."""


def gather(search: Search) -> None:
    """Move whole visits to days on which others go to the same street, and none that would go
    alone, with all else as it is; on the way also to days that are as good."""
    instance = search.instance
    highest = max(
        (peak_in(instance, c, served) for c, served in enumerate(search.assignment)), default=0
    )
    left = left_beside(instance, search.assignment)
    streets = streets_by_day(instance, search.assignment)
    visits = sorted({(c, d) for c, one in enumerate(search.assignment) for d in one.values()})
    for _round in range(ROUNDS):
        search.ask()
        search.random.shuffle(visits)
        for at, (c, d) in enumerate(visits):
            here = streets[d]
            before = _leaving(here, instance.streets[c])
            best = None
            for other in _free_days(search, left, c, d, highest):
                gain = before - _coming(streets[other], instance.streets[c])
                if gain >= 0 and (best is None or gain > best[0]):
                    best = gain, other
            if best is not None:
                _move(search, left, streets, c, d, best[1])
                visits[at] = c, best[1]


def _leaving(there: Counter[int], street: int) -> int:
    return int(there[street] == 1 and sum(there.values()) > 1 and len(+there) > 1)


def _coming(there: Counter[int], street: int) -> int:
    return int(bool(+there) and there[street] == 0)


def _free_days(search: Search, left: list[list[int]], c: int, d: int, highest: int) -> list[int]:
    """Days to which a whole visit could be moved, in an order of chance."""
    instance, served = search.instance, search.assignment[c]
    requests = [r for r, on in served.items() if on == d]
    if d in instance.announced[c]:
        return []
    days = set.intersection(*(set(instance.open_days[c][r]) for r in requests))
    visited = set(served.values())
    quarters = Counter(instance.quarters[on] for on in visited)
    loads = Counter(instance.loads[c])
    for r, on in served.items():
        loads[instance.weeks[on]] += instance.minutes[r]
    spent = sum(instance.minutes[r] for r in requests)
    loads[instance.weeks[d]] -= spent
    found = [
        other
        for other in sorted(days - visited)
        if all(left[r][other] > 0 for r in requests)
        and loads[instance.weeks[other]] + spent <= highest
        and (
            instance.quarters[other] == instance.quarters[d]
            or quarters[instance.quarters[other]] < instance.cap(c, instance.quarters[other])
        )
    ]
    search.random.shuffle(found)
    return found


def _move(
    search: Search,
    left: list[list[int]],
    streets: list[Counter[int]],
    c: int,
    d: int,
    to: int,
) -> None:
    served = search.assignment[c]
    for r in [r for r, on in served.items() if on == d]:
        served[r] = to
        left[r][d] += 1
        left[r][to] -= 1
    streets[d][search.instance.streets[c]] -= 1
    streets[to][search.instance.streets[c]] += 1
    streets[d] += Counter()
