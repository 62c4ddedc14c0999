"""Two elections of the demo, by clocks of their own: one before its vote, one that took a second
ballot."""

from collections.abc import Callable
from datetime import timedelta

from services.cli.api import Api
from services.cli.demo.accounts import PASSWORD
from services.cli.demo.electing import Electing, clear
from shared.auth.principal import Role
from shared.kernel.clock import SystemClock

HOLDER, SECOND = "elections", "elections.second"
BEFORE_THE_VOTE, FINISHED, TOUR = "421002001003", "421002001004", "421002001005"
_PROXIES = {30: 10, 31: 10}


async def load(person: Callable[[str], Api]) -> None:
    """Tell them through the public API; what was told already stays as it is."""
    communities = await _people(person("admin"))
    holder, second = person(HOLDER), person(SECOND)
    today = SystemClock().today()
    if not await clear(holder, communities[BEFORE_THE_VOTE], frozenset({"candidates_published"})):
        start = today - timedelta(days=20)
        await _before_the_vote(Electing(holder, second, communities[BEFORE_THE_VOTE], start))
    if not await clear(holder, communities[FINISHED], frozenset({"in_office"})):
        start = today - timedelta(days=60)
        await _with_a_second_ballot(Electing(holder, second, communities[FINISHED], start))


async def _people(admin: Api) -> dict[str, str]:
    """Who holds the demo's elections, and who enters the second sheets; ids of their communities
    by code."""
    listed = await admin.everything("/v1/workstation/communities?limit=200&state=active")
    codes = (BEFORE_THE_VOTE, FINISHED, TOUR)
    communities = {one["code"]: one["id"] for one in listed if one["code"] in codes}
    known = {one["login"] for one in await admin.everything("/v1/accounts?limit=200")}
    for login, name, role in (
        (HOLDER, "居民选举委员会（演示选举）", Role.ELECTION_COMMITTEE),
        (SECOND, "居务监督委员会（演示选举）", Role.SUPERVISOR),
    ):
        if login in known:
            continue
        account = {"login": login, "display_name": name, "password": PASSWORD}
        made = (await admin.request("POST", "/v1/accounts", json=account)).json()
        for id in communities.values():
            grant = {"account_id": made["id"], "role": role, "scope_id": id}
            await admin.request("POST", "/v1/grants", json=grant)
    return communities


async def _until_the_vote(election: Electing) -> None:
    await election.resolve()
    await election.register()
    await election.publish_roll()
    await election.freeze()
    await election.stand()
    for principal, holder in _PROXIES.items():
        await election.entrust(principal, holder)
    await election.post("/proxies/publication")


async def _before_the_vote(election: Electing) -> None:
    await _until_the_vote(election)
    await election.move(SystemClock().today())


async def _with_a_second_ballot(election: Electing) -> None:
    await _until_the_vote(election)
    station, box = await election.stations()
    await election.move(election.election_day)
    await election.post("/opening")
    await election.hand_out(station, range(24), _PROXIES)
    await election.hand_out(box, range(24, 30), {})
    await election.close(station, 26, spoiled=1)
    await election.close(box, 6)
    await election.post("/closing")
    votes = {"chair": [18, 8], "vice_chair": [13, 12], "member": [22, 20, 9, 7]}
    await election.count(station, 26, votes)
    votes = {"chair": [4, 2], "vice_chair": [3, 3], "member": [5, 5, 2, 1]}
    await election.count(box, 6, votes)
    await election.post("/result")
    again = election.election_day + timedelta(days=7)
    await election.post("/second-ballot", {"ballot_on": again.isoformat()})
    await election.read_candidates(2)
    await election.move(again)
    station, box = await election.stations(first=1001)
    await election.post("/opening")
    await election.hand_out(station, range(20), {})
    await election.hand_out(box, range(20, 22), {})
    await election.close(station, 20)
    await election.close(box, 2)
    await election.post("/closing")
    await election.count(station, 20, {"vice_chair": [11, 8], "member": [12, 7]})
    await election.count(box, 2, {"vice_chair": [1, 1], "member": [2, 0]})
    await election.post("/result")
    await election.post("/accession", {})
