"""What every operation of every service does with a request, good or bad."""

import asyncio
import json

import httpx
import pytest

from shared.auth.principal import Role
from tests.support.identity import SigningIdentity


async def _count(notes: httpx.AsyncClient, headers: dict[str, str]) -> int:
    return len((await notes.get("/notes?limit=200", headers=headers)).json()["items"])


async def test_a_request_is_committed_before_it_is_answered(
    notes: httpx.AsyncClient, clerk: dict[str, str]
) -> None:
    answer = await notes.post("/notes", json={"kind": "a"}, headers=clerk)
    assert answer.status_code == 201
    assert await _count(notes, clerk) == 1


async def test_a_crash_changes_nothing_and_is_a_problem_with_a_request_id(
    notes: httpx.AsyncClient, clerk: dict[str, str]
) -> None:
    answer = await notes.post("/notes", json={"kind": "a", "fail": True}, headers=clerk)
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["request_id"] == answer.headers["x-request-id"] != ""
    assert "crashed after writing" not in answer.text
    assert await _count(notes, clerk) == 0


async def test_without_a_token_the_answer_says_how_to_log_in(notes: httpx.AsyncClient) -> None:
    answer = await notes.get("/notes")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "/v1/auth/token" in answer.json()["detail"]


async def test_an_expired_a_forged_and_a_revoked_token_are_refused(
    notes: httpx.AsyncClient, identity: SigningIdentity, district: str
) -> None:
    good = identity.bearer(district, Role.WORKSTATION_STAFF)["Authorization"]
    for token in (good[:-4] + "AAAA", "Bearer x.y.z", "Bearer " + "a" * 40):
        answer = await notes.get("/notes", headers={"Authorization": token})
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


async def test_a_role_without_the_right_is_told_which_roles_have_it(
    notes: httpx.AsyncClient, identity: SigningIdentity, district: str
) -> None:
    answer = await notes.get("/notes", headers=identity.bearer(district, Role.RESIDENT))
    assert answer.status_code == 403
    assert "workstation staff" in answer.json()["detail"]


async def test_another_districts_notes_do_not_exist(
    notes: httpx.AsyncClient, identity: SigningIdentity, district: str, clerk: dict[str, str]
) -> None:
    made = await notes.post("/notes", json={"kind": "a"}, headers=clerk)
    stranger = identity.bearer("999999", Role.WORKSTATION_STAFF)
    assert await _count(notes, stranger) == 0
    answer = await notes.put(
        f"/notes/{made.json()['id']}",
        json={"kind": "b"},
        headers={**stranger, "If-Match": '"v0"'},
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/kind", "missing"),
        ({"kind": ""}, "/kind", "string_too_short"),
        ({"kind": 5}, "/kind", "string_type"),
        ({"kind": "a", "sort": 1}, "/sort", "extra_forbidden"),
        ({"kind": "a", "fail": "perhaps"}, "/fail", "bool_parsing"),
    ],
)
async def test_each_fault_of_the_input_is_named_with_its_place_and_remedy(
    notes: httpx.AsyncClient,
    clerk: dict[str, str],
    body: dict[str, object],
    pointer: str,
    code: str,
) -> None:
    answer = await notes.post("/notes", json=body, headers=clerk)
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert error["detail"]
    assert error["remedy"]


async def test_a_nul_character_is_bad_input_and_not_a_crash(
    notes: httpx.AsyncClient, clerk: dict[str, str]
) -> None:
    answer = await notes.post("/notes", json={"kind": "a\x00b"}, headers=clerk)
    assert answer.status_code == 422


async def test_broken_json_is_bad_input(notes: httpx.AsyncClient, clerk: dict[str, str]) -> None:
    answer = await notes.post(
        "/notes", content=b'{"kind": ', headers={**clerk, "Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    error = answer.json()["errors"][0]
    assert (error["code"], error["pointer"]) == ("json_invalid", "")


@pytest.mark.parametrize("body", [b"[" * 5000, b'"\xff\xfe"'])
async def test_json_that_nobody_can_read_is_bad_input_too(
    notes: httpx.AsyncClient, clerk: dict[str, str], body: bytes
) -> None:
    answer = await notes.post(
        "/notes", content=body, headers={**clerk, "Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    error = answer.json()["errors"][0]
    assert (error["code"], error["pointer"]) == ("json_invalid", "")


async def test_a_body_past_the_limit_is_a_problem_too(
    notes: httpx.AsyncClient, clerk: dict[str, str]
) -> None:
    answer = await notes.post("/notes", json={"kind": "a" * (2 << 20)}, headers=clerk)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "content_too_large"


@pytest.mark.parametrize(
    ("accepted", "said"),
    [
        ("zh-CN", "需要登录"),
        ("en", "Not authenticated"),
        ("zh-Hans-CN", "需要登录"),
        ("fr", "需要登录"),
    ],
)
async def test_problems_speak_the_readers_language(
    notes: httpx.AsyncClient, accepted: str, said: str
) -> None:
    answer = await notes.get("/notes", headers={"Accept-Language": accepted})
    assert answer.json()["title"] == said


async def test_an_unknown_address_and_method_are_problems(notes: httpx.AsyncClient) -> None:
    assert (await notes.get("/nothing")).json()["code"] == "no_such_address"
    assert (await notes.patch("/notes")).json()["code"] == "method_not_allowed"


async def test_a_well_formed_request_id_is_kept_and_another_replaced(
    notes: httpx.AsyncClient,
) -> None:
    kept = await notes.get("/healthz", headers={"X-Request-Id": "frontend-12345"})
    assert kept.headers["x-request-id"] == "frontend-12345"
    replaced = await notes.get("/healthz", headers={"X-Request-Id": "a b\tc"})
    assert replaced.headers["x-request-id"] not in {"", "a b\tc"}


async def test_pages_hold_each_row_once_even_when_rows_are_added_between(
    notes: httpx.AsyncClient, clerk: dict[str, str]
) -> None:
    for number in range(5):
        await notes.post("/notes", json={"kind": f"n{number}"}, headers=clerk)
    seen = []
    link: str | None = "/notes?limit=2"
    while link is not None:
        page = (await notes.get(link, headers=clerk)).json()
        seen += [item["kind"] for item in page["items"]]
        link = page["next"]
        if len(seen) == 2:
            await notes.post("/notes", json={"kind": "late"}, headers=clerk)
    assert seen == ["n0", "n1", "n2", "n3", "n4", "late"]


@pytest.mark.parametrize(
    "cursor", ["x", "bm90LWpzb24", "W10", "WzFd", "WyJub3QtYS11dWlkIl0", "e30"]
)
async def test_a_cursor_that_is_not_ours_is_bad_input(
    notes: httpx.AsyncClient, clerk: dict[str, str], cursor: str
) -> None:
    answer = await notes.get(f"/notes?cursor={cursor}", headers=clerk)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/cursor"


async def test_an_update_needs_the_version_it_changes(
    notes: httpx.AsyncClient, clerk: dict[str, str]
) -> None:
    made = (await notes.post("/notes", json={"kind": "a"}, headers=clerk)).json()
    path = f"/notes/{made['id']}"
    missing = await notes.put(path, json={"kind": "b"}, headers=clerk)
    assert missing.status_code == 428
    first = await notes.put(path, json={"kind": "b"}, headers={**clerk, "If-Match": '"v0"'})
    assert (first.status_code, first.headers["etag"]) == (200, '"v1"')
    lost = await notes.put(path, json={"kind": "c"}, headers={**clerk, "If-Match": '"v0"'})
    assert (lost.status_code, lost.json()["code"]) == (412, "version_changed")


async def test_the_same_key_and_body_give_the_first_answer_again(
    notes: httpx.AsyncClient, clerk: dict[str, str]
) -> None:
    headers = {**clerk, "Idempotency-Key": "once-only-1"}
    first = await notes.post("/notes", json={"kind": "a"}, headers=headers)
    second = await notes.post("/notes", json={"kind": "a"}, headers=headers)
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second.headers["idempotency-replayed"] == "true"
    assert await _count(notes, clerk) == 1


async def test_the_same_key_with_another_body_is_refused(
    notes: httpx.AsyncClient, clerk: dict[str, str]
) -> None:
    headers = {**clerk, "Idempotency-Key": "once-only-2"}
    await notes.post("/notes", json={"kind": "a"}, headers=headers)
    answer = await notes.post("/notes", json={"kind": "b"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_failed_request_leaves_its_key_free(
    notes: httpx.AsyncClient, clerk: dict[str, str]
) -> None:
    headers = {**clerk, "Idempotency-Key": "once-only-3"}
    body = {"kind": "a", "fail": True}
    assert (await notes.post("/notes", json=body, headers=headers)).status_code == 500
    assert (await notes.post("/notes", json={"kind": "a"}, headers=headers)).status_code == 201


@pytest.mark.parametrize("keyed", [True, False])
async def test_parallel_requests_with_one_key_take_effect_once(
    notes: httpx.AsyncClient, clerk: dict[str, str], keyed: bool
) -> None:
    """Without the key — the negative control — every one of them takes effect."""
    headers = {**clerk, **({"Idempotency-Key": "storm"} if keyed else {})}
    answers = await asyncio.gather(
        *(notes.post("/notes", json={"kind": "a"}, headers=headers) for _ in range(12))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({json.dumps(answer.json()) for answer in answers}) == (1 if keyed else 12)
    assert await _count(notes, clerk) == (1 if keyed else 12)


async def test_two_people_may_use_the_same_key(
    notes: httpx.AsyncClient, identity: SigningIdentity, district: str
) -> None:
    for _ in range(2):
        someone = identity.bearer(district, Role.WORKSTATION_STAFF)
        answer = await notes.post(
            "/notes", json={"kind": "a"}, headers={**someone, "Idempotency-Key": "shared"}
        )
        assert answer.status_code == 201
    assert await _count(notes, identity.bearer(district, Role.WORKSTATION_STAFF)) == 2
