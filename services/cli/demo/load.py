"""Loads the demo districts the way a real district is loaded: through the public API."""

import asyncio
import csv
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from services.cli.api import Api, client_of
from services.cli.demo.accounts import (
    ACCOUNTS,
    DEPARTMENT,
    DISTRICT,
    PASSWORD,
    administrator_login,
)
from services.cli.demo.files import DATA
from services.cli.demo.generator import generate
from services.cli.demo.stories import STORIES
from services.cli.districts import add_district
from services.cli.speech import CannotGoOn, terminal_language
from shared.auth.principal import Role
from shared.kernel.text import Text

WORKSTATION = (
    "streets",
    "communities",
    "adjustments",
    "grid_cells",
    "households",
    "residents",
    "posts",
    "staff",
    "placements",
    "premises",
    "facilities",
    "projects",
    "project_money",
    "survey_findings",
)
COMMITTEE = ("committees", "terms", "members", "volunteer_teams", "settled_matters")
PROJECTION_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class DemoDistrict:
    """A district of the demo."""

    code: str
    name: str
    prefecture: str
    province: str


DISTRICTS = (
    DemoDistrict(DISTRICT, "沙市区", "荆州市", "湖北省"),
    DemoDistrict("421003", "荆州区", "荆州市", "湖北省"),
    DemoDistrict("420106", "武昌区", "武汉市", "湖北省"),
)


async def load(
    gateway_url: str, *, environment: Mapping[str, str], scale: float, console: Console
) -> None:
    """Load every demo district and its accounts. What is there already stays; begun and
    interrupted, it goes on where it was. Raises CannotGoOn naming what was refused."""
    title = Text(zh="正在加载演示数据", en="Loading the demo districts")
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task(title.in_language(terminal_language()), total=None)
        loader = _Loader(gateway_url, environment, scale, progress, bar)
        await loader.everything()


class _Loader:
    def __init__(
        self,
        gateway_url: str,
        environment: Mapping[str, str],
        scale: float,
        progress: Progress,
        bar: int,
    ) -> None:
        self._gateway_url = gateway_url
        self._environment = environment
        self._scale = scale
        self._progress = progress
        self._bar = bar
        self._done = 0

    async def everything(self) -> None:
        with tempfile.TemporaryDirectory(prefix="shequ-demo-") as folder:
            plan = [(district, self._files(Path(folder), district)) for district in DISTRICTS]
            total = sum(_rows(path) for _, files in plan for path in files.values())
            self._progress.update(self._bar, total=total)  # type: ignore[arg-type]
            for district, files in plan:
                await self._district(district, files)

    def _files(self, folder: Path, district: DemoDistrict) -> dict[str, Path]:
        own = DATA / district.code
        made = folder / district.code
        made.mkdir()
        households, residents = generate(made, own / "communities.csv", self._scale)
        shipped = {kind: own / f"{kind}.csv" for kind in (*WORKSTATION, *COMMITTEE)}
        files = {**shipped, "households": households, "residents": residents}
        return {kind: path for kind, path in files.items() if path.exists()}

    async def _district(self, district: DemoDistrict, files: Mapping[str, Path]) -> None:
        login = administrator_login(district.code)
        await add_district(
            self._environment,
            district.code,
            name=district.name,
            prefecture=district.prefecture,
            province=district.province,
            administrator=login,
            password=PASSWORD,
        )
        async with client_of(self._gateway_url) as client:
            api = Api(client, login, PASSWORD)
            for kind in WORKSTATION:
                if kind in files:
                    await self._import(api, "workstation", kind, files[kind])
            await self._until_communities_are_known(api, files["committees"])
            for kind in COMMITTEE:
                if kind in files:
                    await self._import(api, "committee", kind, files[kind])
            if district.code == DISTRICT:
                await _accounts(api)
                people = {login: api}
                for story in STORIES:
                    await story(lambda who: people.setdefault(who, Api(client, who, PASSWORD)))

    async def _import(self, api: Api, service: str, kind: str, path: Path) -> None:
        rows = _rows(path)

        def show(done: int, _total: int | None) -> None:
            self._progress.update(self._bar, completed=self._done + min(done, rows))  # type: ignore[arg-type]

        found = await api.import_file(service, kind, path, progress=show)
        if found["state"] != "succeeded":
            faults = await api.findings(service, found["id"])
            told = "\n".join(
                f"  {fault['row']} {fault['column']}: {fault['detail']}" for fault in faults[:10]
            )
            raise CannotGoOn(
                Text(
                    zh=f"演示数据 {path.name} 未能导入：\n{told}",
                    en=f"The demo file {path.name} was not taken in:\n{told}",
                )
            )
        self._done += rows
        show(0, None)

    async def _until_communities_are_known(self, api: Api, committees: Path) -> None:
        """The committee service hears of communities by events; a dry run tells whether it has."""
        deadline = time.monotonic() + PROJECTION_SECONDS
        while True:
            found = await api.import_file("committee", "committees", committees, dry_run=True)
            if found["rejected"] == 0:
                return
            if time.monotonic() > deadline:
                raise CannotGoOn(
                    Text(
                        zh="居委会服务未收到社区数据，请查看 worker 日志。",
                        en="The committee service did not hear of the communities; see the "
                        "worker's log.",
                    )
                )
            await asyncio.sleep(0.5)


async def _accounts(api: Api) -> None:
    """One account for each role; those that exist are left alone."""
    known = {account["login"] for account in await api.everything("/v1/accounts?limit=200")}
    scopes = {
        street["code"]: street["id"] for street in await api.everything("/v1/workstation/streets")
    }
    communities = await api.everything("/v1/workstation/communities?limit=200&state=active")
    scopes |= {community["code"]: community["id"] for community in communities}
    departments = await api.everything("/v1/departments")
    scopes |= {department["code"]: department["id"] for department in departments}
    if DEPARTMENT[0] not in scopes:
        made = await api.request(
            "POST", "/v1/departments", json={"code": DEPARTMENT[0], "name": DEPARTMENT[1]}
        )
        scopes[DEPARTMENT[0]] = made.json()["id"]
    for account in ACCOUNTS:
        if account.login in known:
            continue
        made = await api.request(
            "POST",
            "/v1/accounts",
            json={
                "login": account.login,
                "display_name": account.name,
                "password": PASSWORD,
            },
        )
        await api.request(
            "POST",
            "/v1/grants",
            json={
                "account_id": made.json()["id"],
                "role": Role(account.role),
                "scope_id": scopes[account.scope] if account.scope else None,
            },
        )


def _rows(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1
