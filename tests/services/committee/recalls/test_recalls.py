"""A recall from the petition to the vacancy, over HTTP."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from services.committee.organisation.public import (
    Leaving,
    Member,
    NewMember,
    Position,
    Sex,
    fill_vacancies,
)
from shared.audit.models import AuditEvent
from shared.audit.record import Actor
from shared.db.database import Database
from shared.kernel.ids import new_id
from tests.services.committee.recalls.conftest import TODAY, Place, id_number


def codes(problem: Any) -> list[str]:
    return [error["code"] for error in problem["errors"]]


async def test_a_recall_goes_from_the_petition_to_the_end_of_the_office(
    place: Place, committee_database: Database
) -> None:
    """组织法 20, 24."""
    recall = await place.announced()
    await place.count("election", recall, 31)
    await place.count("supervisor", recall, 31)
    done = await place.post("election", f"recalls/{recall}/result")
    assert (done["state"], done["signatures"], done["defence"]) == (
        "recalled",
        10,
        "收支已公布。",
    )
    assert done["outcome"]["voters"] == 100
    assert {rule["key"] for rule in done["outcome"]["rules"]} == {
        "recalls.turnout",
        "recalls.majority",
    }
    day = TODAY + timedelta(days=20)
    async with committee_database.read(place.small.code) as session:
        query = select(Member.left_on, Member.left_because, Member.left_decision).where(
            Member.id == place.members[1]["id"]
        )
        left = (await session.execute(query)).one()
    assert (left.left_on, left.left_because) == (day, "recalled")
    assert left.left_decision["in_favour"] == 31
    [vacancy] = (await place.get("resident", "vacancies"))["items"]
    assert (vacancy["member_id"], vacancy["left_because"]) == (place.members[1]["id"], "recalled")
    assert vacancy["term_ends_on"] == "2036-12-01"
    history = await place.get("resident", f"recalls/{recall}/history")
    assert [step["action"] for step in history] == [
        "submission",
        "acceptance",
        "defence",
        "announcement",
        "recall",
    ]


async def test_a_vacancy_is_there_until_somebody_takes_the_office(
    place: Place, committee_database: Database
) -> None:
    """组织法 24: two of the same position left, one is succeeded."""
    for at in (1, 2):
        await place.post(
            "member",
            f"members/{place.members[at]['id']}/ending",
            {"cause": "moved", "on": "2026-11-01", "document": "户籍迁移证"},
        )
    assert len((await place.get("resident", "vacancies"))["items"]) == 2
    async with committee_database.transaction(place.small.code) as session:
        await fill_vacancies(
            session,
            Actor.platform(place.small.code),
            committee_id=place.small.committees[0],
            members=[NewMember("新委员", Sex.MALE, Position.MEMBER)],
            starts_on=TODAY,
        )
    assert len((await place.get("resident", "vacancies"))["items"]) == 1
    before = await place.get("resident", "vacancies?on=2026-11-10")
    assert [one["left_on"] for one in before["items"]] == ["2026-11-01"] * 2


@pytest.mark.parametrize(
    ("in_favour", "received", "state"), [(30, 60, "retained"), (50, 50, "invalid")]
)
async def test_without_a_majority_or_the_turnout_the_member_stays(
    place: Place, in_favour: int, received: int, state: str
) -> None:
    """组织法 20: half of those voting is not more than half; 50 of 100 are not more than half."""
    recall = await place.announced()
    body = {
        "issued": 60,
        "received": received,
        "in_favour": in_favour,
        "against": received - in_favour,
        "void": 0,
    }
    for who in ("election", "supervisor"):
        await place.post(who, f"recalls/{recall}/counts", body, 201)
    done = await place.post("election", f"recalls/{recall}/result")
    assert done["state"] == state
    assert (await place.get("resident", "vacancies"))["items"] == []
    await place.petition()


async def test_a_tenth_must_sign_and_only_verified_signatures_count(place: Place) -> None:
    recall = (await place.petition())["id"]
    made = [await place.sign(recall, at) for at in range(10)]
    for signature in made[:9]:
        await place.verify(recall, signature["id"])
    few = await place.post("resident", f"recalls/{recall}/submission", None, 422)
    assert codes(few) == ["too_few_signatures"]
    assert few["rules"][0]["source"] == "城市居民委员会组织法 第二十条"
    path = f"recalls/{recall}/signatures/{made[9]['id']}/verification"
    assert (await place.post("supervisor", path, {"valid": True}, 409))["code"] == "two_persons"
    assert codes(await place.post("election", path, {"valid": False}, 422)) == ["reason_missing"]
    await place.post("election", path, {"valid": False, "reason": "不在选民名单中"})
    await place.post("resident", f"recalls/{recall}/submission", None, 422)
    again = await place.sign(recall, 10)
    await place.verify(recall, again["id"])
    done = await place.post("resident", f"recalls/{recall}/submission")
    assert (done["state"], done["signatures"]) == ("submitted", 10)
    assert (await place.sign(recall, 11, 409))["code"] == "not_collecting"


async def test_everybody_signs_once_and_may_withdraw_and_sign_again(place: Place) -> None:
    recall = (await place.petition())["id"]
    first = await place.sign(recall, 1)
    assert first["name"] == "居**"
    assert (await place.sign(recall, 1, 409))["code"] == "signed_already"
    await place.verify(recall, first["id"])
    path = f"recalls/{recall}/signatures/{first['id']}/withdrawal"
    await place.post("supervisor", path, {"reason": "本人要求"})
    await place.post("supervisor", path, {"reason": "本人要求"}, 409)
    await place.sign(recall, 1)
    listed = await place.get("election", f"recalls/{recall}/signatures")
    assert sorted(one["state"] for one in listed["items"]) == ["entered", "withdrawn"]


async def test_a_household_signs_once(place: Place) -> None:
    recall = (
        await place.petition(
            basis="households", form="household_representatives", electors=None, households=40
        )
    )["id"]
    assert codes(await place.sign(recall, 1, 422)) == ["missing"]
    await place.sign(recall, 1, household="1-101")
    taken = await place.sign(recall, 2, 409, household="1-101")
    assert taken["code"] == "signed_already"
    await place.sign(recall, 2, household="1-102")


async def test_a_signer_is_an_adult_with_a_valid_identity_number(place: Place) -> None:
    recall = (await place.petition())["id"]
    child = id_number(1, (TODAY - timedelta(days=365 * 18)).strftime("%Y%m%d"))
    assert codes(await place.sign(recall, 1, 422, id_number=child)) == ["under_age"]
    of_age = id_number(1, f"{TODAY.year - 18}{TODAY:%m%d}")
    await place.sign(recall, 1, id_number=of_age)
    wrong = await place.sign(recall, 1, 422, id_number="421002196805121225", name=None)
    assert "missing" in codes(wrong)
    assert codes(await place.sign(recall, 1, 422, signed_on="2026-11-25")) == ["signed_ahead"]


async def test_no_identity_number_is_kept(place: Place, committee_database: Database) -> None:
    recall = (await place.petition())["id"]
    await place.sign(recall, 1)
    async with committee_database.read(place.small.code) as session:
        for table in ("recall_signature", "audit_event"):
            rows = await session.execute(text(f"SELECT row_to_json({table})::text FROM {table}"))
            assert id_number(1) not in " ".join(row[0] for row in rows)


async def test_representatives_sign_as_those_who_serve(place: Place) -> None:
    """组织法 20: 三分之一以上的居民代表."""
    committee = str(place.small.committees[0])
    group = await place.post(
        "member",
        "groups",
        {
            "committee_id": committee,
            "code": "G1",
            "name": "第一小组",
            "households": 100,
            "formed_on": "2026-01-01",
        },
        201,
    )
    ids = []
    for at in range(3):
        body = {
            "name": f"代表{at}",
            "sex": "female",
            "term_number": 6,
            "chosen_on": "2026-01-02",
        }
        made = await place.post("member", f"groups/{group['id']}/representatives", body, 201)
        ids.append(made["id"])
    changed: dict[str, Any] = {
        "basis": "representatives",
        "form": "resident_representatives",
        "electors": None,
    }
    recall = await place.petition(**changed, representatives=99)
    assert recall["representatives"] == 3
    path = f"recalls/{recall['id']}"
    await place.post("resident", f"{path}/submission", None, 422)
    stranger = await place.sign(recall["id"], 1, 422, representative_id=str(new_id()))
    assert codes(stranger) == ["not_a_representative"]
    signed = await place.sign(recall["id"], 1, representative_id=ids[0])
    assert signed["state"] == "verified"
    await place.sign(recall["id"], 1, 409, representative_id=ids[0])
    assert (await place.post("resident", f"{path}/submission"))["state"] == "submitted"


async def test_one_petition_is_open_against_a_member_in_office(place: Place) -> None:
    first = await place.petition()
    assert (await place.petition(status=409))["code"] == "recall_open"
    await place.petition(member=2)
    assert codes(await place.petition(member=3, status=422, electors=None)) == ["roll_incomplete"]
    await place.post("resident", f"recalls/{first['id']}/withdrawal", {"reason": "已整改"})
    await place.petition()


async def test_a_petition_is_seen_by_others_once_it_is_accepted(place: Place) -> None:
    recall = await place.submitted()
    assert (await place.get("resident", f"recalls/{recall}"))["state"] == "submitted"
    for who in ("street", "other resident"):
        await place.get(who, f"recalls/{recall}", 404)
    reason = {"reason": "不同意"}
    await place.post("other resident", f"recalls/{recall}/withdrawal", reason, 404)
    await place.post("other resident", f"recalls/{recall}/submission", None, 404)
    assert (await place.get("election", f"recalls/{recall}"))["state"] == "submitted"
    await place.post("election", f"recalls/{recall}/decision", {"outcome": "refusal"}, 422)
    await place.post("election", f"recalls/{recall}/decision", {"outcome": "acceptance"})
    for who in ("other resident", "street", "member"):
        assert (await place.get(who, f"recalls/{recall}"))["state"] == "defence"
    await place.get("neighbour", f"recalls/{recall}", 404)
    assert (await place.get("neighbour", "recalls"))["items"] == []


async def test_the_member_has_days_to_defend_themselves(place: Place) -> None:
    """组织法 20: 有权提出申辩意见; five working days from Tuesday 2026-11-24 end on 2026-12-01."""
    recall = await place.submitted()
    await place.post("election", f"recalls/{recall}/decision", {"outcome": "acceptance"})
    for day, status in ((date(2026, 12, 1), 409), (date(2026, 12, 2), 200)):
        place.on(day)
        answer = await place.post("election", f"recalls/{recall}/no-defence", None, status)
    assert (answer["state"], answer["defence"]) == ("defended", None)
    late = await place.post("member", f"recalls/{recall}/defence", {"statement": "迟到"}, 409)
    assert late["code"] == "step_not_possible"


async def test_two_persons_count_and_their_counts_are_the_same(place: Place) -> None:
    recall = await place.announced()
    place.on(TODAY + timedelta(days=19))
    assert (await place.count("election", recall, 31, 409))["code"] == "no_vote"
    place.on(TODAY + timedelta(days=20))
    await place.count("election", recall, 31)
    await place.count("election", recall, 31)
    path = f"recalls/{recall}/result"
    assert (await place.post("election", path, None, 409))["code"] == "counts_differ"
    await place.count("supervisor", recall, 30)
    assert (await place.post("election", path, None, 409))["code"] == "counts_differ"
    await place.count("election", recall, 30)
    assert (await place.post("election", path))["state"] == "retained"
    assert (await place.count("election", recall, 31, 409))["code"] == "no_vote"


async def test_a_vote_is_announced_ahead_and_counts_add_up(place: Place) -> None:
    recall = await place.submitted()
    await place.post("election", f"recalls/{recall}/decision", {"outcome": "acceptance"})
    await place.post("member", f"recalls/{recall}/defence", {"statement": "已公布。"})
    body = {"vote_on": TODAY.isoformat(), "place": "社区活动中心"}
    path = f"recalls/{recall}/announcement"
    assert codes(await place.post("election", path, body, 422)) == ["vote_not_ahead"]
    ahead = TODAY + timedelta(days=1)
    await place.post("election", path, {**body, "vote_on": ahead.isoformat()})
    place.on(ahead)
    count = {"issued": 101, "received": 60, "in_favour": 31, "against": 28, "void": 0}
    wrong = await place.post("election", f"recalls/{recall}/counts", count, 422)
    assert codes(wrong) == ["ballots_do_not_add_up", "votes_do_not_add_up"]


MEETING = {
    "kind": "residents_meeting",
    "held_on": "2026-12-05",
    "entitled": 1000,
    "present": 501,
    "in_favour": 251,
    "document": "居民会议纪要1号",
}


async def resigned(place: Place, member: int = 1) -> str:
    """A resignation that waits."""
    body = {"member_id": place.members[member]["id"], "reason": "迁居外地"}
    made = await place.post("member", "resignations", body, 201)
    await place.post("member", "resignations", body, 409)
    return str(made["id"])


async def test_an_office_ends_on_the_day_on_which_the_meeting_accepts_the_resignation(
    place: Place, committee_database: Database
) -> None:
    """组织法 21; an open recall of the member then has no object."""
    recall = (await place.petition())["id"]
    path = f"resignations/{await resigned(place)}/decision"
    place.on(date(2026, 12, 7))
    few = {"accepted": True, "meeting": {**MEETING, "present": 500, "in_favour": 250}}
    wrong = await place.post("member", path, few, 422)
    assert codes(wrong) == ["meeting_not_quorate", "meeting_majority"]
    early = {"accepted": True, "meeting": {**MEETING, "held_on": "2026-11-23"}}
    assert codes(await place.post("member", path, early, 422)) == ["meeting_before_resignation"]
    done = await place.post("member", path, {"accepted": True, "meeting": MEETING})
    assert (done["state"], done["meeting"]["present"]) == ("accepted", 501)
    [vacancy] = (await place.get("resident", "vacancies"))["items"]
    assert (vacancy["left_on"], vacancy["left_because"]) == ("2026-12-05", "resigned")
    assert (await place.get("election", f"recalls/{recall}"))["state"] == "lapsed"
    async with committee_database.read(place.small.code) as session:
        acts = set(await session.scalars(select(AuditEvent.action)))
    assert {"resignation.submitted", "resignation.accepted", "member.left", "recall.lapsed"} <= acts


async def test_a_refused_or_withdrawn_resignation_leaves_the_office(place: Place) -> None:
    path = f"resignations/{await resigned(place)}/decision"
    place.on(date(2026, 12, 7))
    refused = {"accepted": False, "meeting": {**MEETING, "in_favour": 250}}
    assert (await place.post("member", path, refused))["state"] == "refused"
    withdrawn = await resigned(place)
    await place.post("member", f"resignations/{withdrawn}/withdrawal", {"reason": "改变主意"})
    assert (await place.get("resident", "vacancies"))["items"] == []
    listed = await place.get("member", "resignations")
    assert {one["state"] for one in listed["items"]} == {"refused", "withdrawn"}
    early = {"accepted": True, "meeting": {**MEETING, "held_on": "2026-11-23"}}
    over = await place.post("member", f"resignations/{withdrawn}/decision", early, 409)
    assert over["code"] == "step_not_possible", "the state speaks before the minutes"


@pytest.mark.parametrize(
    "cause", ["incapacitated", "sentenced", "failed_evaluation", "annulled", "moved", "died"]
)
async def test_an_office_ends_by_law(place: Place, cause: str) -> None:
    """组织法 22, 23, 37."""
    path = f"members/{place.members[1]['id']}/ending"
    body = {"cause": cause, "on": TODAY.isoformat(), "document": "生效判决"}
    ahead = {**body, "on": "2026-11-25"}
    assert codes(await place.post("supervisor", path, ahead, 422)) == ["day_ahead"]
    ended = await place.post("supervisor", path, body)
    assert (ended["left_because"], ended["position"]) == (Leaving(cause), "member")
    await place.post("supervisor", path, body, 404)


async def test_recall_and_resignation_have_procedures_of_their_own(place: Place) -> None:
    path = f"members/{place.members[1]['id']}/ending"
    for cause in ("recalled", "resigned"):
        body = {"cause": cause, "on": TODAY.isoformat(), "document": "无"}
        await place.post("member", path, body, 422)
