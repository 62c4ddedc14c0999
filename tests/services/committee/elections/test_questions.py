"""Where the votes do not decide, the platform asks and never chooses (组织法 19): ties, over-elections,
a woman's seat; each decision is recorded with its source and stands in the verified log."""

from datetime import timedelta
from typing import Any

import pytest

from services.cli.verify_election import verify
from tests.services.committee.elections.conftest import ELECTION_DAY, Polls, Province
from tests.services.committee.elections.test_course import won

SOURCE = "湖北省城市居民委员会选举办法 第三十一条"
CLEAR = {"chair": [15, 5], "vice_chair": [12, 8], "member": [18, 14, 11, 3]}
AGAIN = ELECTION_DAY + timedelta(days=7)


async def stopped(polls: Polls) -> dict[str, Any]:
    """The open question of an election that stopped, as everybody may see it."""
    assert (await polls.post("/result"))["state"] == "undecided"
    assert verify(await polls.file()).faults == [], "also while the question is open"
    [blocker] = (await polls.get("/blockers", polls.holder))["blockers"]
    assert blocker["code"] == "votes_do_not_decide"
    result = await polls.get("/result")
    assert result["question"] == blocker["detail"]
    assert result["rounds"][-1]["result"] is None, "nothing is published before the decision"
    question: dict[str, Any] = result["open_question"]
    return question


async def logged(polls: Polls) -> list[dict[str, Any]]:
    """The decisions that stand in the public log."""
    entries = (await polls.get("/log?limit=200"))["items"]
    return [one["body"] for one in entries if one["kind"] == "seats_decided"]


def answer(question: dict[str, Any], elected: list[str], **changed: Any) -> dict[str, Any]:
    """A decision with its source."""
    return {
        "contest": question["contest"],
        "elected": elected,
        "how": "other",
        "source": SOURCE,
        "document": "居民选举委员会12月13日公告",
        **changed,
    }


def run_off(question: dict[str, Any], votes: list[int]) -> list[dict[str, Any]]:
    """Votes of everyone in a run-off."""
    persons = [one["person"] for one in question["among"]]
    return [
        {"person": person, "votes": count} for person, count in zip(persons, votes, strict=True)
    ]


async def test_article_19_a_tie_of_a_second_ballot_is_decided_by_a_recorded_run_off(
    polls: Polls,
) -> None:
    await polls.freeze()
    standing = await polls.candidates()
    await polls.voted(won(standing, {**CLEAR, "vice_chair": [10, 10]}))
    assert (await polls.post("/result"))["state"] == "second_ballot_due"
    await polls.post("/second-ballot", {"ballot_on": str(AGAIN)})
    level = dict.fromkeys(standing["vice_chair"], 9)
    await polls.voted({"vice_chair": level}, marks=18, day=AGAIN)
    question = await stopped(polls)
    assert (question["question"], question["take"], question["position"]) == (
        "tie",
        1,
        "vice_chair",
    )
    assert {one["person"]: one["votes"] for one in question["among"]} == level
    first, second = (one["person"] for one in question["among"])
    body = answer(question, [first], how="run_off")
    for votes, code in (
        ([], "run_off_does_not_decide"),
        (run_off(question, [8, 8]), "run_off_does_not_decide"),
        (run_off(question, [7, 9]), "run_off_does_not_decide"),
        (run_off(question, [9, 7])[:1], "run_off_does_not_decide"),
        ([*run_off(question, [9, 7]), *run_off(question, [9, 7])[:1]], "person_repeated"),
    ):
        wrong = await polls.refused("/seat-decisions", {**body, "votes": votes})
        assert wrong["codes"] == [code]
    for elected in ([first, second], [standing["chair"][1]]):
        wrong = await polls.refused("/seat-decisions", {**body, "elected": elected, "votes": []})
        assert wrong["codes"] == ["does_not_answer"]
        assert wrong["rules"][0]["certainty"] == "memory", "the district has recorded no rule"
    votes = run_off(question, [9, 7])
    found = await polls.post("/seat-decisions", {**body, "votes": votes})
    assert found["state"] == "elected"
    result = await polls.get("/result")
    assert (result["question"], result["open_question"]) == (None, None)
    [decision] = result["decisions"]
    assert (decision["source"], decision["how"], decision["elected"]) == (
        SOURCE,
        "run_off",
        [first],
    )
    [entry] = await logged(polls)
    assert entry["source"]["text"].startswith(SOURCE)
    assert (entry["question"], entry["elected"]) == ("tie", [first])
    assert {one["person"]: one["votes"] for one in entry["votes"]} == {first: 9, second: 7}
    assert verify(await polls.file()).faults == []
    again = await polls.refused("/seat-decisions", {**body, "votes": votes})
    assert again["code"] == "nothing_to_decide"


@pytest.mark.parametrize(
    ("rule", "among", "take", "kind"),
    [("ask", 4, 3, "over_election"), ("most_votes", 2, 1, "tie")],
)
async def test_article_19_more_pass_than_there_are_seats(
    polls: Polls, province: Province, rule: str, among: int, take: int, kind: str
) -> None:
    """Four of the voters' majority for three seats, the last two level. Where the province says that
    most votes win, only the level ones are asked about; where nobody recorded what it says, all."""
    await province.prescribes("election.over_election", rule)
    await polls.freeze()
    standing = await polls.candidates()
    await polls.voted(won(standing, {**CLEAR, "member": [18, 13, 12, 12]}))
    question = await stopped(polls)
    assert (question["question"], question["take"]) == (kind, take)
    assert len(question["among"]) == among
    [cited] = question["rules"]
    assert (cited["key"], cited["value"]) == ("election.over_election", rule)
    assert (cited["source"], cited["certainty"]) == (Province.DOCUMENT, "text")
    chosen = [one["person"] for one in question["among"]][:take]
    assert (await polls.post("/seat-decisions", answer(question, chosen)))["state"] == "elected"
    members = [
        one["person"]
        for one in (await polls.get("/result"))["elected"]
        if one["position"] == "member"
    ]
    assert len(members) == 3
    assert set(chosen) <= set(members)
    assert [one["question"] for one in await logged(polls)] == [kind]
    assert verify(await polls.file()).faults == []


async def test_two_questions_are_asked_one_after_the_other(polls: Polls) -> None:
    """Three pass for two seats of vice chairs, and four for three members'."""
    await polls.freeze(seats={"chair": 1, "vice_chair": 2, "member": 3})
    standing = await polls.candidates(
        {"chair": (10, 11), "vice_chair": (12, 13, 14), "member": (15, 16, 17, 18)}
    )
    votes = {"chair": [15, 5], "vice_chair": [14, 13, 13], "member": [16, 15, 14, 12]}
    await polls.voted(won(standing, votes))
    first = await stopped(polls)
    assert (first["contest"], first["take"]) == ("vice_chair", 2)
    vice = [one["person"] for one in first["among"]][:2]
    wrong = await polls.refused("/seat-decisions", {**answer(first, vice), "contest": "member"})
    assert wrong["codes"] == ["does_not_answer"]
    assert (await polls.post("/seat-decisions", answer(first, vice)))["state"] == "undecided"
    assert verify(await polls.file()).faults == [], "also between two questions"
    second = (await polls.get("/result"))["open_question"]
    assert (second["contest"], second["take"]) == ("member", 3)
    members = [one["person"] for one in second["among"]][:3]
    assert (await polls.post("/seat-decisions", answer(second, members)))["state"] == "elected"
    elected = {one["person"] for one in (await polls.get("/result"))["elected"]}
    assert elected == {standing["chair"][0], *vice, *members}
    assert [one["contest"] for one in await logged(polls)] == ["vice_chair", "member"]
    assert verify(await polls.file()).faults == []


async def test_a_void_round_says_in_words_how_many_have_to_vote(polls: Polls) -> None:
    """组织法 19: 15 of 30 are not more than half."""
    await polls.freeze()
    standing = await polls.candidates()
    few = {"chair": [9, 5], "vice_chair": [8, 6], "member": [12, 9, 8, 3]}
    await polls.voted(won(standing, few), marks=15)
    assert (await polls.post("/result"))["state"] == "invalid"
    for language, words in (("zh-CN", "至少须有 16 人投票"), ("en", "16 have to vote")):
        result = await polls.get("/result", {**polls.holder, "Accept-Language": language})
        [why] = result["rounds"][0]["invalid"]
        assert why["code"] == "turnout"
        assert words in why["detail"]
        assert why["remedy"]
    asked = await polls.get("/blockers", polls.holder)
    assert (asked["blockers"], asked["next"]) == ([], ["cancellation", "repetition"])
    repeated = {"ballot_on": str(AGAIN), "reason": "参加投票人数未过半数"}
    await polls.post("/repetition", repeated)
    assert (await polls.get("/result"))["rounds"][1]["invalid"] == []
