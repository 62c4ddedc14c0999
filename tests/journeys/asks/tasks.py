"""Tasks, their evidence, and assistance."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.journeys.asks.asking import REASON, Ask, At, Cast, W, has, listing
from tests.support.installation import until

SCOPES = ["tasks:read", "tasks:write"]
JPEG = b"\xff\xd8\xff\xe0" + bytes(64)


def prepare(cast: Cast, at: At) -> None:
    """A task in progress with two files, and help asked of the committee, at each place."""
    dispatch = {
        "item_code": "AUTH-1",
        "title": "权限测试任务",
        "content": "核对台账",
        "due_on": "2098-12-31",
        "communities": [{"community_id": at["community"]}],
    }
    made = cast.post("/v1/admission/dispatches", cast.act_as(at, "department"), dispatch)
    at["task"] = made["communities"][0]["task_id"]
    clerk = cast.act_as(at, "workstation_staff")
    task = f"{W}/tasks/{at['task']}"
    until(lambda: cast.client.get(task, headers=clerk).status_code == 200)
    cast.post(f"{task}/acceptance", clerk, {})
    cast.post(f"{task}/start", clerk, {})
    at["evidence"], at["spare_evidence"] = (_upload(cast, task, clerk, sign) for sign in b"ab")
    wanted_by = datetime.now(UTC).date() + timedelta(days=9)
    help_ = {"request": "请协助通知。", "wanted_by": str(wanted_by)}
    at["assistance"] = cast.post(f"{task}/assistance", clerk, help_)["id"]


def _upload(cast: Cast, task: str, clerk: dict[str, str], sign: int) -> Any:
    files = {"file": ("a.jpg", JPEG + bytes([sign]))}
    answer: httpx.Response = cast.client.post(f"{task}/evidence", headers=clerk, files=files)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def _found(body: Any) -> bool:
    problem = body["rows"][0]["problem"]
    return problem is None or problem["code"] != "not_found"


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation."""
    base, task = f"{W}/tasks", f"{W}/tasks/{at['task']}"
    assistance = f"{W}/assistance/{at['assistance']}"
    several = {"action": "acceptance", "task_ids": [at["task"]]}
    help_ = {"request": "请协助通知。", "wanted_by": "2098-12-31"}
    return {
        "tasks_work_list": listing(
            f"{base}?limit=200&community_id={at['community']}", has("id", at["task"])
        ),
        "tasks_workload": Ask("GET", f"{base}/workload"),
        "tasks_task": Ask("GET", task),
        "tasks_history": Ask("GET", f"{task}/history"),
        "tasks_accept": Ask("POST", f"{task}/acceptance"),
        "tasks_return": Ask("POST", f"{task}/return", json=REASON),
        "tasks_start": Ask("POST", f"{task}/start"),
        "tasks_submit": Ask("POST", f"{task}/submission", json={}),
        "tasks_recall": Ask("POST", f"{task}/recall"),
        "tasks_review": Ask("POST", f"{task}/review", json={"outcome": "approval"}),
        "tasks_withdraw": Ask("POST", f"{task}/withdrawal", json=REASON),
        "tasks_act_on_several": Ask("POST", f"{base}/actions", json=several, shows=_found),
        "tasks_add_evidence": Ask(
            "POST", f"{task}/evidence", files={"file": ("b.jpg", JPEG + b"more")}
        ),
        "tasks_evidence": Ask("GET", f"{task}/evidence"),
        "tasks_evidence_file": Ask("GET", f"{task}/evidence/{at['evidence']}"),
        "tasks_withdraw_evidence": Ask(
            "POST", f"{task}/evidence/{at['spare_evidence']}/withdrawal", json=REASON
        ),
        "tasks_ask_assistance": Ask("POST", f"{task}/assistance", json=help_),
        "tasks_assistance_requests": listing(
            f"{W}/assistance?limit=200", has("id", at["assistance"])
        ),
        "tasks_assistance": Ask("GET", assistance),
        "tasks_assistance_history": Ask("GET", f"{assistance}/history"),
        "tasks_answer_assistance": Ask(
            "POST", f"{assistance}/answer", json={"outcome": "acceptance"}
        ),
        "tasks_cancel_assistance": Ask("POST", f"{assistance}/cancellation", json=REASON),
    }
