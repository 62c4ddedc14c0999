"""A community that elects its committee over HTTP, by the clock of a demonstration."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, ClassVar

import httpx
import pytest

from services.cli.demo.generator import check_character
from services.committee.app import create_app
from services.committee.settings import Settings
from shared.auth.principal import Role
from shared.db.database import Database
from shared.kernel.clock import FixedClock
from shared.kernel.ids import new_id
from shared.rulebook.in_force import RulesInForce
from shared.rulebook.models import RuleOverride
from shared.web.app import ServiceApplication
from tests.conftest import KEYS, client_of
from tests.services.committee.conftest import SmallDistrict
from tests.support.databases import Databases
from tests.support.identity import ISSUER, SigningIdentity

START = date(2026, 11, 2)
ELECTION_DAY = date(2026, 12, 12)
JPEG = b"\xff\xd8\xff\xe0 a photograph of a count sheet"
SEATS = {"chair": 1, "vice_chair": 1, "member": 3}


def id_number(place: int, *, born: date = date(1980, 1, 1), woman: bool = False) -> str:
    """A well-formed identity number, another for each place (up to 499 a day)."""
    day = born + timedelta(days=place // 499)
    body = f"421002{day:%Y%m%d}{2 * (place % 499) + (0 if woman else 1):03d}"
    return body + check_character(body)


@pytest.fixture(scope="session")
def elections_api(
    databases: Databases, identity: SigningIdentity, committee_files: str
) -> ServiceApplication:
    """The committee service on a day of its own, with demonstrations allowed."""
    settings = Settings(
        database_url=databases.url("committee"),
        issuer=ISSUER,
        files_url=committee_files,
        demo_elections=True,
        pool_size=16,
        **KEYS,
    )
    return create_app(settings, identity=identity, clock=FixedClock.on(START))


@pytest.fixture(scope="session")
async def elections(elections_api: ServiceApplication) -> AsyncIterator[httpx.AsyncClient]:
    """A client on it."""
    async with client_of(elections_api) as client:
        yield client


@dataclass
class Polls:
    """One election and those who hold it. `people` are electors' numbers by their place."""

    client: httpx.AsyncClient
    identity: SigningIdentity
    small: SmallDistrict
    community: int = 0
    id: str = ""
    holder: dict[str, str] = field(default_factory=dict)
    second: dict[str, str] = field(default_factory=dict)
    local: dict[str, str] = field(default_factory=dict)
    people: list[int] = field(default_factory=list)
    members: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        place = self.small.communities[self.community]
        self.holder = self.who(Role.ELECTION_COMMITTEE, place)
        self.second = self.who(Role.SUPERVISOR, place)
        self.local = self.who(Role.COMMITTEE_MEMBER, place)

    def who(self, role: Role, community: Any = None) -> dict[str, str]:
        """Authorization of somebody with a role in the community."""
        return self.identity.bearer(
            self.small.code, role, community=community or self.small.communities[self.community]
        )

    async def get(self, path: str = "", headers: dict[str, str] | None = None) -> Any:
        """The JSON of a GET on the election that succeeds, public unless somebody asks."""
        joint = "&" if "?" in path else "?"
        address = f"/v1/committee/elections/{self.id}{path}"
        if headers is None:
            address += f"{joint}district={self.small.code}"
        answer = await self.client.get(address, headers=headers or {})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def send(
        self, path: str, body: Any = None, *, by: dict[str, str] | None = None, **options: Any
    ) -> httpx.Response:
        """A POST on the election, by who holds it unless somebody else is named."""
        headers = {**(by or self.holder), **options.pop("headers", {})}
        address = f"/v1/committee/elections/{self.id}".rstrip("/") + path
        return await self.client.post(address, json=body, headers=headers, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> Any:
        """The JSON of a POST that succeeds."""
        answer = await self.send(path, body, **options)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    async def refused(self, path: str, body: Any = None, **options: Any) -> dict[str, Any]:
        """The problem of a POST that is refused."""
        answer = await self.send(path, body, **options)
        assert 400 <= answer.status_code < 500, answer.text
        problem: dict[str, Any] = answer.json()
        return {**problem, "codes": [error["code"] for error in problem["errors"]]}

    def resolution(self, **changed: Any) -> dict[str, Any]:
        """A resolution that meets no objection."""
        return {
            "community_id": str(self.small.communities[self.community]),
            "form": "all_electors",
            "seats": SEATS,
            "election_day": str(ELECTION_DAY),
            "resolved_on": str(START),
            "resolution": "居民代表会议决议",
            "demo_today": str(START),
            **changed,
        }

    async def resolve(self, **changed: Any) -> dict[str, Any]:
        """Begin it, with its election committee."""
        self.id = ""
        found: dict[str, Any] = await self.post("", self.resolution(**changed), by=self.local)
        self.id = found["id"]
        await self.choose_committee()
        return found

    async def choose_committee(self) -> None:
        """Five members and two alternates, as the meeting chose them."""
        posts = ["chair", "vice_chair", "member", "member", "member", "alternate", "alternate"]
        members = [
            {"name": f"委员{at}", "id_number": id_number(at, born=date(1960, 5, 1)), "post": post}
            for at, post in enumerate(posts)
        ]
        body = {"members": members, "resolution": "居民代表会议推选"}
        await self.post("/committee", body, by=self.local)
        self.members = [one["id"] for one in await self.get("/committee")]

    async def move(self, day: date) -> None:
        """Move its clock."""
        await self.post("/demo-clock", {"today": str(day)})

    def elector(self, place: int, **changed: Any) -> dict[str, Any]:
        """Somebody who takes part; every third is a woman."""
        woman = place % 3 == 0
        return {
            "name": f"选民{place:04d}",
            "id_number": id_number(place, woman=woman),
            "basis": "household_register",
            "household": f"{place // 2:06d}",
            **changed,
        }

    async def register(self, count: int = 30, **changed: Any) -> None:
        """Register electors."""
        await self.post("/registration")
        people = [self.elector(place, **changed) for place in range(count)]
        for at in range(0, count, 500):
            body = {"declaration": "登记册", "electors": people[at : at + 500]}
            found = await self.post("/roll", body)
            assert found["registered"] == len(people[at : at + 500]), found

    async def numbers(self) -> list[int]:
        """Electors' numbers in the order of their places."""
        found: dict[str, int] = {}
        path = "/roll/electors?limit=200&state=registered"
        while path:
            page = await self.get(path, self.holder)
            found |= {one["name"]: one["number"] for one in page["items"]}
            path = (page["next"] or "").partition(self.id)[2]
        self.people = [found[name] for name in sorted(found)]
        return self.people

    async def freeze(self, count: int = 30, **changed: Any) -> None:
        """From the resolution to the frozen roll."""
        await self.resolve(**changed)
        await self.register(count)
        await self.post("/roll/publication")
        await self.move(START + timedelta(days=6))
        await self.post("/freeze")
        await self.numbers()

    async def nominate(self, place: int, contest: str, **changed: Any) -> dict[str, Any]:
        """A nomination by ten electors; not yet reviewed."""
        found: dict[str, Any] = await self.post(
            "/nominations",
            {
                "person": self.people[place],
                "contest": contest,
                "by": "electors",
                "nominators": self.people[:10],
                **changed,
            },
        )
        return found

    async def accepted(self, place: int, contest: str) -> str:
        """A candidate-to-be: nominated, qualified and willing; the person's id."""
        made = await self.nominate(place, contest)
        path = f"/nominations/{made['id']}"
        await self.post(f"{path}/review", {"qualified": True, "review": "联审无异议"})
        await self.post(f"{path}/acceptance", {"accepted": True})
        person: str = made["person"]
        return person

    async def candidates(
        self, standing: Mapping[str, Sequence[int]] | None = None
    ) -> dict[str, list[str]]:
        """Candidates by contest, published; they have met the residents."""
        standing = standing or {"chair": (10, 11), "vice_chair": (12, 13), "member": range(14, 18)}
        found = {
            contest: [await self.accepted(place, contest) for place in places]
            for contest, places in standing.items()
        }
        await self.post("/candidates")
        day = (await self.get())["today"]
        await self.post("/meeting", {"held_on": day, "place": "说事厅", "note": "回答提问"})
        return found

    async def station(
        self, code: str = "S1", ballots: tuple[int, int] = (1, 100), kind: str = "station"
    ) -> dict[str, Any]:
        """A station with three scrutineers and ballots."""
        return (await self.stations({code: kind}, first=ballots[0], each=ballots[1]))[0]

    async def stations(
        self, kinds: Mapping[str, str] | None = None, *, first: int = 1, each: int = 100
    ) -> list[dict[str, Any]]:
        """Stations with three scrutineers and so many ballots each, one after another."""
        made = [
            await self.post(
                "/stations",
                {
                    "code": code,
                    "name": f"{code}投票站",
                    "kind": kind,
                    "address": "航空路12号",
                    "scrutineers": [{"name": f"监票{code}{at}"} for at in range(3)],
                },
            )
            for code, kind in (kinds or {"S1": "station", "M1": "mobile_box"}).items()
        ]
        return [
            await self.post(
                f"/stations/{one['id']}/ballots",
                {"first": first + place * each, "last": first + (place + 1) * each - 1},
            )
            for place, one in enumerate(made)
        ]

    async def open_vote(self, day: date = ELECTION_DAY) -> None:
        """Open the vote on its day."""
        await self.move(day)
        await self.post("/opening")

    async def vote(self, station: dict[str, Any], places: Sequence[int]) -> None:
        """Electors come and are handed their ballots."""
        for place in places:
            await self.post(f"/stations/{station['id']}/marks", {"elector": self.people[place]})

    async def close(self, station: dict[str, Any], marks: int, spoiled: int = 0) -> None:
        """Close a station of which so many were handed out."""
        unused = station["ballots"] - marks - spoiled
        body = {"spoiled": spoiled, "unused": unused}
        await self.post(f"/stations/{station['id']}/closing", body)

    async def photograph(self) -> str:
        """A photograph's id."""
        answer = await self.client.post(
            f"/v1/committee/elections/{self.id}/files",
            files={"file": ("计票表.jpg", JPEG, "image/jpeg")},
            headers=self.holder,
        )
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found

    async def sheet(
        self,
        station: dict[str, Any],
        received: int,
        votes: Mapping[str, Mapping[str, int]],
        *,
        counter: int,
        blank: int = 0,
    ) -> dict[str, Any]:
        """A count sheet's body."""
        return {
            "station_id": station["id"],
            "counted_by": station["scrutineers"][counter]["person"],
            "received": received,
            "contests": [
                {
                    "contest": contest,
                    "valid": received - blank,
                    "blank": blank,
                    "void": 0,
                    "votes": [{"person": person, "votes": n} for person, n in counts.items()],
                }
                for contest, counts in votes.items()
            ],
            "photograph_id": await self.photograph(),
        }

    async def count(
        self, station: dict[str, Any], received: int, votes: Mapping[str, Mapping[str, int]]
    ) -> None:
        """Both sheets of a station, equal."""
        for counter, by in enumerate((self.holder, self.second)):
            body = await self.sheet(station, received, votes, counter=counter)
            await self.post("/count-sheets", body, by=by)

    async def voted(
        self, votes: Mapping[str, Mapping[str, int]], *, marks: int = 20, day: date = ELECTION_DAY
    ) -> None:
        """A round from its station to the end of counting, all at one station."""
        station = await self.station()
        await self.open_vote(day)
        await self.vote(station, range(marks))
        await self.close(station, marks)
        await self.post("/closing")
        await self.count(station, marks, votes)

    async def file(self) -> bytes:
        """The export of the log."""
        answer = await self.client.get(
            f"/v1/committee/elections/{self.id}/log/export?district={self.small.code}"
        )
        assert answer.status_code == 200, answer.text
        return answer.content


@dataclass
class Province:
    """What a district has recorded of its province's rule, as the gateway told of it."""

    DOCUMENT: ClassVar[str] = "沙社建组〔2026〕9号：执行湖北省选举办法"
    database: Database
    api: ServiceApplication
    district: str

    async def prescribes(self, key: str, value: Any) -> None:
        """A decision of the Leading Group that holds for the elections to come."""
        rules: RulesInForce = self.api.state.rules
        unit = rules.of_all.lookup(key, None, START).unit
        async with self.database.transaction(self.district) as session:
            session.add(
                RuleOverride(
                    district=self.district,
                    id=new_id(),
                    key=key,
                    value=value,
                    unit=unit,
                    in_force_from=START,
                    document=self.DOCUMENT,
                    decided_on=START,
                    note="",
                )
            )
        rules.forget(self.district)


@pytest.fixture
def province(
    committee_database: Database, elections_api: ServiceApplication, small: SmallDistrict
) -> Province:
    """The small district's."""
    return Province(committee_database, elections_api, small.code)


@pytest.fixture
def polls(elections: httpx.AsyncClient, identity: SigningIdentity, small: SmallDistrict) -> Polls:
    """An election to be."""
    return Polls(elections, identity, small)


@pytest.fixture
def other_polls(
    elections: httpx.AsyncClient, identity: SigningIdentity, small: SmallDistrict
) -> Polls:
    """One in another community."""
    return Polls(elections, identity, small, community=1)
