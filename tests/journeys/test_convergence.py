"""Dispatch, task, acceptance, release, while processes are killed: everything converges, once."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.support.installation import Installation, children_of, until

W = "/v1/workstation"
AMOUNT = 100
VICTIMS = ("gateway", "workstation", "worker")
survived: list[str] = []
"""Whose death this process has seen to its end; each leaves one accepted task."""


@dataclass
class Platform:
    """The platform as a caller meets it who repeats what was not answered, with the same key."""

    installation: Installation
    client: httpx.Client
    pool: ThreadPoolExecutor

    def headers(self, login: str) -> dict[str, str]:
        """Authorization of a demo account."""
        return self.installation.headers(login)

    def kill(self, victim: str) -> None:
        """kill -9; the supervisor starts it again."""
        until(lambda: victim in children_of(self.installation.process.pid))
        os.kill(children_of(self.installation.process.pid)[victim], signal.SIGKILL)

    def get(self, login: str, path: str, holds: Callable[[Any], bool] = lambda found: True) -> Any:
        """The JSON of a GET once it can be had and is so."""
        seen: list[Any] = []

        def there() -> bool:
            try:
                answer = self.client.get(path, headers=self.headers(login))
            except httpx.TransportError:
                return False
            if answer.status_code != 200 or not holds(answer.json()):
                return False
            seen.append(answer.json())
            return True

        until(there)
        return seen[0]

    def post(self, login: str, path: str, body: Any) -> Any:
        """The JSON of a POST that is repeated until somebody answers it."""
        headers = {**self.headers(login), "Idempotency-Key": str(uuid4())}
        answers: list[httpx.Response] = []

        def answered() -> bool:
            try:
                answer = self.client.post(path, json=body, headers=headers)
            except httpx.TransportError:
                return False
            if answer.status_code in {502, 503, 504}:
                return False
            answers.append(answer)
            return True

        until(answered)
        assert answers[0].status_code < 300, answers[0].text
        return answers[0].json()

    def post_while_killing(self, victim: str, login: str, path: str, body: Any) -> Any:
        """The same, while a service is killed with the request on its way, or the worker as soon
        as it has been told of what was done."""
        sent = self.pool.submit(self.post, login, path, body)
        if victim == "worker":
            sent.result()
        self.kill(victim)
        return sent.result()

    def entries(self, **filters: str) -> list[Any]:
        """Every entry of the journal that matches."""
        found: list[Any] = []
        path: str | None = f"{W}/funds/entries?limit=200&{httpx.QueryParams(filters)}"
        while path is not None:
            page = self.get("finance", path)
            found += page["items"]
            path = page["next"]
        return found


@pytest.fixture(scope="module")
def platform(installation: Installation) -> Any:
    """The running installation."""
    with (
        httpx.Client(base_url=installation.url, timeout=30) as client,
        ThreadPoolExecutor() as pool,
    ):
        found = Platform(installation, client, pool)
        for login in ("leading", "department", "clerk", "finance"):
            found.headers(login)
        yield found


@pytest.fixture(scope="module")
def targets(platform: Platform) -> list[str]:
    """The clerk's community and some others."""
    grants = platform.get("clerk", "/v1/me")["grants"]
    own = next(one["scope_id"] for one in grants if one["role"] == "workstation_staff")
    listed = platform.get("leading", f"{W}/communities?limit=20&state=active")["items"]
    return [own, *(one["id"] for one in listed if one["id"] != own)]


@pytest.fixture(scope="module")
def item(platform: Platform) -> Any:
    """An admitted item with money for all of them, many times over."""
    departments = platform.get("leading", "/v1/departments")["items"]
    decided = {
        "code": "KILL-1",
        "department_id": next(one["id"] for one in departments if one["code"] == "health"),
        "title": "中断演练事项",
        "list": "assistance",
        "legal_basis": "组织法 43",
        "content": "核对社区台账。",
        "standard": "全部核对",
        "funding": {
            "basis": "per_community", "amount": AMOUNT, "total": 10**9, "source_line": "科目"
        },
        "starts_on": "2026-03-01",
        "ends_on": "2099-01-01",
        "applied_on": "2026-01-05",
        "decided_on": "2026-01-12",
        "document": "沙社建组〔2026〕1号",
    }  # fmt: skip
    return platform.post("leading", "/v1/admission/items/decided", decided)


@pytest.mark.parametrize("victim", VICTIMS)
def test_whoever_is_killed_each_effect_comes_about_once(
    platform: Platform, item: Any, targets: list[str], victim: str
) -> None:
    drawn = platform.get("leading", f"/v1/admission/items/{item['id']}")["drawn"]
    dispatch = {
        "item_code": "KILL-1",
        "title": f"演练 {victim}",
        "content": "核对",
        "due_on": "2098-12-31",
        "communities": [{"community_id": id} for id in targets],
    }
    made = platform.post_while_killing(victim, "department", "/v1/admission/dispatches", dispatch)
    parts = made["communities"]
    where = f"{W}/tasks?dispatch_id={made['id']}&limit=200"
    tasks = platform.get("department", where, lambda page: len(page["items"]) > 0)["items"]
    assert {task["id"] for task in tasks} == {part["task_id"] for part in parts}

    [own] = platform.get("clerk", where, lambda page: bool(page["items"]))["items"]
    path = f"{W}/tasks/{own['id']}"
    platform.post("clerk", f"{path}/acceptance", {})
    platform.post("clerk", f"{path}/start", {})
    platform.post_while_killing(victim, "clerk", f"{path}/submission", {"result": "已核对"})
    platform.post_while_killing(victim, "department", f"{path}/review", {"outcome": "approval"})
    others = [task["id"] for task in tasks if task["id"] != own["id"]]
    freed = {"action": "withdrawal", "task_ids": others, "reason": "演练结束"}
    answer = platform.post_while_killing(victim, "department", f"{W}/tasks/actions", freed)
    assert (answer["done"], answer["refused"]) == (len(others), 0)

    told = platform.get(
        "department",
        f"/v1/admission/dispatches/{made['id']}",
        lambda found: all(part["outcome"] for part in found["communities"]),
    )
    outcomes = Counter(part["outcome"] for part in told["communities"])
    assert outcomes == {"released": 1, "freed": len(others)}
    after = platform.get("leading", f"/v1/admission/items/{item['id']}")["drawn"]
    assert after == drawn + AMOUNT

    ids = {part["task_id"] for part in parts}
    entries = [one for one in platform.entries() if one["task_id"] in ids]
    kinds = Counter(entry["kind"] for entry in entries)
    assert kinds == {"reservation": len(parts), "release": 1, "cancellation": len(others)}
    history = [step["action"] for step in platform.get("clerk", f"{path}/history")]
    assert history == ["acceptance", "start", "submission", "approval"]
    survived.append(victim)


def test_in_the_end_the_books_explain_every_fen(platform: Platform, item: Any) -> None:
    [granted] = platform.get("finance", f"{W}/funds/appropriations?item_code=KILL-1")["items"]
    accepted = AMOUNT * len(survived)
    assert (granted["reserved"], granted["payable"]) == (0, accepted)
    assert granted["available"] == granted["granted"] - accepted
    entries = platform.entries(appropriation_id=granted["id"])
    assert sum(entry["kind"] == "appropriation" for entry in entries) == 1
    statement = platform.get("finance", f"{W}/funds/statement")
    assert statement["reconciliation"] == 0
