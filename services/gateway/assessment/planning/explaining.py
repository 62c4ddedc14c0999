"""Why a community is not visited for a request: what stands against it, tried day by day. Pure."""

from collections.abc import Sequence

from services.gateway.assessment.planning.instance import (
    Assignment,
    Instance,
    Served,
    left_beside,
)
from services.gateway.assessment.planning.problem import Constraint, Unserved


def explain(instance: Instance, assignment: Assignment) -> tuple[Unserved, ...]:
    """Every pair that the assignment leaves out, in the order of requests and communities."""
    problem = instance.problem
    left = left_beside(instance, assignment)
    found = []
    for r, request in enumerate(problem.requests):
        for c, community in enumerate(problem.communities):
            if r not in instance.needs[c] or r in assignment[c]:
                continue
            forbids, at = _nearest(instance, assignment[c], left, c, r)
            alone, _at = _nearest(instance, {}, instance.capacity, c, r)
            found.append(
                Unserved(
                    request.id,
                    community.id,
                    forbids,
                    None if at is None else problem.days[at],
                    bool(alone),
                )
            )
    return tuple(found)


def _nearest(
    instance: Instance, served: Served, left: Sequence[Sequence[int]], c: int, r: int
) -> tuple[tuple[Constraint, ...], int | None]:
    """The fewest constraints that stand against the request on one day of its window, and the
    day; nothing where a day is free."""
    problem, request = instance.problem, instance.problem.requests[r]
    least: tuple[tuple[Constraint, ...], int | None] | None = None
    for d, day in enumerate(problem.days):
        if max(request.first_day, problem.opens) <= day <= request.last_day:
            against = _against(instance, served, left, c, r, d)
            if least is None or len(against) < len(least[0]):
                least = against, d
    return least or ((Constraint.NO_WORKING_DAY,), None)


def _against(
    instance: Instance, served: Served, left: Sequence[Sequence[int]], c: int, r: int, d: int
) -> tuple[Constraint, ...]:
    problem, minutes = instance.problem, instance.minutes[r]
    found: list[Constraint] = []
    if minutes > problem.minutes_a_visit:
        found.append(Constraint.TOO_LONG)
    visited = set(served.values())
    if d in instance.taken[c]:
        found.append(Constraint.OCCUPIED)
    elif d in visited:
        spent = sum(instance.minutes[other] for other, on in served.items() if on == d)
        if spent + minutes > problem.minutes_a_visit and Constraint.TOO_LONG not in found:
            found.append(Constraint.MINUTES)
    else:
        quarter = instance.quarters[d]
        used = sum(instance.quarters[other] == quarter for other in visited)
        if used >= instance.cap(c, quarter):
            found.append(Constraint.CAP)
    if left[r][d] <= 0:
        found.append(Constraint.CAPACITY)
    return tuple(found)
