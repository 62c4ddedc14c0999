"""The planner: few visits, within every limit, provably."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from services.gateway.assessment.planning.checking import faults_of
from services.gateway.assessment.planning.model import Part
from services.gateway.assessment.planning.planner import plan, steps
from services.gateway.assessment.planning.problem import (
    Constraint,
    Elsewhere,
    Limits,
    Objective,
    Plan,
    Problem,
    Visit,
)
from services.gateway.assessment.planning.relaxation import relax
from tests.services.gateway.assessment.planning_problems import (
    MONDAY,
    best_of_all,
    community,
    district,
    request,
    small,
    working_days,
)

DAYS = working_days(MONDAY, 10)
WHOLE = (DAYS[0], DAYS[-1])
ONE, TWO = community(1), community(2)


def problem(*requests: Any, **but: Any) -> Problem:
    """Two communities of one street, ten days, at most 300 minutes a visit."""
    made = Problem(DAYS, DAYS[0], (ONE, TWO), requests, 300, {})
    return replace(made, **but)


def figures(objective: Objective) -> tuple[int, int, int, int, int]:
    """The values of the five objectives."""
    names = ("unserved", "disturbed", "visits", "peak", "moves")
    return tuple(getattr(objective, name).value for name in names)


def test_requests_whose_windows_meet_are_served_by_one_visit() -> None:
    found = plan(
        problem(
            request(1, (ONE, TWO), (DAYS[0], DAYS[4])),
            request(2, (ONE, TWO), (DAYS[4], DAYS[9])),
            request(3, (ONE,), (DAYS[3], DAYS[6])),
        )
    )
    assert {(visit.community, visit.day) for visit in found.visits} == {
        (ONE.id, DAYS[4]),
        (TWO.id, DAYS[4]),
    }
    assert found.objective.visits.value == found.objective.visits.bound == 2


def test_no_visit_is_put_on_a_holiday_even_where_the_window_spans_it() -> None:
    over_new_year = working_days(date(2026, 2, 9), 12)
    assert date(2026, 2, 17) not in over_new_year
    window = (date(2026, 2, 16), date(2026, 2, 23))
    found = plan(replace(problem(request(1, (ONE,), window)), days=over_new_year, opens=window[0]))
    assert [one.constraints for one in found.unserved] == [(Constraint.NO_WORKING_DAY,)]
    assert found.unserved[0].in_any_plan


@pytest.mark.parametrize("seed", range(240))
def test_a_small_plan_is_the_best_of_all(seed: int) -> None:
    given_problem = small(seed)
    found = plan(given_problem, seed)
    assert faults_of(given_problem, found) == ()
    assert figures(found.objective) == best_of_all(given_problem)
    for name in ("unserved", "disturbed", "visits", "peak", "moves"):
        measure = getattr(found.objective, name)
        assert measure.value == measure.bound


@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    seed=st.integers(0, 10_000),
    cap=st.integers(1, 4),
    visits_a_day=st.integers(1, 9),
    minutes_a_visit=st.integers(60, 480),
)
def test_every_plan_keeps_every_limit_and_no_greedy_plan_beats_its_bound(
    seed: int, cap: int, visits_a_day: int, minutes_a_visit: int
) -> None:
    given_problem = district(
        seed,
        communities=6,
        requests=6,
        days=60,
        window=(5, 25),
        cap=cap,
        visits_a_day=(visits_a_day,),
        minutes_a_visit=minutes_a_visit,
    )
    greedy, found = plan(given_problem, seed, Limits(0)), plan(given_problem, seed, Limits(0.5))
    assert faults_of(given_problem, greedy) == ()
    assert faults_of(given_problem, found) == ()
    assert figures(found.objective) <= figures(greedy.objective)
    if figures(found.objective)[:2] == figures(greedy.objective)[:2]:
        assert found.objective.visits.bound <= greedy.objective.visits.value


def test_a_plan_too_large_to_be_solved_at_once_is_near_the_best_and_keeps_every_limit() -> None:
    given_problem = district(
        7, communities=20, requests=16, cap=3, visits_a_day=(2, 3), window=(12, 30)
    )
    found = plan(given_problem, 7, Limits(4))
    assert faults_of(given_problem, found) == ()
    assert found.objective.unserved.value == 0
    assert found.objective.visits.gap <= 0.05
    assert found.objective.visits.value < plan(given_problem, 7, Limits(0)).objective.visits.value


def test_the_relaxations_bound_holds_even_where_its_prices_are_mended() -> None:
    from services.gateway.assessment.planning.instance import instance_of

    given_problem = district(3, communities=6, requests=5, days=40, visits_a_day=(2, 3))
    relaxed = relax(instance_of(given_problem))
    assert relaxed is not None
    found = plan(given_problem, 3, Limits(20)).objective
    assert found.visits.value == found.visits.bound
    assert relaxed.bound <= found.visits.value + relaxed.price * found.unserved.value
    assert relaxed.bound >= found.visits.value * 4 // 5


def test_the_same_problem_and_seed_give_the_same_plan() -> None:
    given_problem = district(11, communities=13, requests=14)
    assert plan(given_problem, 5, Limits(0.4)) == plan(given_problem, 5, Limits(0.4))


def test_a_planning_that_was_broken_off_ends_as_it_would_have() -> None:
    given_problem = district(11, communities=13, requests=14)
    all_steps = list(steps(given_problem, 5, Limits(0.4)))
    assert [one.name for one in all_steps] == ["start", "visits", "peak", "moves"]
    for place, reached in enumerate(all_steps):
        again = list(steps(given_problem, 5, Limits(0.4), after=reached))
        assert again == all_steps[place + 1 :]


def test_planning_stops_when_it_is_told_to() -> None:
    class Enough(Exception):
        pass

    asked = 0

    def ask() -> None:
        nonlocal asked
        asked += 1
        if asked == 5:
            raise Enough

    given_problem = district(11, communities=13, requests=14)
    with pytest.raises(Enough):
        list(steps(given_problem, 5, Limits(0.4), ask=ask))


def refused(found: Plan) -> dict[int, tuple[Constraint, ...]]:
    """Request number -> the constraints that forbid it."""
    return {one.request.int - 1000: one.constraints for one in found.unserved}


def _capped() -> Problem:
    return problem(
        request(1, (ONE,), (DAYS[0], DAYS[1])),
        request(2, (ONE,), (DAYS[3], DAYS[4])),
        request(3, (ONE,), (DAYS[2], DAYS[3])),
        caps={"2026Q1": 1, "2026Q2": 1},
    )


def _crowded() -> Problem:
    return problem(request(1, (ONE, TWO), (DAYS[0], DAYS[0]), visits_a_day=1))


def _long() -> Problem:
    window = (DAYS[0], DAYS[0])
    return problem(request(1, (ONE,), window, minutes=200), request(2, (ONE,), window, minutes=200))


@pytest.mark.parametrize(
    ("given_problem", "constraints", "in_any_plan"),
    [
        (_capped(), (Constraint.CAP,), False),
        (_crowded(), (Constraint.CAPACITY,), False),
        (_long(), (Constraint.MINUTES,), False),
        (problem(request(1, (ONE,), WHOLE, minutes=301)), (Constraint.TOO_LONG,), True),
        (
            problem(
                request(1, (ONE,), (DAYS[0], DAYS[0])),
                elsewhere=(Elsewhere(ONE.id, DAYS[0], 60),),
            ),
            (Constraint.OCCUPIED,),
            True,
        ),
        (
            problem(
                request(1, (ONE,), WHOLE),
                elsewhere=(Elsewhere(ONE.id, MONDAY - timedelta(days=30), 60),),
                caps={"2026Q1": 1, "2026Q2": 0},
            ),
            (Constraint.CAP,),
            True,
        ),
    ],
)
def test_what_is_not_served_is_named_with_what_forbids_it(
    given_problem: Problem, constraints: tuple[Constraint, ...], in_any_plan: bool
) -> None:
    found = plan(given_problem)
    assert faults_of(given_problem, found) == ()
    assert [one.constraints for one in found.unserved] == [constraints]
    assert found.unserved[0].in_any_plan is in_any_plan


def test_a_request_more_joins_announced_visits_and_disturbs_none() -> None:
    first = problem(
        request(1, (ONE, TWO), (DAYS[2], DAYS[6])), request(2, (ONE,), (DAYS[3], DAYS[5]))
    )
    announced = plan(first).visits
    more = replace(
        first,
        requests=(*first.requests, request(3, (ONE, TWO), WHOLE)),
        announced=announced,
    )
    found = plan(more)
    assert faults_of(more, found) == ()
    assert {(one.community, one.day) for one in found.visits} == {
        (one.community, one.day) for one in announced
    }
    assert found.disturbed == ()


def test_a_visit_that_must_be_postponed_moves_alone_and_is_named() -> None:
    first = problem(
        request(1, (ONE, TWO), WHOLE), request(2, (ONE,), (DAYS[0], DAYS[6])), caps={"2026Q1": 9}
    )
    announced = plan(first).visits
    lost = next(one for one in announced if one.community == ONE.id)
    flooded = replace(
        first,
        announced=announced,
        closed=frozenset({(ONE.id, lost.day)}),
    )
    found = plan(flooded)
    assert faults_of(flooded, found) == ()
    assert [one.visit for one in found.disturbed] == [lost]
    assert None not in found.disturbed[0].moved.values()
    assert set(announced) - {lost} <= set(found.visits)


def test_what_was_made_stays_and_counts_against_the_cap() -> None:
    made = Visit(ONE.id, DAYS[0], frozenset({request(1, (ONE,), WHOLE).id}))
    given_problem = problem(
        request(1, (ONE, TWO), WHOLE),
        request(2, (ONE,), WHOLE),
        opens=DAYS[3],
        fixed=(made,),
        caps={"2026Q1": 1, "2026Q2": 0},
    )
    found = plan(given_problem)
    assert faults_of(given_problem, found) == ()
    assert made in found.visits
    assert [(one.request.int, one.constraints) for one in found.unserved] == [
        (1002, (Constraint.CAP,))
    ]


def test_fewer_announced_visits_are_disturbed_before_fewer_visits_are_made() -> None:
    first = problem(request(1, (ONE,), (DAYS[0], DAYS[3])))
    announced = (Visit(ONE.id, DAYS[0], frozenset({first.requests[0].id})),)
    more = replace(
        first,
        requests=(*first.requests, request(2, (ONE,), (DAYS[2], DAYS[3]))),
        announced=announced,
    )
    found = plan(more)
    assert figures(found.objective)[:3] == (0, 0, 2)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda found: replace(found, visits=found.visits[1:]), "is served 0"),
        (
            lambda found: replace(
                found, visits=(replace(found.visits[0], day=DAYS[9]), *found.visits[1:])
            ),
            "outside the window",
        ),
        (
            lambda found: replace(
                found,
                objective=replace(
                    found.objective, visits=replace(found.objective.visits, value=1, bound=1)
                ),
            ),
            "visits is 2",
        ),
    ],
)
def test_the_checker_finds_what_is_wrong_with_a_plan(
    spoil: Callable[[Plan], Plan], told: str
) -> None:
    given_problem = problem(request(1, (ONE, TWO), (DAYS[0], DAYS[4])))
    found = plan(given_problem)
    assert faults_of(given_problem, found) == ()
    assert any(told in fault for fault in faults_of(given_problem, spoil(found)))


def test_the_solver_is_loaded_only_where_a_plan_is_made() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, services.gateway.app, services.gateway.assessment.planning.planner; "
            "sys.exit('ortools' in sys.modules)",
        ],
        check=False,
    )
    assert told.returncode == 0


def test_a_heaviest_week_that_no_community_can_avoid_is_proven_by_one_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where all are asked for the same, all weeks are alike; working at each would take minutes."""
    places = tuple(community(at) for at in range(40))
    days = working_days(MONDAY, 40)
    asked = [request(at, places, (days[0], days[-1]), visits_a_day=40) for at in range(4)]
    solved = []
    solve = Part.solve

    def counted(part: Part, *given: Any, **more: Any) -> Any:
        solved.append(part)
        return solve(part, *given, **more)

    monkeypatch.setattr(Part, "solve", counted)
    found = plan(Problem(days, days[0], places, tuple(asked), 480, {}), 1, Limits(2.0))
    assert figures(found.objective)[:4] == (0, 0, 40, 240)
    assert (found.objective.peak.bound, found.objective.visits.bound) == (240, 40)
    assert len(solved) < len(places)
