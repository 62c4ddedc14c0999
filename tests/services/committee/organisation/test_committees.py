"""Residents' committees, their terms and members, as anyone may read them."""

import httpx
import pytest

from services.committee.events import HANDLERS
from services.committee.organisation.domain import (
    CompositionRules,
    Officer,
    Position,
    Sex,
    composition_issues,
)
from shared.auth.principal import Role
from shared.contracts.subscriptions import COMMUNITY_RECORDED
from shared.db.database import Database
from tests.services.committee.conftest import SmallDistrict, community_event
from tests.support.identity import SigningIdentity

RULES = CompositionRules(members_min=5, members_max=9, woman_required=True)
CHAIR = Officer(Position.CHAIR, Sex.FEMALE)
MAN = Officer(Position.MEMBER, Sex.MALE)
PATH = "/v1/committee/committees"


@pytest.mark.parametrize(
    ("officers", "lacks"),
    [
        ([CHAIR, *[MAN] * 4], set()),
        ([CHAIR, *[MAN] * 8], set()),
        ([CHAIR, *[MAN] * 3], {"committee_size"}),
        ([CHAIR, *[MAN] * 9], {"committee_size"}),
        ([Officer(Position.CHAIR, Sex.MALE), *[MAN] * 4], {"committee_without_woman"}),
        ([CHAIR, CHAIR, *[MAN] * 3], {"committee_chair"}),
        ([], {"committee_size", "committee_without_woman", "committee_chair"}),
    ],
)
def test_a_committee_has_five_to_nine_members_a_woman_and_one_chair(
    officers: list[Officer], lacks: set[str]
) -> None:
    assert {issue.code for issue in composition_issues(officers, RULES)} == lacks


def test_a_woman_is_asked_for_only_where_the_rule_says_so() -> None:
    rules = CompositionRules(members_min=1, members_max=9, woman_required=False)
    assert composition_issues([Officer(Position.CHAIR, Sex.MALE)], rules) == ()


async def test_anyone_reads_the_committees_of_a_district_they_name(
    committee: httpx.AsyncClient, small: SmallDistrict
) -> None:
    answer = await committee.get(f"{PATH}?district={small.code}")
    assert answer.status_code == 200, answer.text
    first, second = answer.json()["items"]
    assert (first["community_name"], first["street_name"]) == ("航空路社区", "解放街道")
    assert (first["term"]["number"], first["member_count"]) == (6, 5)
    assert second["member_count"] == 4


async def test_who_has_logged_in_need_not_name_their_district(
    committee: httpx.AsyncClient, small: SmallDistrict, identity: SigningIdentity
) -> None:
    headers = identity.bearer(small.code, Role.AUDITOR)
    assert len((await committee.get(PATH, headers=headers)).json()["items"]) == 2


async def test_a_request_without_a_district_is_told_to_name_one(
    committee: httpx.AsyncClient,
) -> None:
    answer = await committee.get(PATH)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/district"


async def test_a_committee_shows_what_it_lacks_and_the_rules_that_say_so(
    committee: httpx.AsyncClient, small: SmallDistrict
) -> None:
    lacking = {}
    for id in small.committees:
        found = await committee.get(f"{PATH}/{id}?district={small.code}&on=2026-06-01")
        assert found.status_code == 200, found.text
        lacking[str(id)] = [issue["code"] for issue in found.json()["composition_issues"]]
        sources = {rule["source"] for rule in found.json()["rules"]}
        assert "城市居民委员会组织法 第八条" in sources
        assert found.json()["advice"] == []
    assert list(lacking.values()) == [
        [],
        ["committee_size", "committee_without_woman", "committee_chair"],
    ]


async def test_before_the_law_was_in_force_nothing_is_judged_by_it(
    committee: httpx.AsyncClient, small: SmallDistrict
) -> None:
    found = await committee.get(f"{PATH}/{small.committees[1]}?district={small.code}&on=2023-06-01")
    assert (found.json()["composition_issues"], found.json()["rules"]) == ([], [])


async def test_terms_and_members_of_a_committee_are_listed_page_by_page(
    committee: httpx.AsyncClient, small: SmallDistrict
) -> None:
    base = f"{PATH}/{small.committees[0]}"
    terms = await committee.get(f"{base}/terms?district={small.code}")
    assert [term["number"] for term in terms.json()["items"]] == [6]
    names: list[str] = []
    following: str | None = f"{base}/members?district={small.code}&limit=2"
    while following:
        page = (await committee.get(following)).json()
        names += [member["name"] for member in page["items"]]
        following = page["next"]
    assert names == [f"成员{number}" for number in range(5)]
    past = await committee.get(f"{base}/members?district={small.code}&on=2020-01-01")
    assert past.json()["items"] == []
    ever = await committee.get(f"{base}/members?district={small.code}&on=2020-01-01&all=true")
    assert len(ever.json()["items"]) == 5


async def test_another_districts_committee_does_not_exist_here(
    committee: httpx.AsyncClient, small: SmallDistrict
) -> None:
    for path in ("", "/terms", "/members"):
        answer = await committee.get(f"{PATH}/{small.committees[0]}{path}?district=999999")
        assert answer.status_code == 404


async def test_a_renamed_community_is_renamed_here(
    committee: httpx.AsyncClient, small: SmallDistrict, committee_database: Database
) -> None:
    event = community_event(small.communities[0], "C0", small.street, name="新航社区")
    async with committee_database.transaction(small.code) as session:
        await HANDLERS[COMMUNITY_RECORDED](session, small.code, event)
    listed = await committee.get(f"{PATH}?district={small.code}&q=第0")
    assert [item["community_name"] for item in listed.json()["items"]] == ["新航社区"]
