"""The planning problem of some communities, the others' visits as they stand, for CP-SAT.

`ortools` is imported where it is used, so that whoever only reads plans does not load it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from services.gateway.assessment.planning.instance import (
    Assignment,
    Instance,
    Served,
    left_beside,
    streets_by_day,
)

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import IntVar

STAGES = ("unserved", "disturbed", "visits", "peak", "moves")
"""The objectives in the order in which they are minimised."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solve found: the part's value of the stage, its proven bound, what each community is
    served, and the deterministic seconds it took. `served` is None where nothing was found."""

    value: int
    bound: int
    served: dict[int, Served] | None
    work: float

    @property
    def proven(self) -> bool:
        """Whether the value is the best there is."""
        return self.value == self.bound


class Part:
    """Variables and constraints of the chosen communities, beside the rest of an assignment."""

    def __init__(
        self,
        instance: Instance,
        chosen: Sequence[int],
        beside: Assignment | None,
        *,
        within: Mapping[tuple[int, int], Sequence[int]] | None = None,
    ) -> None:
        """`beside` None leaves the inspectors' capacity out; `within` names the pairs of
        community and request and their days, where not all are to be planned."""
        from ortools.sat.python.cp_model import CpModel

        self.instance, self.chosen, self.within = instance, tuple(chosen), within
        self.model = CpModel()
        self.visit: dict[tuple[int, int], IntVar] = {}
        self.serve: dict[tuple[int, int, int], IntVar] = {}
        self.missing: dict[tuple[int, int], IntVar] = {}
        self.disturbed: dict[tuple[int, int], IntVar] = {}
        for c in self.chosen:
            self._community(c)
        if beside is not None:
            self._capacity(left_beside(instance, beside, frozenset(self.chosen)))

    def _days(self, c: int) -> Mapping[int, Sequence[int]]:
        if self.within is None:
            return self.instance.open_days[c]
        return {r: days for (at, r), days in self.within.items() if at == c}

    def _community(self, c: int) -> None:
        model, instance = self.model, self.instance
        by_day: dict[int, list[int]] = defaultdict(list)
        for r, days in self._days(c).items():
            self.missing[c, r] = model.new_bool_var("")
            for d in days:
                self.serve[c, r, d] = model.new_bool_var("")
                by_day[d].append(r)
            model.add_exactly_one(self.missing[c, r], *(self.serve[c, r, d] for d in days))
        by_quarter: dict[Any, list[IntVar]] = defaultdict(list)
        for d, requests in by_day.items():
            visit = self.visit[c, d] = model.new_bool_var("")
            by_quarter[instance.quarters[d]].append(visit)
            spent = [self.serve[c, r, d] * instance.minutes[r] for r in requests]
            model.add(sum(spent) <= instance.problem.minutes_a_visit * visit)
            for r in requests:
                model.add(self.serve[c, r, d] <= visit)
            model.add(visit <= sum(self.serve[c, r, d] for r in requests))
        for quarter, visits in by_quarter.items():
            if instance.cap(c, quarter) < len(visits):
                model.add(sum(visits) <= instance.cap(c, quarter))
        for d, kept_there in instance.announced[c].items():
            self.disturbed[c, d] = model.new_bool_var("")
            for r in kept_there:
                kept = self.serve.get((c, r, d))
                model.add(self.disturbed[c, d] >= (1 if kept is None else 1 - kept))

    def _capacity(self, left: Sequence[Sequence[int]]) -> None:
        wanted: dict[tuple[int, int], list[IntVar]] = defaultdict(list)
        for (_c, r, d), serve in self.serve.items():
            wanted[r, d].append(serve)
        for (r, d), serves in wanted.items():
            if len(serves) > left[r][d]:
                self.model.add(sum(serves) <= left[r][d])

    def total(self, stage: str) -> Any:
        """What the part adds to the number of unserved pairs, disturbed visits or visits."""
        terms: Collection[IntVar] = {
            "unserved": self.missing.values(),
            "disturbed": self.disturbed.values(),
            "visits": self.visit.values(),
        }[stage]
        return sum(terms)

    def weeks_below(self, most: "int | IntVar") -> None:
        """Let no week of the part's communities hold more minutes on site."""
        by_week: dict[tuple[int, Any], list[Any]] = defaultdict(list)
        for (c, r, d), serve in self.serve.items():
            by_week[c, self.instance.weeks[d]].append(serve * self.instance.minutes[r])
        for (c, week), spent in by_week.items():
            self.model.add(sum(spent) + self.instance.loads[c][week] <= most)

    def peak(self, most: int) -> "IntVar":
        """The minutes of the heaviest week of the part's communities."""
        standing = [max(self.instance.loads[c].values(), default=0) for c in self.chosen]
        highest = self.model.new_int_var(max(standing, default=0), most, "")
        self.weeks_below(highest)
        return highest

    def moves(self, beside: Assignment) -> Any:
        """All moves between streets, beside the rest of the assignment."""
        without = [{} if c in self.chosen else served for c, served in enumerate(beside)]
        there = streets_by_day(self.instance, without)
        by_place: dict[tuple[int, int], list[IntVar]] = defaultdict(list)
        for (c, d), visit in self.visit.items():
            by_place[d, self.instance.streets[c]].append(visit)
        terms: list[Any] = []
        by_day: dict[int, list[IntVar]] = defaultdict(list)
        for (d, street), visits in by_place.items():
            if not there[d][street]:
                led = self.model.new_bool_var("")
                for visit in visits:
                    self.model.add(led >= visit)
                by_day[d].append(led)
        for d, streets in enumerate(there):
            if streets:
                terms += [len(streets) - 1, *by_day[d]]
            elif len(by_day[d]) > 1:
                moves = self.model.new_int_var(0, len(by_day[d]), "")
                self.model.add(moves >= sum(by_day[d]) - 1)
                terms.append(moves)
        return sum(terms)

    def solve(self, objective: Any, hint: Assignment | None, *, work: float, seed: int) -> Answer:
        """Minimise, within so many deterministic seconds."""
        from ortools.sat.python import cp_model

        self.model.minimize(objective)
        if hint is not None:
            self._hint(hint)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = seed
        solver.parameters.max_deterministic_time = work
        solver.parameters.linearization_level = 2
        status = solver.solve(self.model)
        spent = float(solver.response_proto.deterministic_time)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Answer(0, 0, None, spent)
        served: dict[int, Served] = {c: {} for c in self.chosen}
        for (c, r, d), serve in self.serve.items():
            if solver.boolean_value(serve):
                served[c][r] = d
        bound = -int(-solver.best_objective_bound // 1)
        return Answer(round(solver.objective_value), bound, served, spent)

    def _hint(self, hint: Assignment) -> None:
        for (c, r, d), serve in self.serve.items():
            self.model.add_hint(serve, hint[c].get(r) == d)
        for (c, r), missing in self.missing.items():
            self.model.add_hint(missing, r not in hint[c])
        days = {c: set(hint[c].values()) for c in self.chosen}
        for (c, d), visit in self.visit.items():
            self.model.add_hint(visit, d in days[c])
