"""Export and verification of the log of an election with as many electors as a community's.

    python -m benchmarks.election_log [--electors 100000]

Makes a roll and an election with one mark for each elector, at ten stations, then times the hash of
the roll, the export of the log, and `verify-election` as a program of its own.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.cli import verify_election
from services.committee.elections.chain import Kind, roll_hash
from tests.support.election_log import (
    ELECTION_DAY,
    STANDING,
    Log,
    count_line,
    counted,
    paper,
    poll,
    prepared,
    roll,
    votes,
)

STATIONS = 10


def _timed(what: str, work: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    done = work()
    print(f"{what}: {time.perf_counter() - began:.2f} s")
    return done


def election(electors: int) -> Log:
    """An election in which all take part and vote for the first of each contest."""
    log = prepared(roll(electors))
    each = electors // STATIONS
    starts = range(0, each * STATIONS, each)
    marks = {
        f"s{number}": paper(range(start + 1, start + each + 1))
        for number, start in enumerate(starts)
    }
    poll(log, ELECTION_DAY, 1, marks)
    rows = [
        count_line(contest, each, 0, 0, {person: each * (person == names[0]) for person in names})
        for contest, names in STANDING.items()
    ]
    for station in marks:
        counted(log, ELECTION_DAY, 1, station, each, rows)
    total = each * STATIONS
    elected = [("chair", "p1"), ("vice", "p3"), ("member", "p5")]
    log.add(
        Kind.RESULT,
        ELECTION_DAY,
        round=1,
        announced_on=ELECTION_DAY,
        valid=True,
        reasons=[],
        voters=len(log.roll),
        participants=total,
        tallies=[
            {
                "contest": contest,
                "votes": votes({person: total * (person == names[0]) for person in names}),
            }
            for contest, names in STANDING.items()
        ],
        elected=[
            {"contest": contest, "person": person, "votes": total} for contest, person in elected
        ],
        vacancies=[{"position": "member", "seats": 2, "women_only": False}],
    )
    return log


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--electors", type=int, default=100_000)
    electors = parser.parse_args().electors
    log = _timed("building the log", lambda: election(electors))
    _timed("hash of the roll", lambda: roll_hash(log.roll))
    data = _timed("export", log.file)
    print(f"file: {len(data) / 1e6:.1f} MB, {len(log.entries)} entries")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "log.json"
        file.write_bytes(data)
        program = [sys.executable, verify_election.__file__, str(file)]
        _timed("verification", lambda: subprocess.run(program, check=True))


if __name__ == "__main__":
    main()
