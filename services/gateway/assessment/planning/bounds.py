"""Proven bounds: what each community costs at least, were the inspectors' capacity no limit.

A community alone is a small problem: of days of one quarter that open to the same requests one is
enough to consider, and a day that opens to fewer than another of its quarter is never needed. What
the communities cost at least sums up to what any plan costs at least.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from services.gateway.assessment.planning.instance import Instance

PRICE = Fraction(1, 2)
"""Of an unserved pair, in visits, where some cannot be served."""
WORK = 1.0
"""Deterministic seconds for one community; it takes some hundredths."""


@dataclass(frozen=True, slots=True)
class Least:
    """What a community costs at least: unserved requests, then disturbed visits given these,
    then visits given both."""

    unserved: int
    disturbed: int
    visits: int


class Bounds:
    """Bounds of every community, computed once for those that are alike."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._places = [_places(instance, c) for c in range(len(instance.needs))]
        self._least: dict[Any, Least] = {}
        self._priced: dict[Any, Fraction] = {}

    def least(self, c: int) -> Least:
        """The community's own bound."""
        key = self._key(c), self._closed(c)
        if key not in self._least:
            disturbance = 1 + len(self.instance.needs[c])
            unserved = disturbance * (1 + len(self.instance.announced[c]))
            cost = self._cost(c, unserved, disturbance, 1)
            left, rest = divmod(cost, unserved)
            lost, visits = divmod(rest, disturbance)
            self._least[key] = Least(left, lost + self._closed(c), visits)
        return self._least[key]

    def visits_with(self, unserved: int) -> int:
        """A bound of all visits of a plan that leaves so many pairs unserved.

        Whatever an unserved pair is said to cost, what the communities cost at least sums up to
        no more than visits and unserved pairs cost together.
        """
        total = sum(self._at(c) for c in range(len(self._places)))
        return max(0, -int(-(total - PRICE * unserved) // 1))

    def _closed(self, c: int) -> int:
        """Announced visits on days on which nothing can be served any more."""
        there = {d for days in self.instance.open_days[c].values() for d in days}
        return len(self.instance.announced[c].keys() - there)

    def _at(self, c: int) -> Fraction:
        key = self._key(c)
        if key not in self._priced:
            cost = self._cost(c, PRICE.numerator, 0, PRICE.denominator)
            self._priced[key] = Fraction(cost, PRICE.denominator)
        return self._priced[key]

    def _key(self, c: int) -> Any:
        return self._places[c], tuple(sorted(self.instance.caps[c].items()))

    def _cost(self, c: int, unserved: int, disturbance: int, visit: int) -> int:
        """A bound of the weighted cost of one community; exact unless the work does not
        suffice."""
        from ortools.sat.python import cp_model

        instance, model = self.instance, cp_model.CpModel()
        serve: dict[int, list[Any]] = {r: [] for r in instance.needs[c]}
        terms: list[Any] = []
        by_quarter: dict[Any, list[Any]] = defaultdict(list)
        for quarter, requests, kept in self._places[c]:
            most = 1 if kept is not None else len(requests)
            visits = model.new_int_var(0, most, "")
            by_quarter[quarter].append(visits)
            terms.append(visit * visits)
            here = [model.new_bool_var("") for _ in requests]
            for r, served in zip(requests, here, strict=True):
                model.add(served <= visits)
                serve[r].append(served)
            spent = [one * instance.minutes[r] for r, one in zip(requests, here, strict=True)]
            model.add(sum(spent) <= instance.problem.minutes_a_visit * visits)
            if kept is not None and disturbance:
                lost = model.new_bool_var("")
                there = dict(zip(requests, here, strict=True))
                for r in kept:
                    model.add(lost >= (1 - there[r] if r in there else 1))
                terms.append(disturbance * lost)
        for quarter, visited in by_quarter.items():
            model.add(sum(visited) <= instance.cap(c, quarter))
        for served_on in serve.values():
            missing = model.new_bool_var("")
            model.add_exactly_one(missing, *served_on)
            terms.append(unserved * missing)
        model.minimize(sum(terms))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = WORK
        solver.solve(model)
        return max(0, -int(-solver.best_objective_bound // 1))


_Place = tuple[Any, tuple[int, ...], frozenset[int] | None]
"""Days of a quarter that open to the same requests, or an announced visit's own day."""


def _places(instance: Instance, c: int) -> tuple[_Place, ...]:
    opens: dict[int, set[int]] = defaultdict(set)
    for r, days in instance.open_days[c].items():
        for d in days:
            opens[d].add(r)
    found: list[_Place] = []
    by_quarter: dict[Any, set[frozenset[int]]] = defaultdict(set)
    for d, requests in sorted(opens.items()):
        if d in instance.announced[c]:
            kept = instance.announced[c][d]
            found.append((instance.quarters[d], tuple(sorted(requests)), kept))
        by_quarter[instance.quarters[d]].add(frozenset(requests))
    for quarter, sets in sorted(by_quarter.items()):
        found += [(quarter, tuple(sorted(one)), None) for one in _largest(sets)]
    return tuple(found)


def _largest(sets: set[frozenset[int]]) -> Sequence[frozenset[int]]:
    return sorted((one for one in sets if not any(one < other for other in sets)), key=sorted)
