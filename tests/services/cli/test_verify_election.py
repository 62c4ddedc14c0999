"""The standalone verifier of election logs."""

import ast
import json
import random
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.cli import verify_election
from services.cli.verify_election import verify
from services.committee.elections.chain import Kind, RollLine
from tests.support.election_log import (
    CONTESTS,
    ELECTION_DAY,
    ELECTORS,
    SHA,
    SOURCE,
    STANDING,
    Log,
    count_line,
    counted,
    line,
    opened,
    paper,
    persons,
    poll,
    prepared,
    rewritten,
    roll,
    rules,
    votes,
    whole_election,
)

PROGRAM = Path(verify_election.__file__)
WHOLE = whole_election()
FILE = WHOLE.file()


def faults(data: bytes) -> list[str]:
    """What is wrong, in English."""
    return [fault.en for fault in verify(data).faults]


def find(value: dict[str, Any], kind: str, **fields: Any) -> dict[str, Any]:
    """The body of the first entry of that kind with these fields."""
    for entry in value["entries"]:
        body: dict[str, Any] = entry["body"]
        if entry["kind"] == kind and all(body[name] == item for name, item in fields.items()):
            return body
    raise AssertionError(kind)


def forged(change: Callable[[dict[str, Any]], Any]) -> list[str]:
    """The faults after a change whose chain was written anew."""
    value = opened(WHOLE)
    change(value)
    return faults(rewritten(value))


# --- A right log passes ---


def test_a_whole_election_is_verified() -> None:
    report = verify(FILE, WHOLE.entries[-1].hash)
    assert report.faults == []
    said = " ".join(one.en for one in report.checked)
    assert "The roll of 40 electors" in said
    assert "28 of 39 took part, valid; elected 姓名p1、姓名p5、姓名p6、姓名p7" in said
    assert "24 of 39 took part, valid; elected 姓名p3; seats left vacant: 0" in said


def test_a_running_election_is_verified_as_far_as_it_goes() -> None:
    frozen = next(entry.sequence for entry in WHOLE.entries if entry.kind is Kind.ROLL_FROZEN)
    for length in range(1, len(WHOLE.entries) + 1):
        value = opened(WHOLE)
        value["entries"] = value["entries"][:length]
        value["roll"] = value["roll"] if length > frozen else []
        assert faults(rewritten(value)) == [], length


def test_the_file_alone_runs_without_the_platform(tmp_path: Path) -> None:
    alone = tmp_path / "verify_election.py"
    alone.write_bytes(PROGRAM.read_bytes())
    (tmp_path / "log.json").write_bytes(FILE)

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", "-S", str(alone), *arguments],
            check=False,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={"PYTHONIOENCODING": "utf-8"},
            cwd=tmp_path,
        )

    good = run("log.json", "--head", WHOLE.entries[-1].hash, "--language", "zh")
    assert (good.returncode, good.stderr) == (0, "")
    assert "核对无误" in good.stdout
    bad = run("log.json", "--head", "0" * 64, "--language", "en")
    assert bad.returncode == 1
    assert "written anew" in bad.stdout
    assert run("nothing.json").returncode == 2


def test_it_imports_the_standard_library_only() -> None:
    imported = set()
    for node in ast.walk(ast.parse(PROGRAM.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module
            imported.add(node.module.split(".")[0])
    assert imported <= sys.stdlib_module_names


# --- Any single change is caught ---


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths of everything in a JSON value but the value itself."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, item in items:
        yield (*path, key)
        if isinstance(item, (dict, list)):
            yield from places(item, (*path, key))


def other_than(item: Any) -> Any:
    """A value of the same type where there is another."""
    if isinstance(item, bool):
        return not item
    if isinstance(item, int):
        return item + 1
    if isinstance(item, str):
        return item[:-1] + ("0" if item[-1:] != "0" else "1")
    return {None: "x"}.get(item) if item is None else None


def mutated(path: tuple[Any, ...], how: str) -> Any:
    """The file's value with one change at a place; None where that changes nothing."""
    value = json.loads(FILE)
    holder = value
    for key in path[:-1]:
        holder = holder[key]
    key = path[-1]
    if how == "changed":
        holder[key] = other_than(holder[key])
    elif how == "removed":
        del holder[key]
    elif how == "added" and isinstance(holder, list):
        holder.insert(key, holder[key])
    elif how == "added":
        holder[f"{key}_"] = holder[key]
    elif isinstance(holder, list) and key:
        holder[key - 1], holder[key] = holder[key], holder[key - 1]
    return None if value == json.loads(FILE) else value


PLACES = list(places(json.loads(FILE)))


@pytest.mark.parametrize("how", ["changed", "removed", "added", "swapped"])
def test_every_single_mutation_of_every_entry_is_caught(how: str) -> None:
    entries = range(len(WHOLE.entries))
    tried = 0
    for path in [("entries", number) for number in entries]:
        value = mutated(path, how)
        if value is not None:
            tried += 1
            assert faults(json.dumps(value).encode()), path
    assert tried >= len(entries) - 1


def test_a_thousand_random_single_mutations_are_caught() -> None:
    choose = random.Random(5)
    caught = 0
    while caught < 1000:
        path, how = choose.choice(PLACES), choose.choice(["changed", "removed", "added", "swapped"])
        value = mutated(path, how)
        if value is not None:
            assert faults(json.dumps(value).encode()), (path, how)
            caught += 1


@settings(max_examples=200)
@given(st.sampled_from(PLACES), st.none() | st.booleans() | st.integers() | st.text() | st.floats())
def test_whatever_stands_in_another_place_is_caught(path: tuple[Any, ...], item: Any) -> None:
    value = json.loads(FILE)
    holder = value
    for key in path[:-1]:
        holder = holder[key]
    if holder[path[-1]] == item and type(holder[path[-1]]) is type(item):
        return
    holder[path[-1]] = item
    assert faults(json.dumps(value).encode())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[" * 100_000,
        b"null",
        b'{"format": 1}',
        FILE.replace(b'"format":', b'"format":"x","format":', 1),
        FILE.replace(b'"received":14', b'"received":14.0', 1),
        FILE.replace(b'"received":14', b'"received":NaN', 1),
        FILE.replace(b'"received":14', b'"received":' + b"9" * 5000, 1),
        FILE.replace("姓名p1".encode(), b"\\ud800", 1),
    ],
)
def test_what_is_no_strict_json_log_is_refused(data: bytes) -> None:
    assert len(faults(data)) == 1


# --- A chain written anew does not hide what does not add up ---


def _move_a_vote(value: dict[str, Any], *sheets: str) -> None:
    for sheet in sheets:
        votes = find(value, "count_sheet", round=1, station="m1", sheet=sheet)["contests"][2]
        votes["votes"][4]["votes"] -= 1
        votes["votes"][1]["votes"] += 1


def _elect(value: dict[str, Any], number: int, **other: Any) -> None:
    find(value, "result", round=1)["elected"][number].update(other)


def _mark(value: dict[str, Any], station: str, at: int, **mark: Any) -> None:
    find(value, "station_closed", station=station)["marks"][at].update(mark)


def _without(value: dict[str, Any], *kinds: str) -> None:
    """Leave out the last entry of each kind, and let agreements name what follows it anew."""
    for kind in kinds:
        kept = [entry["kind"] for entry in value["entries"]]
        at = len(kept) - 1 - kept[::-1].index(kind)
        del value["entries"][at]
        for entry in value["entries"][at:]:
            if entry["kind"] == "count_agreed":
                entry["body"]["a"] -= 1
                entry["body"]["b"] -= 1


def _count_early(value: dict[str, Any]) -> None:
    """The mobile box closes, and marks are reconciled, when a sheet of the first station is there."""
    kinds = [entry["kind"] for entry in value["entries"]]
    first = kinds.index("count_sheet")
    sheet = value["entries"].pop(first)
    value["entries"].insert(first - 2, sheet)
    find(value, "count_agreed")["a"] -= 2


def _uncounted(value: dict[str, Any]) -> None:
    del value["entries"][-7:]
    _without(value, "seats_decided", "count_agreed")


FORGERIES: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "a vote moved on one sheet": (lambda v: _move_a_vote(v, "A"), "the two sheets differ"),
    "a vote moved on both sheets": (lambda v: _move_a_vote(v, "A", "B"), "no such question"),
    "sheets by one person": (
        lambda v: find(v, "count_sheet", sheet="B").update(counted_by="w1"),
        "both sheets are by the same person",
    ),
    "a candidate counts": (
        lambda v: find(v, "count_sheet", sheet="B").update(counted_by="p1"),
        "a candidate counted",
    ),
    "a stranger counts": (
        lambda v: find(v, "count_sheet", sheet="B").update(counted_by="w9"),
        "neither a scrutineer of the station nor of the election committee",
    ),
    "a committee of ten": (
        lambda v: find(v, "opened")["contests"][2].update(seats=8),
        "five to nine members, one of them its chair (article 8)",
    ),
    "a committee of two chairs": (
        lambda v: find(v, "opened")["contests"][0].update(seats=2),
        "five to nine members, one of them its chair (article 8)",
    ),
    "a roll frozen while objections may come": (
        lambda v: find(v, "roll_frozen").update(frozen_on="2026-11-16"),
        "objections may be made until 2026-11-16",
    ),
    "more ballots than handed out": (
        lambda v: find(v, "count_sheet", station="m1").update(received=5),
        "more ballots were received",
    ),
    "ballots that do not add up": (
        lambda v: find(v, "count_sheet")["contests"][0].update(blank=0),
        "valid, blank and void must add up to 14",
    ),
    "more votes than valid ballots": (
        lambda v: find(v, "count_sheet", station="m1")["contests"][0]["votes"][0].update(votes=5),
        "more votes than the valid ballots can hold",
    ),
    "a candidate left out of a sheet": (
        lambda v: find(v, "count_sheet")["contests"][0]["votes"].pop(),
        "those with votes are not the candidates",
    ),
    "a count while others vote": (_count_early, "it was counted while another station was open"),
    "a count that is not agreed": (
        _uncounted,
        "the count is not agreed at ['m1']",
    ),
    "ballots nobody issued": (
        lambda v: find(v, "station_closed").update(unused=2),
        "do not add up",
    ),
    "serials issued twice": (
        lambda v: find(v, "ballots_issued", station="s2").update(first=16),
        "issued already",
    ),
    "an elector marked twice": (
        lambda v: find(v, "marks_reconciled").update(conflicts=[]),
        "not those that are named",
    ),
    "a conflict that is none": (
        lambda v: find(v, "marks_reconciled")["conflicts"].append(
            {"number": 4, "kept": "s1", "other": "s2"}
        ),
        "not those that are named",
    ),
    "marks not reconciled": (
        lambda v: _without(v, "seats_decided", "marks_reconciled"),
        "marked at two stations",
    ),
    "a mark of nobody": (lambda v: _mark(v, "m1", 3, number=41), "not a voter of the roll"),
    "a mark of one struck off": (lambda v: _mark(v, "m1", 3, number=40), "not a voter of the roll"),
    "a proxy not published": (
        lambda v: _mark(v, "s1", 12, channel="proxy"),
        "a proxy voted that was not published",
    ),
    "an electronic ballot": (
        lambda v: _mark(v, "s1", 12, channel="electronic"),
        "`station_closed` is malformed",
    ),
    "a sealed ballot": (
        lambda v: find(v, "station_closed").update(sealed_ballots=["x"]),
        "`station_closed` is malformed",
    ),
    "a candidate holds a proxy": (
        lambda v: find(v, "proxies_published")["proxies"][0].update(holder=31),
        "a candidate holds a proxy (article 19)",
    ),
    "four proxies": (
        lambda v: find(v, "proxies_published").update(
            proxies=[{"principal": number, "holder": 2} for number in (11, 12, 13, 14)]
        ),
        "more than 3 proxies (article 19)",
    ),
    "another elected": (lambda v: _elect(v, 0, person="p2"), "`elected` of the result"),
    "other votes": (lambda v: _elect(v, 0, votes=21), "`elected` of the result"),
    "another turnout": (
        lambda v: find(v, "result").update(participants=29),
        "`participants` of the result",
    ),
    "no vacancy": (lambda v: find(v, "result").update(vacancies=[]), "`vacancies` of the result"),
    "invalid for no reason": (lambda v: find(v, "result").update(valid=False), "`valid` of the"),
    "a tie decided by nobody": (
        lambda v: _without(v, "seats_decided"),
        "a tie or an over-election must be decided first",
    ),
    "the loser of a run-off": (
        lambda v: find(v, "seats_decided").update(elected=["p8"]),
        "do not have most votes of the run-off",
    ),
    "a tie among others": (
        lambda v: find(v, "seats_decided").update(among=["p5", "p6"]),
        "no such question",
    ),
    "a roll published late": (
        lambda v: find(v, "opened").update(election_day="2026-11-30"),
        "the roll had to be published by 2026-11-10 (article 17)",
    ),
    "an objection raised late": (
        lambda v: find(v, "objection_decided").update(raised_on="2026-11-17"),
        "objections are raised from 2026-11-11 to 2026-11-16 (article 17)",
    ),
    "an objection decided late": (
        lambda v: find(v, "objection_decided").update(raised_on="2026-11-15"),
        "it had to be decided by 2026-11-18 (article 17)",
    ),
    "another roll": (
        lambda v: v["roll"][4].update(commitment=SHA),
        "the roll does not match its hash",
    ),
    "a roll changed by one": (
        lambda v: find(v, "roll_changed").update(signed_by=["e1"]),
        "two members of the election committee",
    ),
    "a roll changed by one who left": (
        lambda v: find(v, "roll_changed").update(signed_by=["e1", "e3"]),
        "two members of the election committee",
    ),
    "nine nominators": (
        lambda v: find(v, "nominated", person="p2")["nominators"].pop(),
        "groups of at least 10 (article 18)",
    ),
    "a nomination refused": (
        lambda v: find(v, "nomination_decided", nomination="n-p2").update(
            outcome="refused", reasons=["age"]
        ),
        "has no accepted nomination",
    ),
    "as many candidates as seats": (
        lambda v: find(v, "candidates_published")["candidates"].pop(1),
        "more candidates than seats (article 18)",
    ),
    "a candidate on the election committee": (
        lambda v: find(v, "election_committee")["members"][1].update(person="p1"),
        "a candidate sits on the election committee (article 15)",
    ),
    "two scrutineers": (
        lambda v: find(v, "stations_published")["stations"][0]["scrutineers"].pop(),
        "too few scrutineers",
    ),
    "a laxer rule": (
        lambda v: find(v, "opened")["rules"]["elected"].update(value="1/3"),
        "laxer than the law: ['elected']",
    ),
    "a rule left out": (
        lambda v: find(v, "opened")["rules"].pop("woman"),
        "laxer than the law: ['woman']",
    ),
    "a second ballot of others": (
        lambda v: find(v, "further_ballot")["contests"][0].update(candidates=["p3", "p2"]),
        "its contests and candidates should be",
    ),
    "a ballot before its day": (
        lambda v: find(v, "further_ballot").update(ballot_on="2026-12-09"),
        "before the day of the ballot",
    ),
    "below the floor of a third": (
        lambda v: [
            row.update(blank=9, valid=14, votes=votes({"p3": 7, "p4": 7}))
            for sheet in ("A", "B")
            for row in find(v, "count_sheet", round=2, sheet=sheet)["contests"]
        ],
        "`tallies` of the result",
    ),
    "others in office": (
        lambda v: find(v, "closed")["elected"][0].update(person="p2"),
        "those elected should be",
    ),
    "a day after the entry": (
        lambda v: find(v, "roll_frozen").update(frozen_on="2026-11-21"),
        "lies after the day of the entry",
    ),
    "an entry after the end": (
        lambda v: v["entries"].append(
            {**v["entries"][-1], "kind": "cancelled", "body": {"reason": "x", "source": SOURCE}}
        ),
        "the election had ended",
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_with_a_chain_of_its_own_does_not_add_up(name: str) -> None:
    change, expected = FORGERIES[name]
    found = forged(change)
    assert len(found) == 1
    assert expected in found[0]


def test_what_was_done_late_is_named_and_the_rest_is_checked_all_the_same() -> None:
    """组织法 17: a late decision is a breach that nothing mends, and the votes are counted still."""
    value = opened(WHOLE)
    find(value, "objection_decided").update(raised_on="2026-11-15")
    report = verify(rewritten(value))
    assert len(report.faults) == 1
    assert report.checked[-1].en == "The election is closed."
    find(value, "result")["participants"] = 29
    report = verify(rewritten(value))
    assert len(report.faults) == 2
    assert "what follows was not checked" in report.checked[-1].en


def test_a_forger_who_rewrites_everything_is_known_by_the_head_that_was_posted() -> None:
    value = opened(WHOLE)
    find(value, "opened")["source"]["text"] = "另一决定"
    data = rewritten(value)
    assert faults(data) == []
    [fault] = verify(data, WHOLE.entries[-1].hash).faults
    assert "The head is not the one noted" in fault.en


# --- Forms and rules, one station each ---

FIGURES = {
    "chair": {"p1": 20, "p2": 6},
    "vice": {"p3": 18, "p4": 8},
    "member": {"p5": 20, "p6": 18, "p7": 16, "p8": 10, "p9": 5},
}
ELECTED = [("chair", "p1"), ("vice", "p3"), ("member", "p5"), ("member", "p6"), ("member", "p7")]


def polled(
    figures: dict[str, dict[str, int]] = FIGURES,
    *,
    received: int = 28,
    lines: list[RollLine] | None = None,
    **opening: Any,
) -> Log:
    """Up to the count of one station, where electors from 1 on came."""
    log = prepared(lines or roll(), **opening)
    _poll(log, 1, ELECTION_DAY, received, figures)
    return log


def _poll(
    log: Log, number: int, on: str, received: int, figures: dict[str, dict[str, int]]
) -> None:
    poll(log, on, number, {"s1": paper(range(1, received + 1))})
    rows = [count_line(contest, received, 0, 0, found) for contest, found in figures.items()]
    counted(log, on, number, "s1", received, rows)


def announce(
    log: Log,
    elected: Sequence[tuple[str, str]],
    vacancies: Sequence[tuple[str, int, bool]] = (),
    *,
    figures: dict[str, dict[str, int]] = FIGURES,
    reasons: Sequence[str] = (),
    number: int = 1,
    voters: int = ELECTORS,
    participants: int = 28,
    on: str = ELECTION_DAY,
) -> list[str]:
    """Add the result and verify."""
    log.add(
        Kind.RESULT,
        on,
        round=number,
        announced_on=on,
        valid=not reasons,
        reasons=list(reasons),
        voters=voters,
        participants=participants,
        tallies=[{"contest": name, "votes": votes(found)} for name, found in figures.items()],
        elected=[
            {"contest": name, "person": person, "votes": figures[name][person]}
            for name, person in elected
        ],
        vacancies=[
            {"position": position, "seats": seats, "women_only": women_only}
            for position, seats, women_only in vacancies
        ],
    )
    return faults(log.file())


def test_more_than_half_of_those_who_voted_elect() -> None:
    """组织法 19: 14 of 28 is not more than half, 15 is."""
    assert announce(polled(), ELECTED) == []
    for number, right in ((15, True), (14, False)):
        figures = {**FIGURES, "chair": {"p1": number, "p2": 6}}
        found = announce(polled(figures), ELECTED, figures=figures)
        assert (found == []) is right


@pytest.mark.parametrize(
    ("form", "needed"),
    [("all_electors", 21), ("household_representatives", 16), ("resident_representatives", 21)],
)
def test_the_turnout_is_asked_of_those_who_vote(form: str, needed: int) -> None:
    """组织法 19: more than half of 40 electors, of 30 households; more than 2/3 of 30 representatives."""
    lines = roll()
    if form != "all_electors":
        lines = [line(n, f"{form}{n}" if n <= 30 else None) for n in range(1, ELECTORS + 1)]
    voters = 40 if form == "all_electors" else 30
    opening: dict[str, Any] = {"form": form}
    if form == "resident_representatives":
        opening["rules"] = rules(turnout="2/3", proxies_max=0)
    figures = {name: {p: min(n, needed - 1) for p, n in of.items()} for name, of in FIGURES.items()}
    figures["vice"]["p4"] = figures["chair"]["p2"] = 0
    figures["member"]["p9"] = figures["member"]["p8"] = 0
    enough = polled(figures, received=needed, lines=lines, **opening)
    assert not announce(enough, ELECTED, figures=figures, voters=voters, participants=needed)
    few = polled(figures, received=needed - 1, lines=lines, **opening)
    vacant = [("chair", 1, False), ("vice_chair", 1, False), ("member", 3, False)]
    assert not announce(
        few,
        [],
        vacant,
        figures=figures,
        reasons=["turnout"],
        voters=voters,
        participants=needed - 1,
    )
    assert _repeat(few, figures, voters, needed) == []


def _repeat(log: Log, figures: Any, voters: int, participants: int) -> list[str]:
    contests = [{**one, "candidates": STANDING[str(one["contest"])]} for one in CONTESTS]
    on = "2026-12-20"
    log.add(
        Kind.FURTHER_BALLOT, "2026-12-18", round=2, reason="repeat", ballot_on=on, contests=contests
    )
    _poll(log, 2, "2026-12-20", participants, figures)
    return announce(
        log,
        ELECTED,
        figures=figures,
        number=2,
        voters=voters,
        participants=participants,
        on="2026-12-20",
    )


def test_one_household_has_one_representative() -> None:
    lines = [line(n, f"household {n // 2}") for n in range(1, ELECTORS + 1)]
    found = faults(prepared(lines, form="household_representatives").file())
    assert len(found) == 1
    assert "it comes twice" in found[0]


def test_without_a_woman_who_passes_a_seat_is_kept_for_one() -> None:
    """组织法 8: two seats to the men with most votes, the third to a second ballot of women."""
    figures = {
        **FIGURES,
        "vice": {"p3": 8, "p4": 18},
        "member": {"p5": 20, "p6": 18, "p7": 9, "p8": 16, "p9": 5},
    }
    elected = [("chair", "p1"), ("vice", "p4"), ("member", "p5"), ("member", "p6")]
    kept = [("member", 1, True)]
    log = polled(figures)
    assert announce(log, elected, kept, figures=figures) == []
    women = {"position": "member", "seats": 1, "women_only": True, "candidates": ["p7", "p9"]}
    log.add(
        Kind.FURTHER_BALLOT,
        "2026-12-02",
        round=2,
        reason="second_ballot",
        ballot_on="2026-12-08",
        contests=[{"contest": "woman", **women}],
    )
    second = {"woman": {"p7": 9, "p9": 9}}
    _poll(log, 2, "2026-12-08", 24, second)
    tied = announce(
        log, [("woman", "p7")], figures=second, number=2, participants=24, on="2026-12-08"
    )
    assert "must be decided first" in tied[0]
    before_2026 = polled(figures, rules=rules(woman="none"))
    assert announce(before_2026, [*elected, ("member", "p8")], figures=figures) == []
    sitting = polled(figures, woman_sitting=True)
    assert announce(sitting, [*elected, ("member", "p8")], figures=figures) == []


def test_where_the_rule_asks_an_over_election_waits_for_a_decision() -> None:
    figures = {**FIGURES, "member": {"p5": 20, "p6": 18, "p7": 16, "p8": 15, "p9": 5}}
    log = polled(figures, rules=rules(over_election="ask"))
    assert "must be decided first" in announce(log, ELECTED, figures=figures)[0]
    log.entries.pop()
    log.add(
        Kind.SEATS_DECIDED,
        ELECTION_DAY,
        round=1,
        contest="member",
        step="seats",
        question="over_election",
        among=["p5", "p6", "p7", "p8"],
        elected=["p5", "p6", "p8"],
        how="other",
        votes=[],
        source=SOURCE,
    )
    elected = [*ELECTED[:-1], ("member", "p8")]
    assert announce(log, elected, figures=figures) == []
    assert announce(polled(figures), ELECTED, figures=figures) == []


def test_a_voided_station_counts_for_nothing() -> None:
    log = prepared(roll())
    marks = {"s1": paper(range(1, 23)), "s2": paper(range(23, 29))}
    poll(log, ELECTION_DAY, 1, marks)
    figures = {
        "chair": {"p1": 12, "p2": 6},
        "vice": {"p3": 18, "p4": 4},
        "member": {"p5": 20, "p6": 18, "p7": 16, "p8": 10, "p9": 2},
    }
    rows = [count_line(contest, 22, 0, 0, found) for contest, found in figures.items()]
    counted(log, ELECTION_DAY, 1, "s1", 22, rows)
    log.add(
        Kind.STATION_VOIDED,
        ELECTION_DAY,
        round=1,
        station="s2",
        reason="more ballots than handed out",
        source=SOURCE,
    )
    assert announce(log, ELECTED, figures=figures, participants=22) == []


def test_an_elector_with_two_ballots_makes_a_round_invalid_that_needs_them_to_add_up() -> None:
    log = prepared(roll())
    poll(log, ELECTION_DAY, 1, {"s1": paper(range(1, 23)), "s2": paper([5])})
    conflicts = [{"number": 5, "kept": "s1", "other": "s2"}]
    log.add(Kind.MARKS_RECONCILED, ELECTION_DAY, round=1, conflicts=conflicts)
    none = {name: dict.fromkeys(found, 0) for name, found in FIGURES.items()}
    figures = {name: dict.fromkeys(found, 1) for name, found in FIGURES.items()}
    for station, received, numbers in (("s1", 22, figures), ("s2", 1, none)):
        rows = [count_line(name, received, 0, 0, found) for name, found in numbers.items()]
        counted(log, ELECTION_DAY, 1, station, received, rows)
    vacant = [("chair", 1, False), ("vice_chair", 1, False), ("member", 3, False)]
    reasons = ["ballots_exceed_voters"]
    found = announce(log, [], vacant, figures=figures, reasons=reasons, participants=23)
    assert found == []


def test_a_person_written_in_is_elected_only_where_the_rule_allows_it() -> None:
    figures = {**FIGURES, "chair": {"p1": 6, "p2": 6, "x": 16}}
    body = {**persons("x")[0], "sex": "male", "contests": ["chair"], "elector": 20}
    elected = [("chair", "x"), *ELECTED[1:]]
    for allowed in (True, False):
        log = prepared(roll(), rules=rules(write_ins=allowed))
        poll(log, ELECTION_DAY, 1, {"s1": paper(range(1, 29))})
        log.add(Kind.WRITTEN_IN, ELECTION_DAY, **body)
        rows = [count_line(contest, 28, 0, 0, found) for contest, found in figures.items()]
        counted(log, ELECTION_DAY, 1, "s1", 28, rows)
        found = announce(log, elected, figures=figures)
        assert (found == []) is allowed


def test_nothing_but_an_annulment_follows_the_end() -> None:
    log = whole_election()
    log.add(Kind.ANNULLED, "2026-12-20", person="p1", position="chair", source=SOURCE)
    assert faults(log.file()) == []
    log.add(Kind.ANNULLED, "2026-12-20", person="p2", position="chair", source=SOURCE)
    assert "was not elected" in faults(log.file())[0]
    cancelled = prepared(roll())
    cancelled.add(Kind.CANCELLED, "2026-11-26", reason="flood", source=SOURCE)
    assert faults(cancelled.file()) == []


def test_a_ballot_may_move_to_a_day_that_leaves_the_roll_its_twenty_days() -> None:
    for day, right in (("2026-12-01", True), ("2026-12-20", True), ("2026-11-30", False)):
        log = prepared(roll())
        log.add(Kind.POSTPONED, "2026-11-26", round=1, ballot_on=day, reason="雪", source=SOURCE)
        assert (faults(log.file()) == []) is right, day
    moved = prepared(roll())
    move = {"round": 1, "ballot_on": "2026-12-03", "reason": "雪", "source": SOURCE}
    moved.add(Kind.POSTPONED, "2026-11-26", **move)
    poll(moved, "2026-12-02", 1, {"s1": paper(range(1, 29))})
    assert "before the day of the ballot" in faults(moved.file())[0]
    late = prepared(roll())
    poll(late, ELECTION_DAY, 1, {"s1": paper(range(1, 29))})
    late.add(Kind.POSTPONED, ELECTION_DAY, **move)
    assert "once ballots are issued" in faults(late.file())[0]
