"""Plays an election of the demo over HTTP by its own clock, for the demo's stories and the tour."""

import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from services.cli.api import Api
from services.cli.demo.generator import GIVEN, SURNAMES, check_character

ELECTIONS = "/v1/committee/elections"
LENGTH = timedelta(days=40)
"""From the resolution to election day."""
SEATS = {"chair": 1, "vice_chair": 1, "member": 3}
POSTS = ("chair", "vice_chair", "member", "member", "member", "alternate", "alternate")
STANDING = {"chair": (20, 21), "vice_chair": (22, 23), "member": (24, 25, 26, 27)}
"""Places of those who stand, by contest; 24 and 26 are women, as is every place that is even."""
NOMINATORS = 10


def _people() -> Iterator[str]:
    """Names, the same each time."""
    random = Random("elections")
    while True:
        at = random.randrange(0, len(GIVEN), 2)
        yield random.choice(SURNAMES) + GIVEN[at : at + 2]


def _number(place: int, *, born: date, woman: bool) -> str:
    body = f"421002{born:%Y%m%d}{2 * place + (0 if woman else 1):03d}"
    return body + check_character(body)


async def clear(holder: Api, community: str, done: frozenset[str]) -> bool:
    """Cancel what was cut off in a community, let take office who was elected; whether an election
    in one of the states `done` is there."""
    found = False
    path = f"{ELECTIONS}?limit=200&community_id={community}"
    for one in await holder.everything(path):
        own = f"{ELECTIONS}/{one['id']}"
        if one["state"] in done:
            found = True
        elif one["state"] == "elected":
            await holder.request("POST", f"{own}/accession", json={})
            found = found or "in_office" in done
        elif one["state"] not in {"in_office", "cancelled"}:
            reason = {"reason": "演示中断", "source": "演示"}
            await holder.request("POST", f"{own}/cancellation", json=reason)
    return found


def picture() -> bytes:
    """A small picture that stands for the photograph of a count sheet."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    rows = b"".join(b"\0" + bytes(range(at, at + 8)) for at in range(8))
    head = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@dataclass
class Electing:
    """One election: who holds it, who enters the second sheets, and whom it is about.

    `numbers` are electors' numbers by place; `persons` the candidates' ids by contest.
    """

    holder: Api
    second: Api
    community: str
    start: date
    electors: int = 40
    id: str = ""
    members: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    persons: dict[str, list[str]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @property
    def election_day(self) -> date:
        """The day of the first ballot."""
        return self.start + LENGTH

    async def get(self, path: str = "") -> Any:
        """The JSON of a read by who holds it."""
        return (await self.holder.request("GET", f"{ELECTIONS}/{self.id}{path}")).json()

    async def post(self, path: str, body: Any = None, *, by: Api | None = None) -> Any:
        """The JSON of an act by who holds it, or somebody else."""
        who = by or self.holder
        return (await who.request("POST", f"{ELECTIONS}/{self.id}{path}", json=body)).json()

    async def move(self, day: date) -> None:
        """Move the election's own clock; nothing else moves."""
        await self.post("/demo-clock", {"today": day.isoformat()})

    async def resolve(self) -> None:
        """The representatives' meeting resolves and chooses the election committee."""
        resolution = {
            "community_id": self.community,
            "form": "all_electors",
            "seats": SEATS,
            "election_day": self.election_day.isoformat(),
            "resolved_on": self.start.isoformat(),
            "resolution": f"{self.start.year}年居民代表会议关于换届选举的决议",
            "demo_today": self.start.isoformat(),
        }
        made = await self.holder.request("POST", ELECTIONS, json=resolution)
        self.id = made.json()["id"]
        names = _people()
        members = [
            {
                "name": next(names),
                "post": post,
                "id_number": _number(place, born=date(1962, 3, 8), woman=place % 2 == 0),
            }
            for place, post in enumerate(POSTS)
        ]
        chosen = {"members": members, "resolution": "居民代表会议推选，按得票顺序递补"}
        await self.post("/committee", chosen)
        self.members = [one["id"] for one in await self.get("/committee")]

    def elector(self, place: int) -> dict[str, Any]:
        """Somebody who registers; even places are women."""
        names = _people()
        name = [next(names) for _ in range(len(POSTS) + place + 1)][-1]
        return {
            "name": name,
            "id_number": _number(place, born=date(1975, 6, 1), woman=place % 2 == 0),
            "basis": "household_register",
            "household": f"{place // 2 + 1:06d}",
        }

    async def register(self) -> dict[str, Any]:
        """Electors register; a youth of seventeen is refused."""
        await self.post("/registration")
        youth = self.election_day.replace(year=self.election_day.year - 18, day=1) + timedelta(60)
        people = [self.elector(place) for place in range(self.electors)]
        people.append(
            {**self.elector(self.electors), "id_number": _number(1, born=youth, woman=False)}
        )
        found: dict[str, Any] = await self.post(
            "/roll", {"declaration": "选民登记册第1册", "electors": people}
        )
        return found

    async def publish_roll(self) -> None:
        """The roll is posted; electors get their numbers."""
        await self.post("/roll/publication")
        await self.read_numbers()

    async def read_numbers(self) -> None:
        """The electors' numbers by place."""
        listed = await self.holder.everything(
            f"{ELECTIONS}/{self.id}/roll/electors?limit=200&state=registered"
        )
        by_birth = {one["name"] + one["household"]: one["number"] for one in listed}
        people = [self.elector(place) for place in range(self.electors)]
        self.numbers = [by_birth[one["name"] + one["household"]] for one in people]

    async def freeze(self) -> None:
        """Nobody can object any more: the roll is frozen."""
        await self.move(self.start + timedelta(days=6))
        await self.post("/freeze")

    async def nominate(self, contest: str, place: int, *, party: bool = False) -> dict[str, Any]:
        """A nomination by ten electors, or by the Party organisation."""
        by_electors = {"by": "electors", "nominators": self.numbers[:NOMINATORS]}
        by_party = {"by": "party", "document": "社区党总支推荐函"}
        who = {"person": self.numbers[place], "contest": contest}
        found: dict[str, Any] = await self.post(
            "/nominations", {**who, **(by_party if party else by_electors)}
        )
        return found

    async def accept(self, nomination: Mapping[str, Any]) -> None:
        """It is reviewed, and the person accepts."""
        path = f"/nominations/{nomination['id']}"
        await self.post(f"{path}/review", {"qualified": True, "review": "区联审回复：无异议"})
        await self.post(f"{path}/acceptance", {"accepted": True})

    async def stand(self) -> None:
        """Everyone of STANDING is nominated, accepts, and is published; they meet the residents."""
        for contest, places in STANDING.items():
            for place in places:
                await self.accept(await self.nominate(contest, place, party=place % 2 == 0))
        await self.publish_candidates()

    async def publish_candidates(self) -> None:
        """The candidates are published and meet the residents."""
        await self.post("/candidates")
        today = (await self.get())["today"]
        note = "候选人介绍履行职责的设想，回答居民提问"
        await self.post("/meeting", {"held_on": today, "place": "居民说事厅", "note": note})
        await self.read_candidates(1)

    async def read_candidates(self, round: int) -> None:
        """Whom a round is between, by contest, in the order of the ballot."""
        self.persons = {}
        for one in await self.get(f"/candidates?round={round}"):
            self.persons.setdefault(one["contest"], []).append(one["person"])
            self.names[one["person"]] = one["name"]

    async def entrust(self, principal: int, holder: int) -> Any:
        """A written proxy between electors by place."""
        return await self.post(
            "/proxies",
            {
                "principal": self.numbers[principal],
                "holder": self.numbers[holder],
                "document": f"委托书第{principal}号",
                "reason": "外出务工",
            },
        )

    async def stations(self, first: int = 1) -> list[dict[str, Any]]:
        """A polling station and a mobile box, three scrutineers and forty ballots each."""
        made = []
        for code, kind, name in (
            ("S1", "station", "社区服务中心投票站"),
            ("M1", "mobile_box", "流动票箱"),
        ):
            people = [{"name": f"{who}监票"} for who in ("一", "二", "三")]
            station = await self.post(
                "/stations",
                {
                    "code": code,
                    "name": name,
                    "kind": kind,
                    "address": "社区服务中心一楼",
                    "scrutineers": people,
                },
            )
            made.append(station)
        return [
            await self.post(
                f"/stations/{station['id']}/ballots",
                {"first": first + at * 40, "last": first + at * 40 + 39},
            )
            for at, station in enumerate(made)
        ]

    async def hand_out(
        self, station: Mapping[str, Any], places: Sequence[int], proxies: Mapping[int, int]
    ) -> Any:
        """Ballots handed out at a station, its list sent afterwards; `proxies` by principal."""
        moment = f"{(await self.get())['today']}T01:00:00Z"
        marks: list[dict[str, Any]] = [
            {"elector": self.numbers[place], "marked_at": moment} for place in places
        ]
        marks += [
            {
                "elector": self.numbers[principal],
                "channel": "proxy",
                "holder": self.numbers[holder],
                "marked_at": moment,
            }
            for principal, holder in proxies.items()
        ]
        return await self.post(f"/stations/{station['id']}/offline-marks", {"marks": marks})

    async def close(self, station: Mapping[str, Any], handed_out: int, spoiled: int = 0) -> None:
        """A station closes: its ballots add up."""
        left = {"spoiled": spoiled, "unused": station["ballots"] - handed_out - spoiled}
        await self.post(f"/stations/{station['id']}/closing", left)

    async def photograph(self, who: Api) -> str:
        """The photograph of a sheet; its id."""
        files = {"file": ("计票表.png", picture(), "image/png")}
        kept = await who.request("POST", f"{ELECTIONS}/{self.id}/files", files=files)
        id: str = kept.json()["id"]
        return id

    async def sheet(
        self,
        station: Mapping[str, Any],
        received: int,
        votes: Mapping[str, Sequence[int]],
        *,
        by: Api,
        counter: int,
    ) -> dict[str, Any]:
        """One sheet of a station as somebody enters it."""
        contests = [
            {
                "contest": contest,
                "valid": received,
                "blank": 0,
                "void": 0,
                "votes": [
                    {"person": person, "votes": count}
                    for person, count in zip(self.persons[contest], counts, strict=True)
                ],
            }
            for contest, counts in votes.items()
        ]
        body = {
            "station_id": station["id"],
            "counted_by": station["scrutineers"][counter]["person"],
            "received": received,
            "contests": contests,
            "photograph_id": await self.photograph(by),
        }
        found: dict[str, Any] = await self.post("/count-sheets", body, by=by)
        return found

    async def count(
        self, station: Mapping[str, Any], received: int, votes: Mapping[str, Sequence[int]]
    ) -> None:
        """Both sheets of a station, equal."""
        for counter, by in enumerate((self.holder, self.second)):
            await self.sheet(station, received, votes, by=by, counter=counter)
