"""The stages of a plan too large to be solved at once: each bettered part by part.

Every part is some communities, solved exactly beside the visits of the others, so that a stage
never spoils what an earlier one has reached. Chance is seeded and work is counted in the solver's
deterministic seconds: the same problem and seed take the same course.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from services.gateway.assessment.planning.bounds import Least
from services.gateway.assessment.planning.greedy import complete
from services.gateway.assessment.planning.instance import (
    Assignment,
    Instance,
    cost_of,
    left_beside,
    peak_in,
    score,
)
from services.gateway.assessment.planning.model import Answer, Part
from services.gateway.assessment.planning.relaxation import Relaxed

PART_WORK = 0.5
"""Deterministic seconds for one part."""
MOST_TRIES = 3
"""How often a community is tried, each time with more of its rivals, before it is left."""


@dataclass(slots=True)
class Search:
    """An assignment that only ever gets better. `ask` is called between solves and may raise."""

    instance: Instance
    assignment: Assignment
    random: Random
    ask: Callable[[], None] = field(default=lambda: None)
    work: float = 0.0

    def part(self, chosen: Sequence[int]) -> Part:
        """Some communities beside the others, which must not be served worse than they are."""
        part = Part(self.instance, chosen, self.assignment)
        costs = [cost_of(self.instance, c, self.assignment[c]) for c in chosen]
        for stage, least in zip(
            ("unserved", "disturbed", "visits"), map(sum, zip(*costs, strict=True)), strict=True
        ):
            part.model.add(part.total(stage) <= least)
        return part

    def take(self, answer: Answer) -> None:
        """Take over what a part's solution serves."""
        self.work += answer.work
        for c, served in (answer.served or {}).items():
            self.assignment[c] = served

    def rivals(self, c: int, number: int) -> list[int]:
        """Communities whose visits use up the capacity that this one could use, by chance and
        by how much."""
        left = left_beside(self.instance, self.assignment)
        wanted = self.instance.open_days[c]
        weights: Counter[int] = Counter()
        for other, served in enumerate(self.assignment):
            if other != c:
                weights[other] = sum(
                    r in wanted and left[r][d] <= 0 and d in wanted[r] for r, d in served.items()
                )
        drawn = {o: weight * self.random.random() for o, weight in weights.items() if weight}
        return sorted(drawn, key=lambda o: (-drawn[o], o))[:number]


def consolidate(search: Search, relaxed: Relaxed, seed: int) -> None:
    """Round the relaxation: whole visits to the stretches it uses, then days inside each
    stretch; what finds no day is served as the greedy plan would."""
    stretch_of = _whole(search, relaxed, seed)
    assignment: Assignment = [{} for _ in search.instance.needs]
    by_stretch: dict[int, dict[tuple[int, int], Sequence[int]]] = defaultdict(dict)
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    for (c, s), (visits, requests) in stretch_of.items():
        counts[s][c] = visits
        for r in requests:
            open_days = search.instance.open_days[c][r]
            days = [d for d in relaxed.stretches[s].days if d in open_days]
            by_stretch[s][c, r] = days
    for s, within in sorted(by_stretch.items()):
        search.ask()
        chosen = sorted(counts[s])
        part = Part(search.instance, chosen, assignment, within=within)
        for c in chosen:
            made = [one for (at, _d), one in part.visit.items() if at == c]
            part.model.add(sum(made) <= counts[s][c])
        answer = part.solve(part.total("unserved"), None, work=PART_WORK, seed=seed)
        search.work += answer.work
        for c, served in (answer.served or {}).items():
            assignment[c] |= served
    complete(search.instance, assignment)
    if score(search.instance, assignment) < score(search.instance, search.assignment):
        search.assignment[:] = assignment


def _whole(
    search: Search, relaxed: Relaxed, seed: int
) -> Mapping[tuple[int, int], tuple[int, list[int]]]:
    """Whole visits where the relaxation has parts of them: (community, stretch) -> number of
    visits and what they serve."""
    from ortools.sat.python import cp_model

    instance, model = search.instance, cp_model.CpModel()
    visits, serve = {}, {}
    once: dict[tuple[int, int], list[Any]] = defaultdict(list)
    cap: dict[tuple[int, Any], list[Any]] = defaultdict(list)
    room: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for (c, s), requests in relaxed.places.items():
        stretch = relaxed.stretches[s]
        most = min(len(stretch.days), len(requests))
        visit = visits[c, s] = model.new_int_var(0, most, "")
        cap[c, stretch.quarter].append(visit)
        for r in requests:
            one = serve[c, r, s] = model.new_bool_var("")
            model.add(one <= visit)
            once[c, r].append(one)
            room[r, s].append(one)
        spent = [serve[c, r, s] * instance.minutes[r] for r in requests]
        model.add(sum(spent) <= instance.problem.minutes_a_visit * visit)
    for (c, quarter), counted in cap.items():
        model.add(sum(counted) <= instance.cap(c, quarter))
    for (r, s), there in room.items():
        held = sum(max(0, instance.capacity[r][d]) for d in relaxed.stretches[s].days)
        model.add(sum(there) <= held)
    missing = [model.new_bool_var("") for _ in once]
    for unserved, places in zip(missing, once.values(), strict=True):
        model.add_exactly_one(unserved, *places)
    model.minimize(sum(visits.values()) + relaxed.price * sum(missing))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = 10 * PART_WORK
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {}
    search.work += float(solver.response_proto.deterministic_time)
    return {
        (c, s): (
            solver.value(visit),
            [r for r in relaxed.places[c, s] if solver.boolean_value(serve[c, r, s])],
        )
        for (c, s), visit in visits.items()
        if solver.value(visit)
    }


def better(
    search: Search, least: Sequence[Least], enough: Callable[[], bool], seed: int, work: float
) -> None:
    """Serve more, disturb less, visit less: communities above their own bound, those that were
    tried least first, alone and then beside more and more of their rivals."""
    instance, tries, stop = search.instance, Counter[int](), search.work + work
    while search.work < stop and not enough():
        above = [
            c
            for c, bound in enumerate(least)
            if cost_of(instance, c, search.assignment[c])
            > (bound.unserved, bound.disturbed, bound.visits)
            and tries[c] < MOST_TRIES
        ]
        if not above:
            break
        search.ask()
        c = min(above, key=lambda one: (tries[one], one))
        chosen = [c, *search.rivals(c, 3 * tries[c])]
        before = [cost_of(instance, one, search.assignment[one]) for one in chosen]
        part = Part(instance, chosen, search.assignment)
        visit = 1 + sum(len(instance.needs[one]) for one in chosen)
        disturbance = visit * (1 + sum(len(instance.announced[one]) for one in chosen))
        total = (
            disturbance * part.total("unserved")
            + visit * part.total("disturbed")
            + part.total("visits")
        )
        answer = part.solve(total, search.assignment, work=PART_WORK, seed=seed)
        tries[c] += 1
        if answer.served is None:
            search.work += answer.work
            continue
        after = [cost_of(instance, one, answer.served[one]) for one in chosen]
        if _sum(after) <= _sum(before):
            search.take(answer)
        if _sum(after) < _sum(before):
            tries.clear()


def _sum(costs: Sequence[tuple[int, int, int]]) -> tuple[int, ...]:
    return tuple(map(sum, zip(*costs, strict=True)))


def level(search: Search, seed: int, work: float) -> None:
    """Lower the heaviest week of any community, with as many visits as before."""
    instance, stop = search.instance, search.work + work
    while search.work < stop:
        peaks = [peak_in(instance, c, served) for c, served in enumerate(search.assignment)]
        highest = max(peaks, default=0)
        for c in (c for c, peak in enumerate(peaks) if peak == highest and highest):
            search.ask()
            if search.work >= stop:
                return
            if not any(_lowered(search, c, rivals, highest, seed) for rivals in range(0, 9, 4)):
                return
        if highest == 0:
            return


def _lowered(search: Search, c: int, rivals: int, highest: int, seed: int) -> bool:
    chosen = [c, *(search.rivals(c, rivals) if rivals else ())]
    part = search.part(chosen)
    answer = part.solve(part.peak(highest), search.assignment, work=PART_WORK, seed=seed)
    if answer.served is None or answer.value >= highest:
        search.work += answer.work
        return False
    search.take(answer)
    return True
