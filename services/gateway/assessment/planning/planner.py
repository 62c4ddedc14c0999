"""The planner: (problem, seed, limits) -> plan, in steps of which any can be the last.

A small problem is solved as a whole, objective after objective, each earlier optimum kept as a
constraint. A large one starts from the greedy plan or from a rounded relaxation, whichever is
better, and is then bettered part by part; the bounds of its communities and of the relaxation tell
how far it may still be from the best.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID

from services.gateway.assessment.planning.bounds import Bounds
from services.gateway.assessment.planning.explaining import explain
from services.gateway.assessment.planning.greedy import complete, greedy
from services.gateway.assessment.planning.instance import (
    Assignment,
    Instance,
    instance_of,
    peak_in,
    score,
)
from services.gateway.assessment.planning.model import STAGES, Part
from services.gateway.assessment.planning.problem import (
    Disturbed,
    Limits,
    Measure,
    Objective,
    Plan,
    Problem,
    Visit,
)
from services.gateway.assessment.planning.relaxation import relax
from services.gateway.assessment.planning.search import Search, better, consolidate, level
from services.gateway.assessment.planning.travel import gather

SMALL = 4_000
"""Pairs times days up to which a problem is solved as a whole."""
SHARES = {"start": 0.0, "visits": 0.5, "peak": 0.25, "moves": 0.25}
"""The steps, and their shares of the work."""


@dataclass(frozen=True, slots=True)
class Step:
    """What is reached after a step: the visits so far and the bounds of all five objectives. It
    is all that is needed to go on from there, with the same end as without a break."""

    name: str
    visits: tuple[Visit, ...]
    bounds: tuple[int, int, int, int, int]


def plan(problem: Problem, seed: int = 0, limits: Limits | None = None) -> Plan:
    """The whole plan at once."""
    reached = None
    for step in steps(problem, seed, limits or Limits()):
        reached = step
    assert reached is not None
    return finished(problem, reached)


def steps(
    problem: Problem,
    seed: int,
    limits: Limits,
    *,
    after: Step | None = None,
    ask: Callable[[], None] = lambda: None,
) -> Iterator[Step]:
    """The steps, or those that come after one that was reached before. `ask` is called between
    solves; what it raises ends the planning."""
    instance = instance_of(problem)
    names = list(SHARES)
    if after is None:
        assignment, bounds = greedy(instance), (0, 0, len(problem.fixed), 0, 0)
    else:
        assignment, bounds = assignment_of(instance, after.visits), after.bounds
    for name in names[0 if after is None else names.index(after.name) + 1 :]:
        work = limits.work * SHARES[name]
        chance = Random(f"{seed}/{name}")  # noqa: S311 - it must be repeatable
        search = Search(instance, assignment, chance, ask)
        ask()
        if name != "start" and limits.work > 0:
            bounds = _taken(search, name, bounds, seed, work)
            complete(instance, assignment)
            first = greedy(instance)
            if name == names[-1] and score(instance, first) < score(instance, assignment):
                assignment = first
        yield Step(name, visits_of(instance, assignment), bounds)


def _taken(
    search: Search, name: str, bounds: tuple[int, ...], seed: int, work: float
) -> tuple[int, int, int, int, int]:
    stages = STAGES[:3] if name == "visits" else (name,)
    size = sum(len(days) for days_of in search.instance.open_days for days in days_of.values())
    found = dict(zip(STAGES, bounds, strict=True))
    if size <= SMALL:
        for stage in stages:
            found[stage] = _whole(search, stage, seed, work / len(stages))
    elif name == "visits":
        found |= zip(STAGES[:3], _visits(search, seed, work), strict=True)
    elif name == "peak":
        level(search, seed, work)
        found["peak"] = _least_peak(search, found, seed, work)
    else:
        gather(search)
    return tuple(found.values())  # type: ignore[return-value]


def _whole(search: Search, stage: str, seed: int, work: float) -> int:
    """Solve one objective for all communities at once; its bound."""
    instance, at = search.instance, STAGES.index(stage)
    reached = score(instance, search.assignment)
    fixed = len(instance.problem.fixed)
    part = Part(instance, range(len(instance.needs)), search.assignment)
    for earlier, value in zip(STAGES[:at], reached, strict=False):
        if earlier == "peak":
            part.weeks_below(value)
        else:
            part.model.add(part.total(earlier) <= value - (fixed if earlier == "visits" else 0))
    search.ask()
    if stage == "peak":
        objective = part.peak(reached[at])
    elif stage == "moves":
        objective = part.moves(search.assignment)
    else:
        objective = part.total(stage)
    answer = part.solve(objective, search.assignment, work=work, seed=seed)
    search.take(answer)
    return answer.bound + (fixed if stage == "visits" else 0)


def _visits(search: Search, seed: int, work: float) -> tuple[int, int, int]:
    """The first three objectives of a large problem; their bounds."""
    instance, bounds = search.instance, Bounds(search.instance)
    fixed = len(instance.problem.fixed)
    least = []
    for c in range(len(instance.needs)):
        search.ask()
        least.append(bounds.least(c))
    own = (
        sum(one.unserved for one in least),
        sum(one.disturbed for one in least),
        sum(one.visits for one in least),
    )
    proven = (max(own[0], _no_room(instance)), own[1], 0)

    def bound() -> tuple[int, int, int]:
        """Of visits: what the communities need by themselves holds only where nobody is served
        less than they could be."""
        unserved, disturbed, _visits, *_rest = score(instance, search.assignment)
        visits = own[2] if (unserved, disturbed) == own[:2] else 0
        if relaxed is not None:
            visits = max(visits, relaxed.bound - relaxed.price * unserved)
        elif not visits:
            visits = bounds.visits_with(unserved)
        return (*proven[:2], fixed + visits)

    relaxed = None
    if not any(instance.announced) and score(instance, search.assignment)[:3] != bound():
        search.ask()
        relaxed = relax(instance)
        if relaxed is not None:
            consolidate(search, relaxed, seed)
    better(search, least, lambda: score(instance, search.assignment)[:3] == bound(), seed, work)
    return bound()


def _no_room(instance: Instance) -> int:
    """Pairs that the inspectors of some request cannot reach, on however many days of its
    window."""
    wanted = [0] * len(instance.minutes)
    for needs in instance.needs:
        for r in needs:
            wanted[r] += 1
    open_days: list[set[int]] = [set() for _ in instance.minutes]
    for days_of in instance.open_days:
        for r, days in days_of.items():
            open_days[r].update(days)
    return sum(
        max(0, wanted[r] - sum(instance.capacity[r][d] for d in days))
        for r, days in enumerate(open_days)
    )


def _least_peak(search: Search, found: dict[str, int], seed: int, work: float) -> int:
    """A bound of the heaviest week: of those communities that have it, what each could come down
    to by itself with as many visits as the whole plan leaves it. The first that cannot come down
    settles it; after so much work what is proven so far is the bound."""
    instance = search.instance
    reached = score(instance, search.assignment)
    spare = [value - bound for value, bound in zip(reached, found.values(), strict=True)][:3]
    bound, stop = 0, search.work + work
    for c, served in enumerate(search.assignment):
        if peak_in(instance, c, served) < reached[3]:
            continue
        if bound >= reached[3] or search.work >= stop:
            break
        search.ask()
        part = Part(instance, [c], None)
        if spare[0] or spare[1]:
            return 0
        part.model.add(part.total("unserved") <= len(instance.needs[c]) - len(served))
        part.model.add(part.total("visits") <= len(set(served.values())) + spare[2])
        answer = part.solve(part.peak(reached[3]), search.assignment, work=1.0, seed=seed)
        search.work += answer.work
        bound = max(bound, answer.bound if answer.served is not None else 0)
    return bound


def visits_of(instance: Instance, assignment: Assignment) -> tuple[Visit, ...]:
    """An assignment as visits, by day and community, without the fixed ones."""
    problem = instance.problem
    together: dict[tuple[date, UUID], set[UUID]] = {}
    for c, served in enumerate(assignment):
        for r, d in served.items():
            key = problem.days[d], problem.communities[c].id
            together.setdefault(key, set()).add(problem.requests[r].id)
    return tuple(Visit(c, day, frozenset(ids)) for (day, c), ids in sorted(together.items()))


def assignment_of(instance: Instance, visits: tuple[Visit, ...]) -> Assignment:
    """Visits as an assignment."""
    problem = instance.problem
    place = {one.id: at for at, one in enumerate(problem.communities)}
    number = {one.id: at for at, one in enumerate(problem.requests)}
    day_at = {day: at for at, day in enumerate(problem.days)}
    assignment: Assignment = [{} for _ in problem.communities]
    for visit in visits:
        for id in visit.requests:
            assignment[place[visit.community]][number[id]] = day_at[visit.day]
    return assignment


def finished(problem: Problem, step: Step) -> Plan:
    """The plan that a step's visits make, with what it costs and what it leaves out."""
    instance = instance_of(problem)
    assignment = assignment_of(instance, step.visits)
    reached = score(instance, assignment)
    measures = [
        Measure(value, min(value, low)) for value, low in zip(reached, step.bounds, strict=True)
    ]
    every = sorted((*problem.fixed, *step.visits), key=lambda one: (one.day, one.community))
    day_of = {(one.community, id): one.day for one in every for id in one.requests}
    needed = {(c, r.id) for r in problem.requests for c in r.communities}
    disturbed = []
    for visit in problem.announced:
        moved = {
            id: day_of.get((visit.community, id))
            for id in sorted(visit.requests)
            if (visit.community, id) in needed and day_of.get((visit.community, id)) != visit.day
        }
        if moved:
            disturbed.append(Disturbed(visit, moved))
    return Plan(tuple(every), Objective(*measures), explain(instance, assignment), tuple(disturbed))
