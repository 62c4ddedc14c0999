"""Rotating the key of personal data: everything moves, nothing is lost, it may be stopped."""

import asyncio
import base64
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import httpx
import pytest
from sqlalchemy import text

from services.workstation.app import create_app
from services.workstation.registry import reencryption
from services.workstation.registry.public import reencrypt
from services.workstation.registry.sealing import bound
from services.workstation.settings import Settings
from shared.db.database import Database
from shared.db.districts import register_district
from shared.kernel.identity_number import check_character
from shared.privacy.cipher import PersonalData
from tests.conftest import KEYS, client_of
from tests.services.workstation.conftest import SmallDistrict
from tests.support.databases import Databases
from tests.support.identity import ISSUER, SigningIdentity

NEW = f"new:{base64.b64encode(bytes(32)).decode()}"
ROTATED = PersonalData(f"{NEW},{KEYS['personal_data_keys']}", KEYS["lookup_key"])
ONLY_NEW = PersonalData(NEW, KEYS["lookup_key"])


def _number(serial: int) -> str:
    body = f"421002199001{serial % 28 + 1:02d}{serial:03d}"
    return body + check_character(body)


@pytest.fixture
async def residents(workstation: httpx.AsyncClient, small: SmallDistrict) -> list[str]:
    """Seven residents; every second one has a phone."""
    household = await workstation.post(
        "/v1/workstation/households",
        json={"community_id": str(small.communities[0]), "code": "1", "address": "航空路12号"},
        headers=small.staff(),
    )
    made = []
    for serial in range(7):
        answer = await workstation.post(
            "/v1/workstation/residents",
            json={
                "household_id": household.json()["id"],
                "name": "王平",
                "id_number": _number(serial),
                "phone": "13800001234" if serial % 2 else None,
                "residence": "both",
            },
            headers=small.staff(),
        )
        assert answer.status_code == 201, answer.text
        made.append(answer.json()["id"])
    return made


async def _readable(database: Database, small: SmallDistrict, personal: PersonalData) -> set[str]:
    async with database.read(small.code) as session:
        rows = (await session.execute(text("SELECT * FROM resident"))).all()
    found = set()
    for row in rows:
        place = (small.code, row.id)
        found.add(personal.decrypt(row.id_number, bound_to=bound(*place, "id_number")))
        if row.phone is not None:
            found.add(personal.decrypt(row.phone, bound_to=bound(*place, "phone")))
    return found


def _with_keys(
    databases: Databases, identity: SigningIdentity, files: str, keys: str
) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    settings = Settings(
        database_url=databases.url("workstation"),
        issuer=ISSUER,
        files_url=files,
        **{**KEYS, "personal_data_keys": keys},
    )
    return client_of(create_app(settings, identity=identity))


@pytest.fixture
async def restarted(
    databases: Databases, identity: SigningIdentity, workstation_files: str
) -> AsyncIterator[httpx.AsyncClient]:
    """The workstation after it was restarted with the new key in front of the old."""
    keys = f"{NEW},{KEYS['personal_data_keys']}"
    async with _with_keys(databases, identity, workstation_files, keys) as client:
        yield client


EVERYTHING = {_number(serial) for serial in range(7)} | {"13800001234"}


async def test_after_the_run_the_old_key_is_needed_no_more_and_the_run_stands_in_the_audit(
    small: SmallDistrict, residents: list[str], workstation_database: Database
) -> None:
    chunks = [chunk async for chunk in reencrypt(workstation_database, small.code, ROTATED)]
    assert [(c.moved, c.unreadable, c.total) for c in chunks] == [(7, 0, 7)]
    assert await _readable(workstation_database, small, ONLY_NEW) == EVERYTHING
    async with workstation_database.read(small.code) as session:
        query = "SELECT after FROM audit_event WHERE action = 'personal_data.reencrypted'"
        assert (await session.execute(text(query))).scalars().all() == [{"rows": 7}]


async def test_a_run_that_was_stopped_goes_on_where_it_stopped_and_a_third_finds_nothing(
    small: SmallDistrict,
    residents: list[str],
    workstation_database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reencryption, "CHUNK", 3)
    first = reencrypt(workstation_database, small.code, ROTATED)
    assert (await anext(first)).moved == 3
    await first.aclose()
    rest = [c.moved async for c in reencrypt(workstation_database, small.code, ROTATED)]
    assert rest == [3, 1]
    assert [c async for c in reencrypt(workstation_database, small.code, ROTATED)] == []
    assert await _readable(workstation_database, small, ONLY_NEW) == EVERYTHING


async def test_what_a_clerk_changes_meanwhile_is_neither_lost_nor_refused(
    small: SmallDistrict,
    residents: list[str],
    restarted: httpx.AsyncClient,
    workstation_database: Database,
) -> None:
    path = f"/v1/workstation/residents/{residents[1]}"
    etag = (await restarted.get(path, headers=small.staff())).headers["etag"]

    async def clerk() -> int:
        answer = await restarted.patch(
            path, json={"phone": "13911112222"}, headers={**small.staff(), "If-Match": etag}
        )
        return answer.status_code

    async def moving() -> int:
        return sum([c.moved async for c in reencrypt(workstation_database, small.code, ROTATED)])

    async with workstation_database.transaction(small.code) as session:
        await session.execute(text("SELECT 1 FROM resident FOR UPDATE"))
        change = asyncio.create_task(clerk())
        move = asyncio.create_task(moving())
        await _waiting_for_a_lock(workstation_database, small.code, 2)
    assert (await change, await move) == (200, 7)
    assert await _readable(workstation_database, small, ROTATED) == EVERYTHING | {"13911112222"}


async def _waiting_for_a_lock(database: Database, district: str, count: int) -> None:
    waiting = 0
    while waiting < count:
        async with database.read(district) as session:
            query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            waiting = (await session.execute(text(query))).scalar_one()


async def test_rows_whose_key_is_missing_are_left_alone_and_counted(
    small: SmallDistrict, residents: list[str], workstation_database: Database
) -> None:
    chunks = [chunk async for chunk in reencrypt(workstation_database, small.code, ONLY_NEW)]
    assert [(c.moved, c.unreadable, c.total) for c in chunks] == [(0, 7, 7)]
    old = PersonalData(KEYS["personal_data_keys"], KEYS["lookup_key"])
    assert await _readable(workstation_database, small, old) == EVERYTHING


async def test_a_clerk_reads_that_operations_must_mend_a_missing_key(
    databases: Databases,
    identity: SigningIdentity,
    small: SmallDistrict,
    residents: list[str],
    workstation_files: str,
) -> None:
    async with _with_keys(databases, identity, workstation_files, NEW) as client:
        answer = await client.get(
            f"/v1/workstation/residents/{residents[0]}", headers=small.staff()
        )
    assert answer.status_code == 503
    assert answer.json()["code"] == "personal_data_unreadable"
    assert "SHEQU_PERSONAL_DATA_KEYS" in answer.json()["detail"]


async def _command(databases: Databases, keys: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli", "reencrypt"),
        env={
            **os.environ,
            "LANG": "C.UTF-8",
            "SHEQU_DATABASE_URL_WORKSTATION": databases.url("workstation"),
            "SHEQU_PERSONAL_DATA_KEYS": keys,
            "SHEQU_LOOKUP_KEY": KEYS["lookup_key"],
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complained = await process.communicate()
    return process.returncode or 0, (said + complained).decode()


async def test_operations_rotate_the_key_with_one_command(
    databases: Databases,
    small: SmallDistrict,
    residents: list[str],
    workstation_database: Database,
) -> None:
    await register_district(
        workstation_database, small.code, name="甲区", prefecture="乙市", province="丙省"
    )
    status, said = await _command(databases, "")
    assert (status, "SHEQU_PERSONAL_DATA_KEYS" in said) == (1, True)
    status, said = await _command(databases, NEW)
    assert (status, "their key is not configured" in said) == (1, True)
    status, said = await _command(databases, f"{NEW},{KEYS['personal_data_keys']}")
    assert (status, "7 residents moved to the newest key" in said) == (0, True), said
    assert await _readable(workstation_database, small, ONLY_NEW) == EVERYTHING
