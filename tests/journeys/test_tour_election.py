"""`./shequ tour election` plays a whole election, again and again, and its log is found right."""

import httpx
import pytest

from services.cli.demo.stories.elections import BEFORE_THE_VOTE, FINISHED
from services.cli.verify_election import verify
from tests.support.installation import Installation
from tests.support.touring import played

ELECTIONS = "/v1/committee/elections"


@pytest.mark.parametrize("language", ["C.UTF-8", "zh_CN.UTF-8"])
def test_the_tour_plays_an_election_to_its_verified_end(
    installation: Installation, language: str
) -> None:
    told = played(installation, "election", language)
    assert told.returncode == 0, told.stdout + told.stderr
    if language == "C.UTF-8":
        assert "Round 2 recomputed, the same" in told.stdout
        assert "its content does not match its hash" in told.stdout


def test_the_demo_has_an_election_before_its_vote_and_one_with_a_second_ballot(
    installation: Installation,
) -> None:
    with httpx.Client(base_url=installation.url, timeout=30) as client:
        listed = client.get(ELECTIONS, params={"district": "421002", "limit": 200}).json()["items"]
        committees = client.get(
            "/v1/committee/committees", params={"district": "421002", "limit": 200}
        ).json()["items"]
        community = {one["code"]: one["community_id"] for one in committees}
        found = {one["community_id"]: one for one in listed if one["demo"]}
        waiting = found[community[BEFORE_THE_VOTE]]
        finished = found[community[FINISHED]]
        assert waiting["state"] == "candidates_published"
        assert (finished["state"], finished["round"]) == ("in_office", 2)
        for one in (waiting, finished):
            address = f"{ELECTIONS}/{one['id']}/log/export?district=421002"
            report = verify(client.get(address).content)
            assert report.faults == []
            assert report.checked
