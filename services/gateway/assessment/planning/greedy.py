"""A first plan in a fraction of a second: the request whose window ends first names the day. Pure."""

from collections import Counter
from collections.abc import Sequence

from services.gateway.assessment.planning.instance import (
    Assignment,
    Instance,
    Served,
    left_beside,
)


def greedy(instance: Instance) -> Assignment:
    """A plan that keeps every limit: announced visits first, then one community after another,
    those with the most requests first.

    Each takes, of the days on which its most urgent request can be served, the one that serves
    the most requests, and of those the least crowded.
    """
    assignment: Assignment = [{} for _ in instance.needs]
    left = left_beside(instance, assignment)
    for c, visits in enumerate(instance.announced):
        for d, requests in sorted(visits.items()):
            for r in sorted(requests):
                _put(instance, assignment[c], left, c, r, d)
    complete(instance, assignment)
    return assignment


def complete(instance: Instance, assignment: Assignment) -> None:
    """Serve what an assignment leaves unserved, as far as its visits leave room."""
    left = left_beside(instance, assignment)
    for c in sorted(range(len(instance.needs)), key=lambda c: (-len(instance.needs[c]), c)):
        _serve(instance, assignment[c], left, c)


def _fits(
    instance: Instance, served: Served, left: Sequence[Sequence[int]], c: int, r: int, d: int
) -> bool:
    if left[r][d] <= 0 or d not in instance.open_days[c][r]:
        return False
    visited = set(served.values())
    if d in visited:
        spent = sum(instance.minutes[other] for other, day in served.items() if day == d)
        return spent + instance.minutes[r] <= instance.problem.minutes_a_visit
    quarter = instance.quarters[d]
    return sum(instance.quarters[day] == quarter for day in visited) < instance.cap(c, quarter)


def _put(instance: Instance, served: Served, left: list[list[int]], c: int, r: int, d: int) -> bool:
    if not _fits(instance, served, left, c, r, d):
        return False
    served[r] = d
    left[r][d] -= 1
    return True


def _serve(instance: Instance, served: Served, left: list[list[int]], c: int) -> None:
    days = instance.open_days[c]
    waiting = [r for r in instance.needs[c] if r not in served and days[r]]
    waiting.sort(key=lambda r: (days[r][-1], len(days[r]), r))
    for d in sorted(set(served.values())):
        for r in list(waiting):
            if _put(instance, served, left, c, r, d):
                waiting.remove(r)
    visited = set(served.values())
    used = Counter(instance.quarters[d] for d in visited)
    while waiting:
        first = waiting[0]
        best: tuple[int, int, int] | None = None
        chosen: list[int] = []
        for d in days[first]:
            quarter = instance.quarters[d]
            if d in visited or left[first][d] <= 0 or used[quarter] >= instance.cap(c, quarter):
                continue
            found = _bundle(instance, left, c, waiting, d)
            rank = (len(found), min(left[r][d] for r in found), d)
            if best is None or rank > best:
                best, chosen = rank, found
        if best is None:
            waiting.pop(0)
            continue
        for r in chosen:
            served[r] = best[2]
            left[r][best[2]] -= 1
            waiting.remove(r)
        visited.add(best[2])
        used[instance.quarters[best[2]]] += 1
    for r in instance.needs[c]:
        if r not in served:
            any(_put(instance, served, left, c, r, d) for d in days[r])


def _bundle(
    instance: Instance, left: list[list[int]], c: int, waiting: list[int], d: int
) -> list[int]:
    """The requests, the most urgent first, that one visit on the day could serve."""
    found, spent = [], 0
    for r in waiting:
        if left[r][d] > 0 and spent + instance.minutes[r] <= instance.problem.minutes_a_visit:
            days = instance.open_days[c][r]
            if days[0] <= d <= days[-1] and d in days:
                found.append(r)
                spent += instance.minutes[r]
    return found
