"""A linear relaxation of a first plan: its bound, and where it puts visits.

Days of one quarter that open to the same requests make a stretch: inside it only the number of a
community's visits counts, and the inspectors' capacity is that of all its days together. The
bound does not trust the solver's floating point: the prices it found are rounded, mended and
summed up in integers, which gives a bound whatever the prices are.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from services.gateway.assessment.planning.instance import Instance

MOST_COLUMNS = 60_000
"""Above this the simplex takes minutes rather than seconds."""
_SCALE = 1_000_000
_NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of one quarter on which the same requests may be served."""

    quarter: Any
    days: tuple[int, ...]
    requests: frozenset[int]


@dataclass(frozen=True, slots=True)
class Relaxed:
    """`places[c, s]` are the requests of community c that the relaxation serves in stretch s, and
    `bound` is below every plan's visits + `price` × unserved pairs."""

    stretches: tuple[Stretch, ...]
    places: dict[tuple[int, int], tuple[int, ...]]
    price: int
    bound: int


def stretches_of(instance: Instance) -> tuple[Stretch, ...]:
    """The stretches, by their first day."""
    opens: dict[int, set[int]] = defaultdict(set)
    for days_of in instance.open_days:
        for r, days in days_of.items():
            for d in days:
                opens[d].add(r)
    found: dict[Any, list[int]] = defaultdict(list)
    for d, requests in sorted(opens.items()):
        found[instance.quarters[d], frozenset(requests)].append(d)
    return tuple(Stretch(key[0], tuple(days), key[1]) for key, days in found.items())


def relax(instance: Instance) -> Relaxed | None:
    """Solve the relaxation; None where it is too large."""
    from ortools.linear_solver import pywraplp

    stretches = stretches_of(instance)
    places = {
        (c, s): tuple(sorted(r for r in one.requests if set(days_of.get(r, ())) & set(one.days)))
        for c, days_of in enumerate(instance.open_days)
        for s, one in enumerate(stretches)
    }
    places = {key: requests for key, requests in places.items() if requests}
    if len(places) + sum(map(len, places.values())) > MOST_COLUMNS:
        return None
    lp = _Program(instance, stretches, places, pywraplp.Solver.CreateSolver("GLOP"))
    if lp.solver.Solve() != pywraplp.Solver.OPTIMAL:
        return None
    return Relaxed(stretches, lp.support(), lp.price, lp.bound())


class _Program:
    """min visits + price × missing, each request of a community served once, a stretch's visits
    holding what is served in it, under caps and capacities."""

    def __init__(self, instance: Instance, stretches: Any, places: Any, solver: Any) -> None:
        self.instance, self.stretches, self.places, self.solver = (
            instance,
            stretches,
            places,
            solver,
        )
        self.price = 1 + len(instance.weeks)
        infinity = solver.infinity()
        self.visit, self.serve = {}, {}
        self.once: dict[tuple[int, int], Any] = {}
        self.spent: dict[tuple[int, int], Any] = {}
        self.cap: dict[tuple[int, Any], Any] = {}
        self.room: dict[tuple[int, int], Any] = {}
        objective = solver.Objective()
        for c, needs in enumerate(instance.needs):
            for r in needs:
                self.once[c, r] = solver.Constraint(1, 1)
                missing = solver.NumVar(0, infinity, "")
                self.once[c, r].SetCoefficient(missing, 1)
                objective.SetCoefficient(missing, self.price)
        for (c, s), requests in places.items():
            stretch = stretches[s]
            visit = self.visit[c, s] = solver.NumVar(0, len(stretch.days), "")
            objective.SetCoefficient(visit, 1)
            if (c, stretch.quarter) not in self.cap:
                self.cap[c, stretch.quarter] = solver.Constraint(
                    -infinity, instance.cap(c, stretch.quarter)
                )
            self.cap[c, stretch.quarter].SetCoefficient(visit, 1)
            spent = self.spent[c, s] = solver.Constraint(-infinity, 0)
            spent.SetCoefficient(visit, -instance.problem.minutes_a_visit)
            for r in requests:
                serve = self.serve[c, r, s] = solver.NumVar(0, infinity, "")
                self.once[c, r].SetCoefficient(serve, 1)
                spent.SetCoefficient(serve, instance.minutes[r])
                only = solver.Constraint(-infinity, 0)
                only.SetCoefficient(serve, 1)
                only.SetCoefficient(visit, -1)
                if (r, s) not in self.room:
                    self.room[r, s] = solver.Constraint(-infinity, self._room(r, s))
                self.room[r, s].SetCoefficient(serve, 1)
        objective.SetMinimization()

    def _room(self, r: int, s: int) -> int:
        return sum(max(0, self.instance.capacity[r][d]) for d in self.stretches[s].days)

    def support(self) -> dict[tuple[int, int], tuple[int, ...]]:
        """Where the solution serves what, in whatever share."""
        found = {
            (c, s): tuple(r for r in requests if self.serve[c, r, s].solution_value() > _NOTHING)
            for (c, s), requests in self.places.items()
        }
        return {key: requests for key, requests in found.items() if requests}

    def bound(self) -> int:
        """Any prices of the constraints give a bound once each column is made to pay its cost;
        these are near the best. In units of 1/`_SCALE` of a visit."""
        instance, most = self.instance, self.price * _SCALE
        once = {key: max(0, min(most, _price(row))) for key, row in self.once.items()}
        spent = {key: max(0, -_price(row)) for key, row in self.spent.items()}
        cap = {key: max(0, -_price(row)) for key, row in self.cap.items()}
        room = {key: max(0, -_price(row)) for key, row in self.room.items()}
        total = sum(once.values())
        total -= sum(one * instance.cap(*key) for key, one in cap.items())
        total -= sum(one * self._room(*key) for key, one in room.items())
        for (c, s), requests in self.places.items():
            stretch = self.stretches[s]
            worth = sum(
                max(0, once[c, r] - room[r, s] - instance.minutes[r] * spent[c, s])
                for r in requests
            )
            cost = _SCALE + cap[c, stretch.quarter]
            held = worth + instance.problem.minutes_a_visit * spent[c, s]
            total -= len(stretch.days) * max(0, held - cost)
        return -(-total // _SCALE)


def _price(row: Any) -> int:
    return round(float(row.dual_value()) * _SCALE)
