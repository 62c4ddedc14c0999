"""The planner beside the greedy plan and the proven bound, by size, in one run.

    python -m benchmarks.planner [--sizes 20x10 83x25 83x40 300x60] [--seed 1] [--work 8]

A district by chance on the working days of 2026: of the requests four in ten are for all communities,
three for half the streets, three for every second community; windows are 15 to 60 working days, a
community takes two visits a quarter, and inspectors make 6 to 20 visits a day.
"""

import argparse
import time

from benchmarks.support import table
from services.gateway.assessment.planning.checking import faults_of
from services.gateway.assessment.planning.planner import plan
from services.gateway.assessment.planning.problem import Limits, Plan
from tests.services.gateway.assessment.planning_problems import district

MOST_SECONDS, MOST_GAP = 60, 0.05
GOAL = "83x40"


def _measured(size: str, seed: int, work: float) -> tuple[list[str], Plan, float]:
    communities, requests = (int(part) for part in size.split("x"))
    problem = district(seed, communities=communities, requests=requests)
    began = time.monotonic()
    greedy = plan(problem, seed, Limits(0)).objective
    halfway, busy = time.monotonic(), time.process_time()
    found = plan(problem, seed, Limits(work))
    seconds, busy = time.monotonic() - halfway, time.process_time() - busy
    assert faults_of(problem, found) == ()
    objective = found.objective
    row = [
        size,
        f"{greedy.unserved.value} / {greedy.visits.value} / {greedy.moves.value}",
        f"{halfway - began:.1f}",
        f"{objective.unserved.value} / {objective.visits.value} / {objective.moves.value}",
        f"{seconds:.0f}",
        f"{busy:.0f}",
        f"{objective.visits.bound}",
        f"{objective.visits.gap:.1%}",
    ]
    return row, found, seconds


def main() -> None:
    """Measure each size, and say whether the goal is met."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sizes", nargs="*", default=["20x10", "83x25", "83x40", "300x60"])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=float, default=Limits().work)
    chosen = parser.parse_args()
    rows, told = [], []
    for size in chosen.sizes:
        row, found, seconds = _measured(size, chosen.seed, chosen.work)
        rows.append(row)
        if size == GOAL:
            met = seconds <= MOST_SECONDS and found.objective.visits.gap <= MOST_GAP
            told.append(f"{GOAL} within {MOST_SECONDS} s at a gap of at most {MOST_GAP:.0%}: {met}")
    print(
        table(
            [
                "communities x requests",
                "greedy: unserved / visits / moves",
                "s",
                "plan: unserved / visits / moves",
                "s",
                "CPU s",
                "bound of visits",
                "gap",
            ],
            rows,
        )
    )
    print("\n".join(told))


if __name__ == "__main__":
    main()
