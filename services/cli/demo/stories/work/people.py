"""The departments of the survey report with their people and systems, and who works on tasks."""

import asyncio
import csv
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from services.cli.api import Api
from services.cli.demo.accounts import DISTRICT, PASSWORD
from services.cli.demo.files import DATA
from services.cli.speech import CannotGoOn
from shared.auth.principal import Role
from shared.kernel.text import Text

FOLDER = DATA / DISTRICT
SECOND_FINANCE = "finance.review"
STATIONS = "stations"
AT_ONCE = 4
SCOPES = (
    "registry:read", "admission:read", "admission:write", "tasks:read", "tasks:write",
    "ledger:read", "ledger:write", "funds:read", "assessment:read", "assessment:write",
)  # fmt: skip
Person = Callable[[str], Api]
T = TypeVar("T")


@dataclass(frozen=True)
class District:
    """Ids by code, and the active communities as the registry shows them, by code."""

    departments: Mapping[str, str]
    logins: Mapping[str, str]
    streets: Mapping[str, str]
    communities: Sequence[Mapping[str, Any]]


def rows_of(name: str) -> list[dict[str, str]]:
    """A file of the story."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


async def at_once(do: Callable[[T], Awaitable[Any]], things: Iterable[T]) -> list[Any]:
    """Do it with each, a few at a time; what it gave, in their order. The first that fails ends
    it."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(thing: T) -> Any:
        async with gate:
            return await do(thing)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(thing)) for thing in things]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


async def post(api: Api, path: str, body: Any) -> Any:
    """The JSON of a POST."""
    return (await api.request("POST", path, json=body)).json()


async def send_sheet(api: Api, path: str, name: str, content: bytes, **form: str) -> None:
    """A sheet that is taken in at once. Raises CannotGoOn with what was wrong with it."""
    answer = await api.request("POST", path, data=form, files={"file": (name, content)}, timeout=60)
    if not answer.json()["taken"]:
        told = answer.json()["findings"][:5]
        raise CannotGoOn(
            Text(
                zh=f"演示数据 {name} 未能导入：{told}",
                en=f"The demo's {name} was not taken in: {told}",
            )
        )


async def tell_people(person: Person) -> District:
    """Make the departments, their accounts and systems, a second person of the finance bureau, and
    the workstations' account of the demo."""
    admin = person("admin")
    departments = rows_of("departments")
    ids = await _departments(admin, departments)
    streets = await admin.everything("/v1/workstation/streets?limit=200")
    communities = await admin.everything("/v1/workstation/communities?limit=200&state=active")
    known = {one["login"] for one in await admin.everything("/v1/accounts?limit=200")}
    stations = [one["id"] for one in communities]
    wanted: list[tuple[str, str, Role, Sequence[str | None]]] = [
        *((row["login"], row["name"], Role.DEPARTMENT, [ids[row["code"]]]) for row in departments),
        (SECOND_FINANCE, "财政局复核岗", Role.FINANCE_BUREAU, [None]),
        (STATIONS, "各社区工作站", Role.WORKSTATION_STAFF, stations),
    ]
    for login, name, role, scopes in wanted:
        if login not in known:
            await _account(admin, login, name, role, scopes)
    await _clients(admin, departments, ids)
    return District(
        departments=ids,
        logins={row["code"]: row["login"] for row in departments},
        streets={one["code"]: one["id"] for one in streets},
        communities=sorted(communities, key=lambda one: str(one["code"])),
    )


async def _departments(admin: Api, rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    found = await admin.everything("/v1/departments?limit=200")
    ids = {one["code"]: one["id"] for one in found}
    for row in rows:
        if row["code"] not in ids:
            department = {"code": row["code"], "name": row["name"]}
            ids[row["code"]] = (await post(admin, "/v1/departments", department))["id"]
    return ids


async def _account(
    admin: Api, login: str, name: str, role: Role, scopes: Sequence[str | None]
) -> None:
    account = {"login": login, "display_name": name, "password": PASSWORD}
    made = await post(admin, "/v1/accounts", account)

    async def grant(scope: str | None) -> None:
        given = {"account_id": made["id"], "role": role, "scope_id": scope}
        await post(admin, "/v1/grants", given)

    await at_once(grant, scopes)


async def _clients(admin: Api, rows: Sequence[Mapping[str, str]], ids: Mapping[str, str]) -> None:
    known = {one["name"] for one in await admin.everything("/v1/clients?limit=200")}
    for row in rows:
        name = system_of(row["name"])
        if name not in known:
            system = {"name": name, "department_id": ids[row["code"]], "scopes": SCOPES}
            await post(admin, "/v1/clients", system)


def system_of(department: str) -> str:
    """The name of a department's machine client."""
    return f"{department}业务系统"
