"""Exports of elections whose figures are worked out by hand, for what reads election logs."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from services.committee.elections.chain import (
    Entry,
    Kind,
    RollLine,
    append,
    digest,
    export,
    roll_hash,
)

START = datetime(2026, 10, 1, 1, tzinfo=UTC)
ELECTION_DAY = "2026-12-01"
SHA = hashlib.sha256(b"photograph").hexdigest()
SOURCE = {"text": "居民会议决定", "document": None}
ELECTORS = 40
WOMEN = {"p3", "p7", "p9"}
STANDING = {
    "chair": ["p1", "p2"],
    "vice": ["p3", "p4"],
    "member": ["p5", "p6", "p7", "p8", "p9"],
}
CONTESTS = [
    {"contest": "chair", "position": "chair", "seats": 1, "women_only": False},
    {"contest": "vice", "position": "vice_chair", "seats": 1, "women_only": False},
    {"contest": "member", "position": "member", "seats": 3, "women_only": False},
]
POSITIONS = {"chair": "chair", "vice": "vice_chair", "member": "member"}
RULES: dict[str, Any] = {
    "turnout": "1/2",
    "elected": "1/2",
    "second_ballot_floor": "1/3",
    "roll_published_days": 20,
    "objection_days": 5,
    "objection_decision_days": 3,
    "joint_nomination_min": 10,
    "proxies_max": 3,
    "scrutineers_min": 3,
    "candidates_margin": 1,
    "second_ballot_margin": 1,
    "woman": "first_woman",
    "over_election": "most_votes",
    "write_ins": False,
}


@dataclass
class Log:
    """A log in the making."""

    roll: list[RollLine]
    entries: list[Entry] = field(default_factory=list)

    def add(self, kind: Kind, on: str, **body: Any) -> Entry:
        """The next entry, at nine in the morning of the day in UTC."""
        at = datetime.fromisoformat(f"{on}T09:00:00+00:00")
        entry = append(self.entries[-1] if self.entries else None, kind, at, body)
        self.entries.append(entry)
        return entry

    def file(self) -> bytes:
        """Its export."""
        return export(self.roll, self.entries)


def line(number: int, unit: str | None = None) -> RollLine:
    """A line of a roll."""
    return RollLine(number, digest(["salt", number]), digest(unit) if unit else None)


def roll(electors: int = ELECTORS) -> list[RollLine]:
    """A roll where all electors vote."""
    return [line(number) for number in range(1, electors + 1)]


def counts(lines: Sequence[RollLine]) -> dict[str, Any]:
    """What an entry says of a roll."""
    units = [one for one in lines if one.unit]
    return {
        "electors": len(lines),
        "voters": len(units) or len(lines),
        "roll_sha256": roll_hash(lines),
    }


def rules(**changed: Any) -> dict[str, Any]:
    """Rules as the log's first entry has them."""
    return {
        name: {"value": value, "source": "组织法", "in_force_from": "2026-01-01"}
        for name, value in {**RULES, **changed}.items()
    }


def votes(numbers: Mapping[str, int]) -> list[dict[str, Any]]:
    """Votes by person."""
    return [{"person": person, "votes": numbers[person]} for person in sorted(numbers)]


def count_line(
    contest: str, valid: int, blank: int, void: int, numbers: Mapping[str, int]
) -> dict[str, Any]:
    """One contest on a count sheet."""
    return {
        "contest": contest,
        "valid": valid,
        "blank": blank,
        "void": void,
        "votes": votes(numbers),
    }


def persons(*names: str) -> list[dict[str, str]]:
    """Persons with a name."""
    return [{"person": name, "name": f"姓名{name}"} for name in names]


def prepared(lines: list[RollLine], **opened: Any) -> Log:
    """From the opening to the proxies: candidates of STANDING, elector 30 + n stands as pn."""
    log = Log(lines)
    body: dict[str, Any] = {
        "district": "421002",
        "election": "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79",
        "community": {"code": "421002001001", "name": "航空路社区"},
        "election_kind": "general",
        "form": "all_electors",
        "election_day": ELECTION_DAY,
        "contests": CONTESTS,
        "woman_sitting": False,
        "electronic_ballots": False,
        "rules": rules(),
        "source": SOURCE,
    }
    log.add(Kind.OPENED, "2026-10-01", **{**body, **opened})
    officers = [
        {**person, "position": position}
        for person, position in zip(
            persons("e1", "e2", "e3"), ["chair", "vice_chair", "member"], strict=True
        )
    ]
    log.add(Kind.ELECTION_COMMITTEE, "2026-10-08", members=officers, source=SOURCE)
    missed, strange = lines[1], line(len(lines) + 1)
    published = [one for one in lines if one is not missed] + [strange]
    log.add(Kind.REGISTRATION_CLOSED, "2026-11-10", registered=len(lines), refused=2)
    log.add(Kind.ROLL_PUBLISHED, "2026-11-11", published_on="2026-11-11", **counts(published))
    log.add(
        Kind.OBJECTION_DECIDED,
        "2026-11-19",
        objection="o1",
        raised_on="2026-11-16",
        decided_on="2026-11-19",
        outcome="upheld",
        added=[missed.as_json()],
        removed=[strange.as_json()],
    )
    log.add(Kind.ROLL_FROZEN, "2026-11-20", frozen_on="2026-11-20", **counts(lines))
    for contest, names in STANDING.items():
        for number, person in enumerate(names):
            by_party = number == 0
            log.add(
                Kind.NOMINATED,
                "2026-11-22",
                nomination=f"n-{person}",
                person=person,
                position=POSITIONS[contest],
                by="party" if by_party else "electors",
                nominators=[] if by_party else list(range(1, 11)),
            )
            log.add(
                Kind.NOMINATION_DECIDED,
                "2026-11-22",
                nomination=f"n-{person}",
                outcome="accepted",
                reasons=[],
            )
    log.add(
        Kind.ELECTION_COMMITTEE_CHANGED,
        "2026-11-22",
        left="e3",
        reason="kin_nominated",
        successor={**persons("e4")[0], "position": "member"},
    )
    candidates = [
        {
            **persons(person)[0],
            "sex": "female" if person in WOMEN else "male",
            "contests": [contest],
            "elector": 30 + int(person[1:]),
        }
        for contest, names in STANDING.items()
        for person in names
    ]
    log.add(
        Kind.CANDIDATES_PUBLISHED, "2026-11-23", published_on="2026-11-23", candidates=candidates
    )
    log.add(Kind.ELECTORS_MET, "2026-11-25", held_on="2026-11-25")
    return log


def poll(log: Log, on: str, number: int, marks: Mapping[str, Sequence[tuple[int, str]]]) -> None:
    """Stations of a round: published, ballots issued (two more than marked), closed with marks."""
    stations = [
        {
            "station": name,
            "kind": "mobile_box" if name.startswith("m") else "station",
            "name": f"投票站{name}",
            "scrutineers": persons("w1", "w2", "w3"),
        }
        for name in marks
    ]
    day = (datetime.fromisoformat(on) - timedelta(days=1)).date().isoformat()
    log.add(Kind.STATIONS_PUBLISHED, day, round=number, stations=stations)
    serial = 1
    for name, marked in marks.items():
        last = serial + len(marked) + 1
        log.add(Kind.BALLOTS_ISSUED, day, round=number, station=name, first=serial, last=last)
        serial = last + 1
    for name, marked in marks.items():
        log.add(
            Kind.STATION_CLOSED,
            on,
            round=number,
            station=name,
            marks=[{"number": one, "channel": channel} for one, channel in marked],
            spoiled=1,
            unused=1,
            sealed_ballots=[],
        )


def counted(
    log: Log, on: str, number: int, station: str, received: int, lines: Sequence[Any]
) -> None:
    """A station's count: sheets A and B, and their agreement."""
    sheets = [
        log.add(
            Kind.COUNT_SHEET,
            on,
            round=number,
            station=station,
            sheet=sheet,
            counted_by=person,
            received=received,
            contests=list(lines),
            photograph=SHA,
        ).sequence
        for sheet, person in (("A", "w1"), ("B", "w2"))
    ]
    log.add(Kind.COUNT_AGREED, on, round=number, station=station, a=sheets[0], b=sheets[1])


def paper(numbers: Sequence[int]) -> list[tuple[int, str]]:
    """Marks of those who came themselves."""
    return [(number, "paper") for number in numbers]


def whole_election() -> Log:
    """A renewal with a proxy, an elector marked twice, a woman first, a run-off, a second ballot.

    40 electors, 28 ballots: more than 14 votes elect. Chair: p1 20. Vice chair: p3 14, nobody.
    Members: p7 as the first woman, p5 20; p6 and p8 18 each for the last seat, p6 by a run-off.
    Second ballot for the vice chair, 24 ballots: p3 with 8, the floor.
    """
    log = prepared(roll())
    log.add(
        Kind.ROLL_CHANGED,
        "2026-11-26",
        added=[],
        removed=[line(40).as_json()],
        reason="death",
        signed_by=["e1", "e4"],
        **counts(roll()[:-1]),
    )
    log.add(
        Kind.PROXIES_PUBLISHED,
        "2026-11-27",
        published_on="2026-11-27",
        proxies=[{"principal": 14, "holder": 2}],
    )
    on = ELECTION_DAY
    marks = {
        "s1": [*paper(range(1, 14)), (14, "proxy")],
        "s2": paper([3, *range(15, 25)]),
        "m1": paper(range(25, 29)),
    }
    poll(log, on, 1, marks)
    conflicts = [{"number": 3, "kept": "s1", "other": "s2"}]
    log.add(Kind.MARKS_RECONCILED, on, round=1, conflicts=conflicts)
    figures: dict[str, tuple[int, list[dict[str, Any]]]] = {
        "s1": (
            14,
            [
                count_line("chair", 13, 1, 0, {"p1": 10, "p2": 3}),
                count_line("vice", 14, 0, 0, {"p3": 7, "p4": 7}),
                count_line("member", 14, 0, 0, {"p5": 10, "p6": 9, "p7": 9, "p8": 9, "p9": 3}),
            ],
        ),
        "s2": (
            10,
            [
                count_line("chair", 9, 0, 1, {"p1": 7, "p2": 2}),
                count_line("vice", 9, 0, 1, {"p3": 5, "p4": 4}),
                count_line("member", 10, 0, 0, {"p5": 7, "p6": 7, "p7": 6, "p8": 6, "p9": 1}),
            ],
        ),
        "m1": (
            4,
            [
                count_line("chair", 4, 0, 0, {"p1": 3, "p2": 1}),
                count_line("vice", 4, 0, 0, {"p3": 2, "p4": 2}),
                count_line("member", 4, 0, 0, {"p5": 3, "p6": 2, "p7": 3, "p8": 3, "p9": 1}),
            ],
        ),
    }
    for station, (received, lines) in figures.items():
        counted(log, on, 1, station, received, lines)
    log.add(
        Kind.SEATS_DECIDED,
        on,
        round=1,
        contest="member",
        step="seats",
        question="tie",
        among=["p6", "p8"],
        elected=["p6"],
        how="run_off",
        votes=votes({"p6": 17, "p8": 9}),
        source={"text": "省选举办法：票数相等的再次投票", "document": SHA},
    )
    vice = {"position": "vice_chair", "seats": 1, "women_only": False}
    log.add(
        Kind.RESULT,
        on,
        round=1,
        announced_on=on,
        valid=True,
        reasons=[],
        voters=39,
        participants=28,
        tallies=[
            {"contest": "chair", "votes": votes({"p1": 20, "p2": 6})},
            {"contest": "vice", "votes": votes({"p3": 14, "p4": 13})},
            {
                "contest": "member",
                "votes": votes({"p5": 20, "p6": 18, "p7": 18, "p8": 18, "p9": 5}),
            },
        ],
        elected=[
            {"contest": "chair", "person": "p1", "votes": 20},
            {"contest": "member", "person": "p5", "votes": 20},
            {"contest": "member", "person": "p6", "votes": 18},
            {"contest": "member", "person": "p7", "votes": 18},
        ],
        vacancies=[vice],
    )
    second_ballot(log, vice)
    return log


def second_ballot(log: Log, vice: dict[str, Any]) -> None:
    """The vice chair of `whole_election`, to the end."""
    on = "2026-12-08"
    log.add(
        Kind.FURTHER_BALLOT,
        "2026-12-02",
        round=2,
        reason="second_ballot",
        ballot_on=on,
        contests=[{"contest": "vice", **vice, "candidates": ["p3", "p4"]}],
    )
    poll(log, on, 2, {"s1": paper(range(1, 25))})
    counted(log, on, 2, "s1", 24, [count_line("vice", 15, 8, 1, {"p3": 8, "p4": 7})])
    log.add(
        Kind.RESULT,
        on,
        round=2,
        announced_on=on,
        valid=True,
        reasons=[],
        voters=39,
        participants=24,
        tallies=[{"contest": "vice", "votes": votes({"p3": 8, "p4": 7})}],
        elected=[{"contest": "vice", "person": "p3", "votes": 8}],
        vacancies=[],
    )
    elected = [
        ("chair", "p1"),
        ("member", "p5"),
        ("member", "p6"),
        ("member", "p7"),
        ("vice_chair", "p3"),
    ]
    log.add(
        Kind.CLOSED,
        "2026-12-09",
        elected=[{"position": position, "person": person} for position, person in elected],
        vacancies=[],
    )


def rewritten(value: dict[str, Any]) -> bytes:
    """A file whose chain is written anew over what its entries now say: what a forger would do."""
    last: Entry | None = None
    entries = []
    for entry in value["entries"]:
        at = datetime.fromisoformat(entry["at"].replace("Z", "+00:00"))
        last = append(last, Kind(entry["kind"]), at, entry["body"])
        entries.append(last)
    lines = [RollLine(**one) for one in value["roll"]]
    return export(lines, entries)


def opened(log: Log) -> dict[str, Any]:
    """The export's value, to be changed."""
    value: dict[str, Any] = json.loads(log.file())
    return value
