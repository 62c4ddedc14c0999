"""Sittings on the rule's days: agenda, opinions, votes, level of consensus, resolution, minutes."""

import asyncio
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.committee.hall.sitting_domain import Consensus, Tally, consensus_of
from tests.services.committee.hall.conftest import Hall

FIFTH = date(2026, 3, 5)
HALF, THIRDS = Fraction(1, 2), Fraction(2, 3)
COUNT = st.integers(0, 500)


@pytest.mark.parametrize(
    ("tally", "level"),
    [
        ((0, 0, 0), Consensus.NOT_VOTED),
        ((7, 0, 0), Consensus.UNANIMOUS),
        ((2, 1, 0), Consensus.BROAD),
        ((5, 1, 3), Consensus.MAJORITY),
        ((3, 0, 3), Consensus.DIVIDED),
        ((3, 3, 0), Consensus.DIVIDED),
        ((0, 0, 4), Consensus.DIVIDED),
    ],
)
def test_the_level_of_consensus_and_a_tie_is_divided(
    tally: tuple[int, int, int], level: Consensus
) -> None:
    assert consensus_of(Tally(*tally), majority=HALF, broad=THIRDS) is level


@given(COUNT, COUNT, COUNT)
def test_one_voice_more_never_lowers_the_level(agree: int, reserve: int, oppose: int) -> None:
    order = [
        Consensus.NOT_VOTED,
        Consensus.DIVIDED,
        Consensus.MAJORITY,
        Consensus.BROAD,
        Consensus.UNANIMOUS,
    ]
    before = consensus_of(Tally(agree, reserve, oppose), majority=HALF, broad=THIRDS)
    after = consensus_of(Tally(agree + 1, reserve, oppose), majority=HALF, broad=THIRDS)
    assert order.index(after) >= order.index(before)


def announcement(hall: Hall, **changed: Any) -> dict[str, Any]:
    """A sitting of the first community."""
    return {
        "community_id": str(hall.communities[0]),
        "topic": "夜间照明",
        "held_on": str(FIFTH),
        "place": "议事厅",
        **changed,
    }


async def opened(hall: Hall) -> tuple[str, str]:
    """A live sitting with one matter on its agenda: (sitting, matter)."""
    matter = await hall.accepted()
    sitting = await hall.did("member", "sittings", announcement(hall))
    await hall.did("member", f"sittings/{sitting['id']}/agenda", {"matter_id": matter["id"]})
    hall.days.go_to(FIFTH)
    await hall.did("member", f"sittings/{sitting['id']}/opening")
    return sitting["id"], matter["id"]


async def test_a_sitting_is_on_the_5th_15th_or_25th_or_has_a_reason(hall: Hall) -> None:
    refused = await hall.post("member", "sittings", announcement(hall, held_on="2026-03-06"))
    error = refused.json()["errors"][0]
    assert (error["code"], "2026-03-15" in error["remedy"]) == ("not_a_sitting_day", True)
    assert refused.json()["rules"][0]["value"] == [5, 15, 25]
    made = await hall.did(
        "member", "sittings", announcement(hall, held_on="2026-03-06", extraordinary="积水险情")
    )
    assert made["state"] == "planned"
    past = await hall.post("member", "sittings", announcement(hall, held_on="2026-02-25"))
    assert past.json()["errors"][0]["code"] == "in_the_past"


async def test_a_community_has_one_sitting_a_day_however_many_announce_it(hall: Hall) -> None:
    answers = await asyncio.gather(
        *(hall.post("member", "sittings", announcement(hall)) for _ in range(5))
    )
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


async def test_a_sitting_deliberates_and_comes_to_a_resolution(hall: Hall) -> None:
    sitting, matter = await opened(hall)
    await hall.did(
        "resident", f"sittings/{sitting}/opinions", {"matter_id": matter, "body": "换太阳能灯"}
    )
    await hall.did(
        "neighbour", f"sittings/{sitting}/votes", {"matter_id": matter, "choice": "agree"}
    )
    await hall.did("other", f"sittings/{sitting}/votes", {"matter_id": matter, "choice": "oppose"})
    tally = await hall.did(
        "other", f"sittings/{sitting}/votes", {"matter_id": matter, "choice": "reserve"}
    )
    assert tally == {"agree": 1, "reserve": 1, "oppose": 0}
    body = {"sitting_id": sitting, "text": "由工作站协调维修。"}
    refused = await hall.post("member", f"matters/{matter}/resolution", body)
    assert refused.json()["code"] == "no_majority"
    assert refused.json()["rules"][0]["key"] == "hall.resolution_share"
    made = await hall.did(
        "member", f"matters/{matter}/resolution", {**body, "floor": {"agree": 3, "oppose": 0}}
    )
    assert (made["agree"], made["reserve"], made["consensus"]) == (4, 1, "broad")
    assert (await hall.seen(f"matters/{matter}"))["state"] == "resolved"
    assert [one["text"] for one in await hall.seen(f"matters/{matter}/resolutions")] == [
        "由工作站协调维修。"
    ]
    late = await hall.post(
        "neighbour", f"sittings/{sitting}/votes", {"matter_id": matter, "choice": "oppose"}
    )
    assert late.status_code == 404


async def test_each_account_has_one_voice_however_many_requests_it_sends_at_once(
    hall: Hall,
) -> None:
    sitting, matter = await opened(hall)
    await asyncio.gather(
        *(
            hall.did(login, f"sittings/{sitting}/votes", {"matter_id": matter, "choice": "agree"})
            for login in ("neighbour", "other", "representative")
            for _ in range(4)
        )
    )
    seen = (await hall.seen(f"sittings/{sitting}"))["agenda"][0]
    assert seen["tally"] == {"agree": 3, "reserve": 0, "oppose": 0}


async def test_what_was_not_resolved_is_deferred_when_the_sitting_ends(hall: Hall) -> None:
    sitting, matter = await opened(hall)
    ended = await hall.did("member", f"sittings/{sitting}/ending", {})
    assert (ended["state"], ended["due_on"]) == ("ended", "2026-03-10")
    assert ended["agenda"][0]["outcome"] == "deferred"
    assert (await hall.seen(f"matters/{matter}"))["state"] == "accepted"
    published = await hall.did(
        "member", f"sittings/{sitting}/minutes", {"minutes": "到会五人，留待下次再议。"}
    )
    assert published["state"] == "published"


async def test_minutes_do_not_publish_personal_numbers(hall: Hall) -> None:
    sitting, _ = await opened(hall)
    await hall.did("member", f"sittings/{sitting}/ending", {})
    body = {"minutes": "联系人13812345678。"}
    refused = await hall.post("member", f"sittings/{sitting}/minutes", body)
    assert refused.json()["errors"][0]["pointer"] == "/minutes"
    made = await hall.did(
        "member", f"sittings/{sitting}/minutes", {**body, "mask_personal_data": True}
    )
    assert made["minutes"] == "联系人138****5678。"


async def test_the_public_sees_who_was_invited_as_organisations_and_numbers_only(
    hall: Hall,
) -> None:
    sitting, _ = await opened(hall)
    guest = {"kind": "department", "name": "李明华", "organisation": "区住建局"}
    invited = await hall.did("member", f"sittings/{sitting}/participants", guest)
    await hall.did("member", f"sittings/{sitting}/participants/{invited['id']}/attendance")
    answer = await hall.client.get(f"/v1/committee/hall/sittings/{sitting}?district={hall.code}")
    assert answer.json()["organisations"] == ["区住建局"]
    assert answer.json()["attendance"] == {"department": 1}
    assert "李明华" not in answer.text
    listed = await hall.seen(f"sittings/{sitting}/participants", "member")
    assert listed["items"][0]["name"] == "李明华"
    refused = await hall.ask("stranger_member", "GET", f"sittings/{sitting}/participants")
    assert refused.status_code == 404


async def test_a_matter_stands_on_one_agenda_at_a_time_and_strangers_have_no_voice(
    hall: Hall,
) -> None:
    sitting, matter = await opened(hall)
    later = await hall.did("member", "sittings", announcement(hall, held_on="2026-03-15"))
    twice = await hall.post("member", f"sittings/{later['id']}/agenda", {"matter_id": matter})
    assert twice.json()["code"] == "step_not_possible"
    vote = {"matter_id": matter, "choice": "oppose"}
    assert (await hall.post("stranger", f"sittings/{sitting}/votes", vote)).status_code == 404
    early = await hall.post("member", f"sittings/{later['id']}/opening")
    assert early.json()["code"] == "sitting_not_today"
