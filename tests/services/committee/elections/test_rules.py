"""What the law leaves to the provinces is a default that a district overrides, and is cited as what
it is (组织法 19, 49)."""

from typing import Any

import pytest

from services.cli.verify_election import verify
from services.committee.rulebook import RULES
from shared.rulebook.common import RULES as COMMON
from shared.rulebook.rulebook import Rulebook
from tests.services.committee.elections.conftest import ELECTION_DAY, Polls, Province

RULEBOOK = Rulebook.from_files(*COMMON, *RULES)
UNVERIFIED = sorted(
    key
    for key in RULEBOOK.keys
    if key.startswith(("election.", "recalls.", "organisation."))
    and not RULEBOOK.lookup(key, None, ELECTION_DAY).verified
)
OTHERWISE: dict[str, Any] = {
    "election.mobile_boxes": False,
    "election.over_election": "most_votes",
    "election.scrutineers_min": 5,
    "election.second_ballot_margin": 2,
    "election.woman_member": "none",
    "election.write_ins": True,
}


async def cited(polls: Polls) -> dict[str, dict[str, Any]]:
    """The rules that an election says hold for it."""
    return {rule["key"]: rule for rule in (await polls.get())["rules"]}


async def test_defaults_that_nobody_verified_are_cited_as_unverified(polls: Polls) -> None:
    await polls.resolve()
    found = await cited(polls)
    own = {key for key in UNVERIFIED if key.startswith("election.")}
    assert own == set(OTHERWISE)
    assert {key for key, rule in found.items() if rule["certainty"] == "memory"} == own
    [opened, *_] = (await polls.get("/log?limit=200"))["items"]
    marked = {name for name, rule in opened["body"]["rules"].items() if "未核实" in rule["source"]}
    assert marked == {
        "second_ballot_margin",
        "scrutineers_min",
        "woman",
        "over_election",
        "write_ins",
    }
    assert verify(await polls.file()).faults == []


@pytest.mark.parametrize("key", UNVERIFIED)
async def test_a_district_records_what_its_province_prescribes(
    polls: Polls, province: Province, key: str
) -> None:
    value = RULEBOOK.lookup(key, None, ELECTION_DAY).value
    changed = OTHERWISE.get(key, value)
    await province.prescribes(key, changed)
    await polls.resolve()
    if key in OTHERWISE:
        rule = (await cited(polls))[key]
        assert (rule["value"], rule["certainty"]) == (changed, "text")
        assert rule["source"] == Province.DOCUMENT
    assert verify(await polls.file()).faults == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("election.over_election", "draw_lots"),
        ("election.woman_member", "sometimes"),
        ("election.turnout", {"all_electors": "1/3"}),
        ("election.turnout", {"household_representatives": "1/2"}),
        ("election.turnout", {"all_electors": "half"}),
        ("election.elected", "1/0"),
        ("election.elected", "3/2"),
        ("election.second_ballot_floor", "1/4"),
        ("election.proxy_max_per_holder", 4),
        ("election.proxy_max_per_holder", -1),
        ("election.roll_published_days_before", 19),
        ("election.roll_decision_days", 4),
        ("election.joint_nomination_electors_min", 5),
        ("election.candidates_margin_min", 0),
        ("election.scrutineers_min", 0),
        ("organisation.members_max", 11),
    ],
)
async def test_no_election_begins_by_rules_that_are_laxer_than_the_law(
    polls: Polls, province: Province, key: str, value: Any
) -> None:
    """Its log would be found wrong by anyone who checks it."""
    await province.prescribes(key, value)
    refused = await polls.refused("", polls.resolution(), by=polls.local)
    assert (refused["status"], refused["code"]) == (409, "rules_unfit")
    assert refused["codes"] == ["rule_unfit"]
    assert [rule["key"] for rule in refused["rules"]] == [key]
    assert Province.DOCUMENT in refused["errors"][0]["detail"]


async def test_stricter_rules_of_a_district_hold(polls: Polls, province: Province) -> None:
    await province.prescribes("election.proxy_max_per_holder", 1)
    await province.prescribes(
        "election.turnout",
        {
            "all_electors": "3/5",
            "household_representatives": "1/2",
            "resident_representatives": "2/3",
        },
    )
    await polls.resolve()
    found = await cited(polls)
    assert found["election.proxy_max_per_holder"]["value"] == 1
    assert found["election.turnout"]["value"] == "3/5"
    assert verify(await polls.file()).faults == []
