"""Checks the exported log of an election: `python verify_election.py FILE [--head HASH]`.

It needs this file and Python's standard library, nothing of the platform, and recomputes everything
that docs/election-log.md specifies: the chain, the roll, ballots, marks, counts, result. That is why
it is one file and repeats what the platform does in its own words.
"""

import argparse
import hashlib
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

FORMAT = "shequ-election-log/1"
GENESIS = "0" * 64
LAW_IN_FORCE = date(2026, 1, 1)
SHANGHAI = timezone(timedelta(hours=8))
REPRESENTATIVES = "resident_representatives"


class Fault(NamedTuple):
    """One thing that is wrong; `sequence` is that of the entry, None for the file as a whole."""

    sequence: int | None
    zh: str
    en: str


class Said(NamedTuple):
    """One thing that was checked and found right."""

    zh: str
    en: str


@dataclass
class Report:
    """What was checked, and what is wrong: nothing is, where there are no faults."""

    checked: list[Said] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Wrong(Exception):
    """What is wrong with one entry or the file; checking goes no further from there."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def require(right: bool, zh: str, en: str) -> None:
    """Raise Wrong unless it is right."""
    if not right:
        raise Wrong(zh, en)


# --- Reading: strict JSON, its canonical form, and the shape of every body ---


def canonical(value: Any) -> bytes:
    """RFC 8785 for values without floats."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs) or not all(key.isascii() for key in found):
        raise ValueError("a key twice, or not ASCII")
    return found


def _number(text: str) -> int:
    value = int(text) if len(text) < 18 else 2**53
    if abs(value) >= 2**53:
        raise ValueError(f"the number {text[:20]}")
    return value


def read(data: bytes) -> Any:
    """The file's value. Raises Wrong for anything that has no single canonical form."""
    try:
        value = json.loads(
            data.decode(),
            object_pairs_hook=_pairs,
            parse_int=_number,
            parse_float=_number,
            parse_constant=_number,
        )
        canonical(value)
    except (ValueError, RecursionError) as error:
        raise Wrong(f"不是规范的 JSON 文件：{error}", f"it is not strict JSON: {error}") from None
    return value


Shape = Callable[[Any], bool]


def text(value: Any) -> bool:
    """A text that is not empty."""
    return isinstance(value, str) and value != ""


def count(value: Any) -> bool:
    """An integer from 0."""
    return type(value) is int and value >= 0


def positive(value: Any) -> bool:
    """An integer from 1."""
    return type(value) is int and value >= 1


def flag(value: Any) -> bool:
    """True or false."""
    return isinstance(value, bool)


def sha256(value: Any) -> bool:
    """64 hexadecimal digits."""
    return isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value) is not None


def day(value: Any) -> bool:
    """A day, YYYY-MM-DD."""
    if not (isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII)):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def one_of(*values: str) -> Shape:
    """One of these texts."""
    return lambda value: isinstance(value, str) and value in values


def nullable(shape: Shape) -> Shape:
    """That shape, or null."""
    return lambda value: value is None or shape(value)


def record(**shapes: Shape) -> Shape:
    """An object with exactly these fields."""
    return lambda value: (
        isinstance(value, dict)
        and value.keys() == shapes.keys()
        and all(shape(value[name]) for name, shape in shapes.items())
    )


def list_of(shape: Shape, by: Callable[[Any], Any] | None = None) -> Shape:
    """A list; with `by`, strictly ascending by it."""

    def fits(value: Any) -> bool:
        if not (isinstance(value, list) and all(shape(item) for item in value)):
            return False
        keys = [by(item) for item in value] if by else []
        return all(one < other for one, other in pairwise(keys))

    return fits


def _rules(value: Any) -> bool:
    rule = record(value=lambda value: value is not None, source=text, in_force_from=day)
    return isinstance(value, dict) and all(rule(item) for item in value.values())


def _of(*names: str) -> Callable[[Any], Any]:
    return lambda item: tuple(item[name] for name in names)


def _itself(item: Any) -> Any:
    return item


POSITION = one_of("chair", "vice_chair", "member")
SOURCE = record(text=text, document=nullable(sha256))
CONTEST = {"contest": text, "position": POSITION, "seats": positive, "women_only": flag}
CONTESTS = list_of(record(**CONTEST))
LINES = list_of(record(number=positive, commitment=sha256, unit=nullable(sha256)), _of("number"))
VOTES = list_of(record(person=text, votes=count), _of("person"))
VACANCIES = list_of(record(position=POSITION, seats=positive, women_only=flag))
OFFICER = record(person=text, name=text, position=POSITION)
CANDIDATE = {
    "person": text,
    "name": text,
    "sex": one_of("female", "male"),
    "contests": list_of(text),
    "elector": positive,
}
ROLL = {"electors": count, "voters": count, "roll_sha256": sha256}
STATION = {"round": positive, "station": text}
SHAPES: Mapping[str, Shape] = {
    "opened": record(
        district=text,
        election=text,
        community=record(code=text, name=text),
        election_kind=one_of("general", "by_election"),
        form=one_of("all_electors", "household_representatives", REPRESENTATIVES),
        election_day=day,
        contests=CONTESTS,
        woman_sitting=flag,
        electronic_ballots=lambda value: value is False,
        rules=_rules,
        source=SOURCE,
    ),
    "election_committee": record(members=list_of(OFFICER), source=SOURCE),
    "election_committee_changed": record(
        left=text,
        reason=one_of("nominated", "kin_nominated", "other"),
        successor=nullable(OFFICER),
    ),
    "registration_closed": record(registered=count, refused=count),
    "roll_published": record(published_on=day, **ROLL),
    "objection_decided": record(
        objection=text,
        raised_on=day,
        decided_on=day,
        outcome=one_of("upheld", "dismissed"),
        added=LINES,
        removed=LINES,
    ),
    "roll_frozen": record(frozen_on=day, **ROLL),
    "roll_changed": record(
        added=LINES,
        removed=LINES,
        reason=one_of("death", "moved", "rights", "omission", "decision"),
        signed_by=list_of(text, _itself),
        **ROLL,
    ),
    "nominated": record(
        nomination=text,
        person=text,
        position=POSITION,
        by=one_of("party", "electors"),
        nominators=list_of(positive, _itself),
    ),
    "nomination_decided": record(
        nomination=text,
        outcome=one_of("accepted", "refused"),
        reasons=list_of(text, _itself),
    ),
    "candidates_published": record(published_on=day, candidates=list_of(record(**CANDIDATE))),
    "candidate_withdrawn": record(person=text, reason=text),
    "written_in": record(**CANDIDATE),
    "electors_met": record(held_on=day),
    "proxies_published": record(
        published_on=day,
        proxies=list_of(record(principal=positive, holder=positive), _of("principal")),
    ),
    "stations_published": record(
        round=positive,
        stations=list_of(
            record(
                station=text,
                kind=one_of("station", "mobile_box"),
                name=text,
                scrutineers=list_of(record(person=text, name=text)),
            )
        ),
    ),
    "ballots_issued": record(**STATION, first=positive, last=positive),
    "station_closed": record(
        **STATION,
        marks=list_of(
            record(number=positive, channel=one_of("paper", "proxy")),
            _of("number"),
        ),
        spoiled=count,
        unused=count,
        sealed_ballots=lambda value: value == [],
    ),
    "marks_reconciled": record(
        round=positive,
        conflicts=list_of(record(number=positive, kept=text, other=text), _of("number", "other")),
    ),
    "station_voided": record(**STATION, reason=text, source=SOURCE),
    "count_sheet": record(
        **STATION,
        sheet=one_of("A", "B"),
        counted_by=text,
        received=count,
        contests=list_of(record(contest=text, valid=count, blank=count, void=count, votes=VOTES)),
        photograph=sha256,
    ),
    "count_agreed": record(**STATION, a=count, b=count),
    "seats_decided": record(
        round=positive,
        contest=text,
        step=one_of("woman", "seats"),
        question=one_of("tie", "over_election"),
        among=list_of(text, _itself),
        elected=list_of(text, _itself),
        how=one_of("run_off", "other"),
        votes=VOTES,
        source=SOURCE,
    ),
    "result": record(
        round=positive,
        announced_on=day,
        valid=flag,
        reasons=list_of(text, _itself),
        voters=count,
        participants=count,
        tallies=list_of(record(contest=text, votes=VOTES)),
        elected=list_of(record(contest=text, person=text, votes=count)),
        vacancies=VACANCIES,
    ),
    "further_ballot": record(
        round=positive,
        reason=one_of("second_ballot", "repeat"),
        ballot_on=day,
        contests=list_of(record(**CONTEST, candidates=list_of(text))),
    ),
    "closed": record(elected=list_of(record(position=POSITION, person=text)), vacancies=VACANCIES),
    "postponed": record(round=positive, ballot_on=day, reason=text, source=SOURCE),
    "cancelled": record(reason=text, source=SOURCE),
    "annulled": record(person=text, position=POSITION, source=SOURCE),
}
ENTRY = record(
    sequence=count,
    previous=sha256,
    kind=one_of(*SHAPES),
    at=lambda value: (
        isinstance(value, str)
        and re.fullmatch(r"\d{4}(-\d\d){2}T\d\d:\d\d:\d\dZ", value, re.ASCII) is not None
    ),
    body=lambda value: isinstance(value, dict),
    hash=sha256,
)


def check_file(value: Any) -> None:
    """Raise Wrong unless the file has its fields, an unbroken chain and bodies of the right shape."""
    require(
        isinstance(value, dict)
        and value.keys() == {"format", "roll", "entries", "head"}
        and value["format"] == FORMAT,
        f"文件应有 format、roll、entries、head 四项，格式为 {FORMAT}。",
        f"A file has format, roll, entries and head, and its format is {FORMAT}.",
    )
    require(
        LINES(value["roll"]),
        "选民名单的行不完整或未按编号排列。",
        "The lines of the roll are incomplete or not in order of number.",
    )
    require(
        isinstance(value["entries"], list) and len(value["entries"]) > 0,
        "日志没有条目。",
        "The log has no entries.",
    )
    previous, at = GENESIS, ""
    for sequence, entry in enumerate(value["entries"]):
        try:
            _check_entry(entry, sequence, previous, at)
        except Wrong as wrong:
            zh, en = f"第 {sequence} 条：{wrong.zh}", f"entry {sequence}: {wrong.en}"
            raise Wrong(zh, en) from None
        previous, at = entry["hash"], entry["at"]
    require(
        value["head"] == {"entries": len(value["entries"]), "hash": previous}
        and type(value["head"]["entries"]) is int,
        "日志末端与最后一条不符：可能有条目被删除或添加。",
        "The head does not match the last entry: entries were removed or added.",
    )


def _check_entry(entry: Any, sequence: int, previous: str, at: str) -> None:
    require(
        ENTRY(entry),
        "条目的栏目不全、多余或不合格式。",
        "fields are missing, unknown or malformed.",
    )
    require(entry["sequence"] == sequence, "序号不连续。", "the sequence is broken.")
    require(
        entry["previous"] == previous,
        "与前一条的哈希不衔接。",
        "it does not follow from the entry before.",
    )
    hashed = {name: item for name, item in entry.items() if name != "hash"}
    require(
        digest(hashed) == entry["hash"],
        "内容与其哈希不符：已被改动。",
        "its content does not match its hash: it was changed.",
    )
    require(
        SHAPES[entry["kind"]](entry["body"]),
        f"“{entry['kind']}”的内容不合格式。",
        f"the body of `{entry['kind']}` is malformed.",
    )
    require(entry["at"] >= at, "时间早于前一条。", "its time is before that of the entry before.")


# --- The rules of the law ---


def share(value: Any) -> tuple[int, int]:
    """A share "1/2" as numerator and denominator. Raises Wrong."""
    found = (
        re.fullmatch(r"(\d{1,4})/(\d{1,4})", value, re.ASCII) if isinstance(value, str) else None
    )
    require(
        found is not None and 0 < int(found[1]) < int(found[2]),
        f"{value!r} 不是比例。",
        f"{value!r} is not a share.",
    )
    assert found is not None
    return int(found[1]), int(found[2])


def _at_least(value: Any, law: str) -> bool:
    (one, whole), (least, of) = share(value), share(law)
    return one * of >= least * whole


def rule_faults(rules: Mapping[str, Any], form: str) -> list[str]:
    """The names of rules that are missing, malformed or laxer than the law in force from 2026."""
    law: dict[str, Callable[[Any], bool]] = {
        "turnout": lambda v: _at_least(v, "2/3" if form == REPRESENTATIVES else "1/2"),
        "elected": lambda v: _at_least(v, "1/2"),
        "second_ballot_floor": lambda v: _at_least(v, "1/3"),
        "roll_published_days": lambda v: count(v) and v >= 20,
        "objection_days": lambda v: count(v) and v >= 5,
        "objection_decision_days": lambda v: count(v) and v <= 3,
        "joint_nomination_min": lambda v: count(v) and v == 10,
        "proxies_max": lambda v: count(v) and v <= (0 if form == REPRESENTATIVES else 3),
        "scrutineers_min": positive,
        "candidates_margin": positive,
        "second_ballot_margin": positive,
        "woman": one_of("first_woman", "none"),
        "over_election": one_of("most_votes", "ask"),
        "write_ins": flag,
    }
    wrong = sorted(law.keys() ^ rules.keys())
    for name in sorted(law.keys() & rules.keys()):
        try:
            if not law[name](rules[name]["value"]):
                wrong.append(name)
        except Wrong:
            wrong.append(name)
    return wrong


# --- Deciding a round ---


@dataclass
class Question:
    """What a round waits for: who of `among` takes the `seats`."""

    contest: str
    step: str
    question: str
    among: list[str]
    seats: int


@dataclass
class Round:
    """One ballot, as far as the log tells."""

    number: int
    nature: str
    ballot_on: date
    contests: list[dict[str, Any]]
    stations: dict[str, dict[str, Any]] = field(default_factory=dict)
    issued: list[tuple[int, int, str]] = field(default_factory=list)
    closed: dict[str, dict[str, Any]] = field(default_factory=dict)
    reconciled: bool = False
    voided: set[str] = field(default_factory=set)
    sheets: dict[tuple[str, str], tuple[int, dict[str, Any]]] = field(default_factory=dict)
    agreed: dict[str, dict[str, Any]] = field(default_factory=dict)
    decisions: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    result: dict[str, Any] | None = None

    @property
    def persons(self) -> set[str]:
        """Everyone who stands in it."""
        return {person for contest in self.contests for person in contest["candidates"]}

    def counted(self) -> list[dict[str, Any]]:
        """The agreed sheets that count."""
        return [sheet for name, sheet in self.agreed.items() if name not in self.voided]

    def marked(self) -> Counter[int]:
        """How often each number was marked, at stations not voided."""
        return Counter(
            mark["number"]
            for name, body in self.closed.items()
            if name not in self.voided
            for mark in body["marks"]
        )

    def tallies(self) -> dict[str, dict[str, int]]:
        """Votes by contest and person over all sheets that count."""
        found: dict[str, dict[str, int]] = {
            contest["contest"]: dict.fromkeys(contest["candidates"], 0) for contest in self.contests
        }
        for sheet in self.counted():
            for line in sheet["contests"]:
                votes = found[line["contest"]]
                for item in line["votes"]:
                    votes[item["person"]] = votes.get(item["person"], 0) + item["votes"]
        return found


@dataclass
class Outcome:
    """Who is elected (contest, person), the seats left, or the question that is open."""

    elected: list[tuple[str, str]] = field(default_factory=list)
    vacancies: list[dict[str, Any]] = field(default_factory=list)
    question: Question | None = None


def reasons_against(round: Round, participants: int, voters: int, turnout: str) -> list[str]:
    """Why the round is invalid, none where it is valid."""
    reasons = []
    if participants > len(round.marked()):
        reasons.append("ballots_exceed_voters")
    numerator, denominator = share(turnout)
    if round.nature == "first" and participants * denominator <= voters * numerator:
        reasons.append("turnout")
    return reasons


def decide(
    round: Round,
    participants: int,
    rules: Mapping[str, Any],
    women: set[str],
    before: set[str],
    woman_sitting: bool,
) -> Outcome:
    """Decide a valid round, contest by contest, until a question is open; `before` were elected."""
    outcome, tallies = Outcome(), round.tallies()
    for contest in round.contests:
        name, seats = contest["contest"], contest["seats"]
        gone = before | {person for _, person in outcome.elected}
        votes = tallies[name]
        passing = {
            person: votes[person]
            for person in votes
            if person not in gone
            and (person in women or not contest["women_only"])
            and _passes(votes[person], participants, round.nature, rules)
        }
        wants_woman = (
            rules["woman"] == "first_woman"
            and round.nature == "first"
            and contest is round.contests[-1]
            and contest["position"] == "member"
            and not any(one["women_only"] for one in round.contests)
            and not (woman_sitting or gone & women)
        )
        chosen: set[str] = set()
        kept = 0
        if wants_woman and len(passing) >= seats:
            candidates = {person: passing[person] for person in passing if person in women}
            if not candidates:
                kept = 1
            elif len(passing) > seats and not _surely(passing, seats) & women:
                chosen = _fill(outcome, round, name, "woman", candidates, 1, ask=False)
        if outcome.question is None:
            remaining = {person: passing[person] for person in passing.keys() - chosen}
            ask = round.nature == "first" and rules["over_election"] == "ask"
            left = seats - kept - len(chosen)
            chosen |= _fill(outcome, round, name, "seats", remaining, left, ask=ask)
        if outcome.question is not None:
            return outcome
        outcome.elected += [(name, person) for person in sorted(chosen)]
        apart = 1 if wants_woman and not chosen & women and len(chosen) < seats else 0
        outcome.vacancies += _vacancies(contest, seats - len(chosen) - apart, apart)
    return outcome


def _passes(votes: int, participants: int, nature: str, rules: Mapping[str, Any]) -> bool:
    if nature == "first":
        numerator, denominator = share(rules["elected"])
        return votes * denominator > participants * numerator
    numerator, denominator = share(rules["second_ballot_floor"])
    return votes > 0 and votes * denominator >= participants * numerator


def _surely(votes: Mapping[str, int], seats: int) -> set[str]:
    """Those with more votes than the first who would be left out."""
    left_out = sorted(votes.values(), reverse=True)[seats]
    return {person for person in votes if votes[person] > left_out}


def _fill(
    outcome: Outcome,
    round: Round,
    contest: str,
    step: str,
    votes: Mapping[str, int],
    seats: int,
    *,
    ask: bool,
) -> set[str]:
    if len(votes) <= seats:
        return set(votes)
    if seats == 0:
        return set()
    surely = set() if ask else _surely(votes, seats)
    if len(surely) == seats:
        return surely
    most = max((votes[person] for person in votes.keys() - surely), default=0)
    among = [person for person in votes if ask or votes[person] == most]
    decided = round.decisions.get((contest, step))
    if decided is None:
        question = "over_election" if ask else "tie"
        outcome.question = Question(contest, step, question, sorted(among), seats - len(surely))
        return set()
    return surely | set(decided)


def _vacancies(contest: Mapping[str, Any], seats: int, for_a_woman: int) -> list[dict[str, Any]]:
    counts = ((seats, contest["women_only"]), (for_a_woman, True))
    return [
        {"position": contest["position"], "seats": number, "women_only": women_only}
        for number, women_only in counts
        if number > 0
    ]


# --- Going through the log ---


class Order(NamedTuple):
    """When a kind may come: after `needs`, before the first `before`, once or more often.

    `standing` kinds may not come between a round's first closed station and its result.
    """

    needs: tuple[str, ...] = ()
    before: str = ""
    once: bool = False
    standing: bool = False


ORDER: Mapping[str, Order] = {
    "opened": Order(once=True),
    "election_committee": Order(once=True),
    "election_committee_changed": Order(("election_committee",), standing=True),
    "registration_closed": Order(("election_committee",), once=True),
    "roll_published": Order(("registration_closed",), once=True),
    "objection_decided": Order(("roll_published",), before="roll_frozen"),
    "roll_frozen": Order(("roll_published",), once=True),
    "roll_changed": Order(("roll_frozen",), standing=True),
    "nominated": Order(("roll_frozen",), before="ballots_issued"),
    "nomination_decided": Order(("nominated",), before="ballots_issued"),
    "candidates_published": Order(("nomination_decided",), before="ballots_issued"),
    "candidate_withdrawn": Order(("candidates_published",), standing=True),
    "written_in": Order(("ballots_issued",)),
    "electors_met": Order(("candidates_published",), before="station_closed"),
    "proxies_published": Order(("roll_frozen",), standing=True),
    "stations_published": Order(("roll_frozen",)),
    "ballots_issued": Order(("candidates_published", "stations_published")),
    "station_closed": Order(("electors_met", "ballots_issued")),
    "marks_reconciled": Order(("station_closed",)),
    "station_voided": Order(("station_closed",)),
    "count_sheet": Order(("station_closed",)),
    "count_agreed": Order(("count_sheet",)),
    "seats_decided": Order(("station_closed",)),
    "result": Order(("station_closed",)),
    "further_ballot": Order(("result",)),
    "postponed": Order(),
    "closed": Order(("result",), once=True),
    "cancelled": Order(once=True),
    "annulled": Order(("closed",)),
}


class Election:
    """What the entries so far tell; `take` adds the next and raises Wrong."""

    def __init__(self, frozen: Sequence[dict[str, Any]]) -> None:
        self.frozen = frozen
        self.came: Counter[str] = Counter()
        self.roll: dict[int, dict[str, Any]] = {}
        self.published: dict[str, Any] = {}
        self.breaches: list[tuple[str, str]] = []
        self.objections: list[dict[str, Any]] = []
        self.committee: set[str] = set()
        self.nominations: dict[str, dict[str, Any]] = {}
        self.decided: set[str] = set()
        self.accepted: set[tuple[str, str]] = set()
        self.candidates: dict[str, dict[str, Any]] = {}
        self.withdrawn: set[str] = set()
        self.proxies: dict[int, int] = {}
        self.rounds: list[Round] = []
        self.elected: list[dict[str, Any]] = []
        self.stood: dict[tuple[str, str], int] = {}
        self.left_out: list[dict[str, Any]] = []
        self.ended = ""

    def take(self, entry: Mapping[str, Any]) -> None:
        """The next entry."""
        kind, body, order = entry["kind"], entry["body"], ORDER[entry["kind"]]
        self.sequence = entry["sequence"]
        moment = datetime.strptime(entry["at"], "%Y-%m-%dT%H:%M:%S%z")
        self.today = moment.astimezone(SHANGHAI).date()
        require(
            (kind == "opened") == (self.sequence == 0),
            "日志应以“opened”开头，且仅有一条。",
            "a log starts with `opened`, once.",
        )
        require(
            not self.ended or (kind == "annulled" and self.ended == "closed"),
            "选举已结束，不应再有条目。",
            "the election had ended; nothing may follow.",
        )
        missing = [needed for needed in order.needs if not self.came[needed]]
        require(not missing, f"此前应有 {missing}。", f"{missing} must come before it.")
        require(
            not (order.before and self.came[order.before]),
            f"不应在“{order.before}”之后。",
            f"it may not come after `{order.before}`.",
        )
        require(not (order.once and self.came[kind]), "只应有一条。", "it may come only once.")
        counting = bool(self.rounds and self.round.closed and not self.round.result)
        require(
            not (order.standing and counting),
            "投票站关闭后、结果公布前不得变更。",
            "it may not come between a station's closing and the result.",
        )
        late = [
            name
            for name in body
            if name.endswith("_on")
            and name != "ballot_on"
            and date.fromisoformat(body[name]) > self.today
        ]
        require(not late, f"{late} 晚于记录之日。", f"{late} lies after the day of the entry.")
        getattr(self, f"_{kind}")(body)
        self.came[kind] += 1

    @property
    def round(self) -> Round:
        """The round that runs, or was last."""
        return self.rounds[-1]

    def _opened(self, body: dict[str, Any]) -> None:
        self.form = body["form"]
        self.woman_sitting = body["woman_sitting"]
        self.election_day = date.fromisoformat(body["election_day"])
        self.rules = {name: rule["value"] for name, rule in body["rules"].items()}
        require(
            self.election_day >= LAW_IN_FORCE,
            "本程序只核对 2026-01-01 起举行的选举。",
            "only elections held from 2026-01-01 on can be verified.",
        )
        wrong = rule_faults(body["rules"], self.form)
        require(
            not wrong,
            f"规则缺失、多余或比法律宽松：{wrong}。",
            f"rules are missing, unknown or laxer than the law: {wrong}.",
        )
        _distinct(contest["contest"] for contest in body["contests"])
        require(bool(body["contests"]), "没有应选职务。", "it has no contests.")
        seats = sum(contest["seats"] for contest in body["contests"])
        chairs = sum(c["seats"] for c in body["contests"] if c["position"] == "chair")
        require(
            body["election_kind"] == "by_election" or (5 <= seats <= 9 and chairs == 1),
            "居民委员会由主任一人等五至九人组成（第八条）。",
            "a committee has five to nine members, one of them its chair (article 8).",
        )
        contests = [{**contest, "candidates": []} for contest in body["contests"]]
        self.rounds.append(Round(1, "first", self.election_day, contests))

    def _election_committee(self, body: dict[str, Any]) -> None:
        self.committee = _distinct(member["person"] for member in body["members"])

    def _election_committee_changed(self, body: dict[str, Any]) -> None:
        require(
            body["left"] in self.committee,
            "退出者不是居民选举委员会成员。",
            "who left is no member of the election committee.",
        )
        self.committee.discard(body["left"])
        if body["successor"] is not None:
            require(
                body["successor"]["person"] not in self.committee,
                "递补者已是成员。",
                "the successor is a member already.",
            )
            self.committee.add(body["successor"]["person"])

    def _registration_closed(self, body: dict[str, Any]) -> None:
        self.registered = body["registered"]

    def _roll_published(self, body: dict[str, Any]) -> None:
        self.published = body
        self.published_on = date.fromisoformat(body["published_on"])
        self._check_roll_days()
        require(
            body["electors"] == self.registered,
            "公布人数与登记人数不符。",
            "the roll does not have as many electors as were registered.",
        )

    def _check_roll_days(self) -> None:
        latest = self.election_day - timedelta(days=self.rules["roll_published_days"])
        require(
            self.published_on <= latest,
            f"选民名单应在 {latest} 或之前公布（第十七条）。",
            f"the roll had to be published by {latest} (article 17).",
        )

    def _postponed(self, body: dict[str, Any]) -> None:
        self._in_round(body)
        require(
            not self.round.issued,
            "发票后不得改期。",
            "the day may not move once ballots are issued.",
        )
        self.round.ballot_on = date.fromisoformat(body["ballot_on"])
        if self.round.number == 1:
            self.election_day = self.round.ballot_on
            if self.came["roll_published"]:
                self._check_roll_days()
        else:
            require(
                self.round.ballot_on >= self.rounds[-2].ballot_on,
                "早于上一轮。",
                "it is before the round before.",
            )

    def _objection_decided(self, body: dict[str, Any]) -> None:
        raised, decided = (date.fromisoformat(body[name]) for name in ("raised_on", "decided_on"))
        last = self.published_on + timedelta(days=self.rules["objection_days"])
        require(
            self.published_on <= raised <= last,
            f"异议应在 {self.published_on} 至 {last} 提出（第十七条）。",
            f"objections are raised from {self.published_on} to {last} (article 17).",
        )
        due = raised + timedelta(days=self.rules["objection_decision_days"])
        require(raised <= decided, "处理决定早于异议。", "it was decided before it was raised.")
        if decided > due:
            self.breaches.append(
                (
                    f"应在 {due} 或之前作出处理决定（第十七条）。",
                    f"it had to be decided by {due} (article 17).",
                )
            )
        require(
            (body["outcome"] == "upheld") == bool(body["added"] or body["removed"]),
            "处理决定与名单变更不一致。",
            "the decision and the changes of the roll do not fit.",
        )
        self.objections.append(body)
        _distinct(objection["objection"] for objection in self.objections)

    def _roll_frozen(self, body: dict[str, Any]) -> None:
        last = self.published_on + timedelta(days=self.rules["objection_days"])
        require(
            date.fromisoformat(body["frozen_on"]) > last,
            f"异议期到 {last} 为止，名单应在其后确定（第十七条）。",
            f"objections may be made until {last}; the roll is frozen after it (article 17).",
        )
        self.roll = {line["number"]: line for line in self.frozen}
        self._check_roll(self.roll, body)
        before = dict(self.roll)
        for objection in reversed(self.objections):
            self._change(before, removed=objection["added"], added=objection["removed"])
        self._check_roll(before, self.published)

    def _change(
        self,
        roll: dict[int, dict[str, Any]],
        *,
        removed: Iterable[dict[str, Any]],
        added: Iterable[dict[str, Any]],
    ) -> None:
        for line in removed:
            require(
                roll.pop(line["number"], None) == line,
                f"名单中没有 {line['number']} 号这一行。",
                f"the roll does not have this line of number {line['number']}.",
            )
        for line in added:
            require(
                line["number"] not in roll,
                f"{line['number']} 号已在名单中。",
                f"number {line['number']} is on the roll already.",
            )
            roll[line["number"]] = line

    def _check_roll(self, roll: Mapping[int, dict[str, Any]], body: Mapping[str, Any]) -> None:
        lines = [roll[number] for number in sorted(roll)]
        units = [line["unit"] for line in lines if line["unit"] is not None]
        if self.form == "all_electors":
            require(not units, "全体选举不设代表。", "all electors vote; units are out of place.")
            voters = len(lines)
        else:
            voters = len(units)
        if self.form == "household_representatives":
            _distinct(units)
        _distinct(line["commitment"] for line in lines)
        require(
            (body["electors"], body["voters"]) == (len(lines), voters),
            f"名单应为 {len(lines)} 人、有投票权 {voters} 人。",
            f"the roll has {len(lines)} electors, {voters} of whom vote.",
        )
        require(
            digest(lines) == body["roll_sha256"],
            "选民名单与其哈希不符。",
            "the roll does not match its hash.",
        )

    def _roll_changed(self, body: dict[str, Any]) -> None:
        self._change(self.roll, removed=body["removed"], added=body["added"])
        require(bool(body["removed"] or body["added"]), "没有变更。", "nothing changed.")
        self._check_roll(self.roll, body)
        signed = set(body["signed_by"])
        require(
            len(signed) == 2 and signed <= self.committee,
            "应由居民选举委员会两名成员签署。",
            "two members of the election committee must sign it.",
        )

    def _voters(self) -> set[int]:
        everyone = self.form == "all_electors"
        return {number for number, line in self.roll.items() if everyone or line["unit"]}

    def _nominated(self, body: dict[str, Any]) -> None:
        require(
            body["nomination"] not in self.nominations,
            "提名编号重复。",
            "the nomination's id is used already.",
        )
        least = self.rules["joint_nomination_min"]
        nominators = body["nominators"]
        fits = len(nominators) >= least if body["by"] == "electors" else not nominators
        require(
            fits,
            f"选民联名提名应有 {least} 人以上（第十八条）。",
            f"electors nominate in groups of at least {least} (article 18).",
        )
        require(
            self.roll.keys() >= set(nominators),
            "提名人不在选民名单中。",
            "a nominator is not on the roll.",
        )
        self.nominations[body["nomination"]] = body

    def _nomination_decided(self, body: dict[str, Any]) -> None:
        nomination = self.nominations.get(body["nomination"])
        require(
            nomination is not None and body["nomination"] not in self.decided,
            "没有待审查的这一提名。",
            "no such nomination waits for a decision.",
        )
        require(
            (body["outcome"] == "refused") == bool(body["reasons"]),
            "不予通过应写明原因。",
            "a refusal, and only a refusal, has reasons.",
        )
        assert nomination is not None
        self.decided.add(body["nomination"])
        if body["outcome"] == "accepted":
            self.accepted.add((nomination["person"], nomination["position"]))

    def _candidates_published(self, body: dict[str, Any]) -> None:
        candidates = body["candidates"]
        _distinct(candidate["person"] for candidate in candidates)
        _distinct(candidate["elector"] for candidate in candidates)
        self.candidates = {candidate["person"]: candidate for candidate in candidates}
        self.withdrawn = set()
        for contest in self.round.contests:
            contest["candidates"] = []
        for candidate in candidates:
            self._stand(candidate)
            for contest in self._contests_of(candidate):
                require(
                    (candidate["person"], contest["position"]) in self.accepted,
                    f"{candidate['name']} 未经提名并审查通过。",
                    f"{candidate['name']} has no accepted nomination for this office.",
                )
        self._enough_candidates(self.rules["candidates_margin"])

    def _enough_candidates(self, margin: int) -> None:
        for contest in self.round.contests:
            standing = set(contest["candidates"]) - self.withdrawn
            require(
                len(standing) >= contest["seats"] + margin,
                f"{contest['contest']} 的候选人应多于应选名额至少 {margin} 人（第十八条）。",
                f"{contest['contest']} needs {margin} more candidates than seats (article 18).",
            )

    def _stand(self, candidate: dict[str, Any]) -> None:
        require(
            candidate["elector"] in self.roll,
            f"{candidate['name']} 不在选民名单中。",
            f"{candidate['name']} is not on the roll.",
        )
        for contest in self._contests_of(candidate):
            require(
                candidate["sex"] == "female" or not contest["women_only"],
                f"{candidate['name']} 不能参选女性委员。",
                f"{candidate['name']} cannot stand for a seat of women.",
            )
            contest["candidates"].append(candidate["person"])

    def _contests_of(self, candidate: dict[str, Any]) -> list[dict[str, Any]]:
        names = _distinct(candidate["contests"])
        found = [contest for contest in self.round.contests if contest["contest"] in names]
        require(
            bool(names) and len(found) == len(names),
            f"{candidate['name']} 的应选职务不存在。",
            f"{candidate['name']} stands for what is not elected.",
        )
        return found

    def _candidate_withdrawn(self, body: dict[str, Any]) -> None:
        require(
            body["person"] in self.candidates.keys() - self.withdrawn,
            "不是在列候选人。",
            "who withdraws does not stand.",
        )
        self.withdrawn.add(body["person"])

    def _written_in(self, body: dict[str, Any]) -> None:
        require(
            self.rules["write_ins"] and self.round.nature == "first",
            "本次选举不允许另选他人。",
            "write-ins are not allowed here.",
        )
        taken = {candidate["elector"] for candidate in self.candidates.values()}
        require(
            body["person"] not in self.candidates and body["elector"] not in taken,
            "已是候选人。",
            "the person stands already.",
        )
        self._contests_of(body)
        self.candidates[body["person"]] = body

    def _electors_met(self, body: dict[str, Any]) -> None:
        require(
            date.fromisoformat(body["held_on"]) <= self.election_day,
            "候选人应在选举日前与居民见面。",
            "candidates meet the residents before the election day.",
        )

    def _proxies_published(self, body: dict[str, Any]) -> None:
        self.proxies = {proxy["principal"]: proxy["holder"] for proxy in body["proxies"]}
        most = self.rules["proxies_max"]
        require(
            max(Counter(self.proxies.values()).values(), default=0) <= most,
            f"每人接受委托不得超过 {most} 人（第十九条）。",
            f"nobody may hold more than {most} proxies (article 19).",
        )
        holders = set(self.proxies.values())
        require(
            self.proxies.keys() <= self._voters() and holders <= self.roll.keys(),
            "委托人或受托人不在选民名单中。",
            "a principal or holder is not on the roll.",
        )
        require(
            not holders & self.proxies.keys(),
            "受托人自己已委托他人。",
            "a holder of a proxy has given one.",
        )

    def _stations_published(self, body: dict[str, Any]) -> None:
        self._in_round(body)
        require(
            not self.round.issued,
            "发票后不得变更投票站。",
            "stations may not change once ballots are issued.",
        )
        _distinct(station["station"] for station in body["stations"])
        for station in body["stations"]:
            scrutineers = _distinct(person["person"] for person in station["scrutineers"])
            require(
                len(scrutineers) >= self.rules["scrutineers_min"],
                f"{station['name']} 的监票计票人员不足。",
                f"{station['name']} has too few scrutineers.",
            )
        self.round.stations = {station["station"]: station for station in body["stations"]}

    def _in_round(self, body: dict[str, Any], *, result: bool = False) -> None:
        require(
            body["round"] == self.round.number and (self.round.result is not None) == result,
            "轮次不符。",
            "it is not of the round that runs.",
        )

    def _at_station(self, body: dict[str, Any], *, closed: bool) -> None:
        self._in_round(body)
        require(
            body["station"] in self.round.stations
            and (body["station"] in self.round.closed) == closed,
            "没有这一投票站，或其已（未）关闭。",
            "there is no such station, or it is closed, or not closed yet.",
        )

    def _ballots_issued(self, body: dict[str, Any]) -> None:
        self._at_station(body, closed=False)
        first, last = body["first"], body["last"]
        require(
            first <= last
            and all(last < one or first > other for one, other, _ in self.round.issued),
            "选票编号重复发放。",
            "these serials were issued already.",
        )
        self.round.issued.append((first, last, body["station"]))

    def _station_closed(self, body: dict[str, Any]) -> None:
        self._at_station(body, closed=False)
        round = self.round
        require(
            self.today >= round.ballot_on,
            "早于投票日。",
            "the station closed before the day of the ballot.",
        )
        if not round.closed:
            self._before_the_first_closes()
        marked = {mark["number"] for mark in body["marks"]}
        require(
            marked <= self._voters(),
            "有不在名单或无投票权的编号。",
            "a number is marked that is not a voter of the roll.",
        )
        by_proxy = {mark["number"] for mark in body["marks"] if mark["channel"] == "proxy"}
        require(
            by_proxy <= self.proxies.keys(),
            "代投的委托未公布（第十九条）。",
            "a proxy voted that was not published (article 19).",
        )
        issued = sum(
            last - first + 1 for first, last, name in round.issued if name == body["station"]
        )
        require(
            issued == len(marked) + body["spoiled"] + body["unused"],
            f"发出 {issued} 张选票，与领票、作废换发、剩余之和不符。",
            f"{issued} ballots were issued: marks, spoiled and unused do not add up to that.",
        )
        round.closed[body["station"]] = body

    def _before_the_first_closes(self) -> None:
        round = self.round
        if round.nature == "first":
            self._enough_candidates(1)
        for contest in round.contests:
            contest["candidates"] = [
                person for person in contest["candidates"] if person not in self.withdrawn
            ]
        require(
            not round.persons & self.committee,
            "候选人应退出居民选举委员会（第十五条）。",
            "a candidate sits on the election committee (article 15).",
        )
        electors = {self.candidates[person]["elector"] for person in round.persons}
        require(
            not electors & set(self.proxies.values()),
            "候选人不得接受委托投票（第十九条）。",
            "a candidate holds a proxy (article 19).",
        )
        scrutineers = {
            person["person"]
            for station in round.stations.values()
            for person in station["scrutineers"]
        }
        require(
            not scrutineers & round.persons,
            "候选人不得监票计票。",
            "a candidate is a scrutineer.",
        )

    def _marks_reconciled(self, body: dict[str, Any]) -> None:
        self._in_round(body)
        require(
            not self.round.reconciled and self.round.closed.keys() == self.round.stations.keys(),
            "应在全部投票站关闭后核对一次。",
            "marks are reconciled once, when all stations have closed.",
        )
        stations: dict[int, set[str]] = {}
        for name, closed in self.round.closed.items():
            for mark in closed["marks"]:
                stations.setdefault(mark["number"], set()).add(name)
        found: dict[int, set[str]] = {}
        kept: dict[int, str] = {}
        for conflict in body["conflicts"]:
            number = conflict["number"]
            found.setdefault(number, set()).add(conflict["other"])
            require(
                kept.setdefault(number, conflict["kept"]) == conflict["kept"],
                "同一编号保留了两处。",
                "one number is kept at two stations.",
            )
        expected = {number: names for number, names in stations.items() if len(names) > 1}
        complete = found.keys() == expected.keys() and all(
            found[number] | {kept[number]} == expected[number] and kept[number] not in found[number]
            for number in found
        )
        require(
            complete,
            "重复领票的编号与登记不一致。",
            "the numbers marked twice are not those that are named.",
        )
        self.round.reconciled = True

    def _station_voided(self, body: dict[str, Any]) -> None:
        self._at_station(body, closed=True)
        self.round.voided.add(body["station"])

    def _count_sheet(self, body: dict[str, Any]) -> None:
        self._at_station(body, closed=True)
        round, station = self.round, body["station"]
        require(
            round.closed.keys() == round.stations.keys(),
            "投票站未全部关闭即计票。",
            "it was counted while another station was open.",
        )
        require(station not in round.agreed, "该站计票已确认。", "its count is agreed already.")
        require(
            body["counted_by"] not in self.candidates,
            "候选人不得计票。",
            "a candidate counted.",
        )
        scrutineers = {one["person"] for one in round.stations[station]["scrutineers"]}
        require(
            body["counted_by"] in scrutineers | self.committee,
            "计票人不是该站的监票计票人员，也不是居民选举委员会成员。",
            "who counted is neither a scrutineer of the station nor of the election committee.",
        )
        require(
            body["received"] <= len(round.closed[station]["marks"]),
            "收回的选票多于发出的选票。",
            "more ballots were received than handed out.",
        )
        require(
            [line["contest"] for line in body["contests"]]
            == [contest["contest"] for contest in round.contests],
            "计票单的职务与选票不符。",
            "its contests are not those of the ballot.",
        )
        for line, contest in zip(body["contests"], round.contests, strict=True):
            self._check_line(line, contest, body["received"])
        round.sheets[station, body["sheet"]] = (self.sequence, body)

    def _check_line(self, line: dict[str, Any], contest: dict[str, Any], received: int) -> None:
        votes = {item["person"]: item["votes"] for item in line["votes"]}
        written_in = {
            person
            for person, candidate in self.candidates.items()
            if person not in self.round.persons | self.withdrawn
            and contest["contest"] in candidate["contests"]
        }
        require(
            set(contest["candidates"]) <= votes.keys() <= set(contest["candidates"]) | written_in,
            f"{contest['contest']}：得票人与候选人不符。",
            f"{contest['contest']}: those with votes are not the candidates.",
        )
        require(
            line["valid"] + line["blank"] + line["void"] == received,
            f"{contest['contest']}：有效、弃权、无效票之和应为 {received}。",
            f"{contest['contest']}: valid, blank and void must add up to {received}.",
        )
        require(
            max(votes.values(), default=0) <= line["valid"]
            and sum(votes.values()) <= line["valid"] * contest["seats"],
            f"{contest['contest']}：得票多于有效票所能投出的票数。",
            f"{contest['contest']}: more votes than the valid ballots can hold.",
        )

    def _count_agreed(self, body: dict[str, Any]) -> None:
        self._at_station(body, closed=True)
        station = body["station"]
        require(station not in self.round.agreed, "已确认。", "its count is agreed already.")
        found = [self.round.sheets.get((station, sheet)) for sheet in ("A", "B")]
        require(
            None not in found and [one[0] for one in found if one] == [body["a"], body["b"]],
            "应引用该站最后的 A、B 两张计票单。",
            "it must name the last sheets A and B of the station.",
        )
        first, second = (one[1] for one in found if one)
        require(
            first["counted_by"] != second["counted_by"],
            "两张计票单由同一人填写。",
            "both sheets are by the same person.",
        )
        require(
            all(first[name] == second[name] for name in ("received", "contests")),
            "两张计票单不一致。",
            "the two sheets differ.",
        )
        self.round.agreed[station] = first

    def _outcome(self) -> tuple[int, list[str], Outcome]:
        round = self.round
        require(
            round.closed.keys() == round.stations.keys(),
            "仍有投票站未关闭。",
            "a station has not closed.",
        )
        marked = Counter(mark["number"] for body in round.closed.values() for mark in body["marks"])
        require(
            round.reconciled or max(marked.values(), default=0) <= 1,
            "有选民在两个投票站领票而未核对。",
            "an elector is marked at two stations and that was not reconciled.",
        )
        uncounted = round.stations.keys() - round.agreed.keys() - round.voided
        require(
            not uncounted,
            f"计票未确认：{sorted(uncounted)}。",
            f"the count is not agreed at {sorted(uncounted)}.",
        )
        participants = sum(sheet["received"] for sheet in round.counted())
        reasons = reasons_against(round, participants, len(self._voters()), self.rules["turnout"])
        if reasons:
            vacant = [
                one
                for contest in round.contests
                for one in _vacancies(contest, contest["seats"], 0)
            ]
            return participants, reasons, Outcome(vacancies=vacant)
        women = {person for person, one in self.candidates.items() if one["sex"] == "female"}
        before = {one["person"] for one in self.elected}
        outcome = decide(round, participants, self.rules, women, before, self.woman_sitting)
        return participants, reasons, outcome

    def _seats_decided(self, body: dict[str, Any]) -> None:
        self._in_round(body)
        question = self._outcome()[2].question
        asked = ("contest", "step", "question", "among")
        require(
            question is not None
            and [body[name] for name in asked] == [getattr(question, name) for name in asked],
            "没有这样的待决事项。",
            "there is no such question to decide.",
        )
        assert question is not None
        elected = body["elected"]
        require(
            len(elected) == question.seats and set(elected) <= set(question.among),
            f"应从中确定 {question.seats} 人。",
            f"{question.seats} of them must be chosen.",
        )
        votes = {item["person"]: item["votes"] for item in body["votes"]}
        if body["how"] == "run_off":
            require(
                votes.keys() == set(question.among)
                and min(votes[person] for person in elected)
                > max(votes[person] for person in votes.keys() - set(elected)),
                "当选者在再次投票中得票不是最多。",
                "those elected do not have most votes of the run-off.",
            )
        else:
            require(not votes, "未再次投票，不应有得票。", "there was no run-off to have votes.")
        self.round.decisions[body["contest"], body["step"]] = elected

    def _result(self, body: dict[str, Any]) -> None:
        self._in_round(body)
        round = self.round
        participants, reasons, outcome = self._outcome()
        require(
            outcome.question is None,
            "票数相等或超额，须先按规定作出决定。",
            "a tie or an over-election must be decided first.",
        )
        require(
            date.fromisoformat(body["announced_on"]) >= round.ballot_on,
            "公布早于投票日。",
            "it was announced before the ballot.",
        )
        tallies = round.tallies()
        expected = {
            "voters": len(self._voters()),
            "participants": participants,
            "reasons": reasons,
            "valid": not reasons,
            "tallies": [
                {"contest": name, "votes": _votes(votes)} for name, votes in tallies.items()
            ],
            "elected": [
                {"contest": name, "person": person, "votes": tallies[name][person]}
                for name, person in outcome.elected
            ],
            "vacancies": outcome.vacancies,
        }
        for name, value in expected.items():
            require(
                body[name] == value,
                f"结果中的 {name} 应为 {json.dumps(value, ensure_ascii=False)}。",
                f"`{name}` of the result should be {json.dumps(value, ensure_ascii=False)}.",
            )
        round.result = body
        positions = {one["contest"]: one["position"] for one in round.contests}
        best: dict[tuple[str, str], int] = {}
        for name, votes in tallies.items():
            for person, number in votes.items():
                place = (positions[name], person)
                best[place] = max(best.get(place, 0), number)
        self.stood.update(best)
        self.elected += [
            {"position": positions[name], "person": person} for name, person in outcome.elected
        ]

    def _further_ballot(self, body: dict[str, Any]) -> None:
        last = self.round
        require(
            last.result is not None and body["round"] == last.number + 1,
            "上一轮尚无结果，或轮次不连续。",
            "the round before has no result, or the number is not the next.",
        )
        assert last.result is not None
        again = body["reason"] == "repeat"
        require(
            again == (not last.result["valid"]),
            "无效的投票应重新举行，有效的应另行选举不足名额。",
            "an invalid round is repeated, and only that.",
        )
        ballot_on = date.fromisoformat(body["ballot_on"])
        require(ballot_on >= last.ballot_on, "早于上一轮。", "it is before the round before.")
        contests = body["contests"]
        _distinct(contest["contest"] for contest in contests)
        for contest in contests:
            _distinct(contest["candidates"])
        expected = self._repeated() if again else self._second_ballot(last.result["vacancies"])
        found = [
            (one["position"], one["seats"], one["women_only"], set(one["candidates"]))
            for one in contests
        ]
        require(
            found == expected and bool(found),
            f"职务和候选人应为 {expected}。",
            f"its contests and candidates should be {expected}.",
        )
        nature = last.nature if again else "second_ballot"
        self.rounds.append(Round(body["round"], nature, ballot_on, contests))

    def _repeated(self) -> list[tuple[str, int, bool, set[str]]]:
        return [
            (
                contest["position"],
                contest["seats"],
                contest["women_only"],
                set(contest["candidates"]) - self.withdrawn,
            )
            for contest in self.round.contests
        ]

    def _second_ballot(
        self, vacancies: Iterable[dict[str, Any]]
    ) -> list[tuple[str, int, bool, set[str]]]:
        gone = self.withdrawn | {one["person"] for one in self.elected}
        found = []
        for vacancy in vacancies:
            votes = {
                person: number
                for (position, person), number in self.stood.items()
                if position == vacancy["position"]
                and person not in gone
                and (not vacancy["women_only"] or self.candidates[person]["sex"] == "female")
            }
            places = vacancy["seats"] + self.rules["second_ballot_margin"]
            ranked = sorted(votes.values(), reverse=True)
            least = ranked[min(places, len(ranked)) - 1] if ranked else 0
            persons = {person for person in votes if votes[person] >= least}
            if persons:
                offered = (vacancy["position"], vacancy["seats"], vacancy["women_only"], persons)
                found.append(offered)
            else:
                self.left_out.append(vacancy)
        return found

    def _closed(self, body: dict[str, Any]) -> None:
        result = self.round.result
        require(result is not None, "本轮尚无结果。", "the round has no result.")
        assert result is not None
        require(
            body["elected"] == self.elected,
            f"当选人应为 {self.elected}。",
            f"those elected should be {self.elected}.",
        )
        vacant = [*self.left_out, *result["vacancies"]]
        require(
            body["vacancies"] == vacant, f"缺额应为 {vacant}。", f"vacancies should be {vacant}."
        )
        self.ended = "closed"

    def _cancelled(self, _body: dict[str, Any]) -> None:
        self.ended = "cancelled"

    def _annulled(self, body: dict[str, Any]) -> None:
        require(
            {"position": body["position"], "person": body["person"]} in self.elected,
            "此人未当选该职务。",
            "the person was not elected to this office.",
        )


def _votes(votes: Mapping[str, int]) -> list[dict[str, Any]]:
    return [{"person": person, "votes": votes[person]} for person in sorted(votes)]


def _distinct(values: Iterable[Any]) -> set[Any]:
    found = Counter(values)
    twice = [value for value, times in found.items() if times > 1]
    require(not twice, f"重复：{twice[:3]}。", f"it comes twice: {twice[:3]}.")
    return set(found)


# --- The report ---


def verify(data: bytes, head: str | None = None) -> Report:
    """Check an exported log; with `head`, also that it ends in the hash that was noted."""
    report = Report()
    election = None
    sequence = None
    try:
        value = read(data)
        check_file(value)
        entries = value["entries"]
        report.checked.append(
            Said(
                f"{len(entries)} 条记录的哈希链完整，末端为 {value['head']['hash']}。",
                f"The chain of {len(entries)} entries is whole; its head is {value['head']['hash']}.",
            )
        )
        require(
            head in (None, value["head"]["hash"]),
            "末端哈希与所记的不同：日志被重写过。",
            "The head is not the one noted: the log was written anew.",
        )
        election = Election(value["roll"])
        for entry in entries:
            sequence = entry["sequence"]
            election.take(entry)
            report.faults += [Fault(sequence, *one) for one in election.breaches]
            election.breaches.clear()
        sequence = None
        require(
            bool(election.came["roll_frozen"]) or not value["roll"],
            "名单尚未冻结，文件中不应有选民名单。",
            "The roll is not frozen, so the file may not hold one.",
        )
    except Wrong as wrong:
        report.faults.append(Fault(sequence, wrong.zh, wrong.en))
        stopped = sequence
    else:
        stopped = None
    if election is not None:
        report.checked += _said(election, stopped)
    return report


def _said(election: Election, stopped: int | None) -> list[Said]:
    said = []
    if election.came["roll_frozen"]:
        said.append(
            Said(
                f"选民名单 {len(election.frozen)} 人，与冻结时公布的哈希一致；冻结后变更 "
                f"{election.came['roll_changed']} 次。",
                f"The roll of {len(election.frozen)} electors matches the hash published at the "
                f"freeze; {election.came['roll_changed']} changes since.",
            )
        )
    if election.candidates:
        said.append(
            Said(
                f"候选人 {len(election.candidates)} 名，提名、名额、委托投票 "
                f"{len(election.proxies)} 件均合规。",
                f"{len(election.candidates)} candidates: nominations, numbers and "
                f"{len(election.proxies)} proxies are in order.",
            )
        )
    for round in election.rounds:
        said += _said_of_round(election, round)
    endings = {
        "": Said(
            "选举尚未结束，已核对至最后一条。", "It is still running; checked up to the last."
        ),
        "closed": Said("选举已结束。", "The election is closed."),
        "cancelled": Said("选举已取消。", "The election was cancelled."),
    }
    if stopped is not None:
        return [
            *said,
            Said(
                f"核对在第 {stopped} 条处停止，其后未核对。",
                f"Checking stopped at entry {stopped}; what follows was not checked.",
            ),
        ]
    return [*said, endings[election.ended]]


def _said_of_round(election: Election, round: Round) -> list[Said]:
    if round.result is None:
        return []
    result = round.result
    issued = sum(last - first + 1 for first, last, _ in round.issued)
    names = [election.candidates[one["person"]]["name"] for one in result["elected"]]
    shown = "、".join(names) or "—"
    seats = sum(one["seats"] for one in result["vacancies"])
    return [
        Said(
            f"第 {round.number} 轮：{len(round.closed)} 个投票站发出 {issued} 张选票，与领票、"
            f"计票单相符；无人重复计入。",
            f"Round {round.number}: {issued} ballots of {len(round.closed)} stations agree "
            "with marks and count sheets; nobody counts twice.",
        ),
        Said(
            f"第 {round.number} 轮结果重新计算一致：{result['participants']}/"
            f"{result['voters']} 人参加，{'有效' if result['valid'] else '无效'}，"
            f"当选 {shown}，缺额 {seats}。",
            f"Round {round.number} recomputed, the same: {result['participants']} of "
            f"{result['voters']} took part, {'valid' if result['valid'] else 'invalid'}; "
            f"elected {shown}; seats left vacant: {seats}.",
        ),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Check a file and say so; 0 when all is right, 1 when not, 2 when it cannot be read."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    parser = argparse.ArgumentParser(
        prog="verify-election", description="核对选举日志。 Check the exported log of an election."
    )
    parser.add_argument("file", type=Path, help="the exported log 导出的日志文件")
    parser.add_argument("--head", help="the hash that was posted with the result 张榜的末端哈希")
    parser.add_argument(
        "--language", choices=["zh", "en"], default="zh" if locale.lower()[:2] == "zh" else "en"
    )
    given = parser.parse_args(arguments)
    try:
        data = given.file.read_bytes()
    except OSError as error:
        print(f"{given.file}: {error.strerror}", file=sys.stderr)
        return 2
    report = verify(data, given.head)
    zh = given.language == "zh"
    for said in report.checked:
        print(f"✓ {said.zh if zh else said.en}")
    for fault in report.faults:
        place = "" if fault.sequence is None else f"{'第' if zh else 'Entry'} {fault.sequence} "
        place += "条：" if zh and place else ""
        print(f"✗ {place}{fault.zh if zh else fault.en}")
    if not report.faults:
        print("核对无误。" if zh else "Everything checked is right.")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
