"""Elements, entries with their evidence, grants, reads, coverage, forms, questions, reuse."""

from typing import Any

from tests.journeys.asks.asking import REASON, STALE, Ask, At, Cast, W, has, listing

LEDGER = f"{W}/ledger"
SCOPES = ["ledger:read", "ledger:write"]
FILE = {"file": ("proof.pdf", b"%PDF-1.7 proof")}


def _element(code: str, title: str, owner: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": code,
        "title": title,
        "definition": title,
        "type": "integer",
        "frequency": "year",
        "owner": owner,
    }


def prepare(cast: Cast, at: At) -> None:
    """An element of the workstations and one of a department, a grant of each, an entry of the
    place's community with evidence."""
    group = cast.act_as(at, "leading_group")
    if at["place"] in {"own", "other_district"}:
        department = {"kind": "department", "department_id": at["department"], "name": "卫健局"}
        workstation = {"kind": "workstation", "name": "社区工作站"}
        made = {
            "element": _element("auth-1", "权限测试用数", workstation),
            "own_element": _element("auth-2", "本部门采集的指标", department),
        }
        for name, body in made.items():
            at[name] = cast.post(f"{LEDGER}/elements", group, body)["id"]
        grant = {"purpose": "权限测试", "ends_on": "2026-12-31"}
        given = {"department_id": at["department"], "elements": ["auth-1"]}
        cast.post(f"{LEDGER}/grants", group, {**grant, **given})
        given = {"department_id": at["community"], "elements": ["auth-2"]}
        grants = cast.post(f"{LEDGER}/grants", group, {**grant, **given})
        at["ledger_grant"] = grants["items"][0]["id"]
    clerk = cast.act_as(at, "workstation_staff")
    at["entry"] = cast.post(f"{LEDGER}/entries", clerk, _value(at))["id"]
    path = f"{LEDGER}/entries/{at['entry']}/evidence"
    kept = cast.client.post(path, files=FILE, headers=clerk)
    assert kept.status_code == 201, kept.text
    at["ledger_evidence"] = kept.json()["id"]
    department = cast.act_as(at, "department")
    for name, period in (("form", "2024"), ("form_to_cancel", "2024"), ("form_to_answer", "2023")):
        at[name] = cast.post(f"{LEDGER}/forms", department, _form(at, period))["id"]
    where = f"{LEDGER}/questions?element=auth-1&community_id={at['community']}"
    open_now = {one["period"]: one["id"] for one in cast.get(where, clerk)["items"]}
    at["question"], at["question_to_answer"] = open_now["2024"], open_now["2023"]


def _value(at: At) -> dict[str, Any]:
    return {"element": "auth-1", "community_id": at["community"], "period": "2025", "value": 1}


def _form(at: At, period: str) -> dict[str, Any]:
    return {
        "title": "权限测试报表",
        "purpose": "权限测试",
        "department_id": at["department"],
        "elements": [{"element": "auth-1", "period": period}],
        "communities": [at["community"]],
    }


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation."""
    own = f"{LEDGER}/elements/{at.get('own_element')}"
    entry = f"{LEDGER}/entries/{at['entry']}"
    grant = at.get("ledger_grant", "")
    form = f"{LEDGER}/forms/{at['form']}"
    where = f"element=auth-1&history=true&community_id={at['community']}"
    return {
        "ledger_elements": listing(
            f"{LEDGER}/elements?limit=200&ended=true", has("id", at.get("element", ""))
        ),
        "ledger_catalogue_element": Ask("POST", f"{LEDGER}/elements", json={}),
        "ledger_element": Ask("GET", f"{LEDGER}/elements/{at.get('element')}"),
        "ledger_change_element": Ask("PATCH", own, json={"title": "改名"}, headers=STALE),
        "ledger_end_element": Ask("POST", f"{own}/end", json=REASON),
        "ledger_coverage": Ask("GET", f"{LEDGER}/coverage?element=auth-1"),
        "ledger_entries": listing(f"{LEDGER}/entries?{where}"),
        "ledger_record": Ask("POST", f"{LEDGER}/entries", json=_value(at)),
        "ledger_entry": Ask("GET", entry),
        "ledger_entry_history": Ask("GET", f"{entry}/history"),
        "ledger_correct": Ask("POST", f"{entry}/correction", json={"value": 2, **REASON}),
        "ledger_withdraw_entry": Ask("POST", f"{entry}/withdrawal", json=REASON),
        "ledger_add_evidence": Ask("POST", f"{entry}/evidence", files=FILE),
        "ledger_evidence": Ask("GET", f"{entry}/evidence"),
        "ledger_evidence_file": Ask("GET", f"{entry}/evidence/{at['ledger_evidence']}"),
        "ledger_grants": listing(f"{LEDGER}/grants?limit=200", has("id", grant)),
        "ledger_grant_use": Ask("POST", f"{LEDGER}/grants", json={}),
        "ledger_grant_detail": Ask("GET", f"{LEDGER}/grants/{grant}"),
        "ledger_revoke_grant": Ask("POST", f"{LEDGER}/grants/{grant}/revocation", json=REASON),
        "ledger_reads": Ask("GET", f"{LEDGER}/reads"),
        "ledger_ask_form": Ask("POST", f"{LEDGER}/forms", json={}),
        "ledger_ask_form_by_sheet": Ask(
            "POST",
            f"{LEDGER}/forms/sheets",
            data={"title": "权限测试报表", "purpose": "权限测试"},
            files={"file": ("form.xlsx", b"none")},
        ),
        "ledger_forms": listing(f"{LEDGER}/forms?limit=200", has("id", at["form"])),
        "ledger_form": Ask("GET", form),
        "ledger_form_history": Ask("GET", f"{form}/history"),
        "ledger_form_answers": listing(f"{form}/answers"),
        "ledger_submit_form": Ask("POST", f"{form}/submission", json={"columns": []}),
        "ledger_cancel_form": Ask(
            "POST", f"{LEDGER}/forms/{at['form_to_cancel']}/cancellation", json=REASON
        ),
        "ledger_questions": listing(
            f"{LEDGER}/questions?community_id={at['community']}&limit=200",
            has("id", at["question"]),
        ),
        "ledger_answer": Ask(
            "POST",
            f"{LEDGER}/questions/answers",
            json={"answers": [{"question_id": at["question_to_answer"], "value": 1}]},
        ),
        "ledger_reuse": Ask("GET", f"{LEDGER}/reuse"),
    }
