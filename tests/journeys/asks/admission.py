"""Rules, items, dispatches, off-catalogue reports."""

from typing import Any

from tests.journeys.asks.asking import PUBLIC, REASON, STALE, Ask, At, Cast, has, listing

SCOPES = ["admission:read", "admission:write"]


def prepare(cast: Cast, at: At) -> None:
    """An admitted item, a dispatch of it, a report, and a rule overridden, at a place."""
    if at["place"] not in {"own", "other_district"}:
        return
    item = {
        "code": "AUTH-1",
        "department_id": at["department"],
        "title": "权限测试事项",
        "list": "assistance",
        "legal_basis": "组织法 43",
        "content": "核对社区台账。",
        "standard": "全部核对",
        "funding": {"basis": "per_community", "amount": 100, "total": 10**9, "source_line": "科目"},
        "starts_on": "2026-03-01",
        "ends_on": "2099-01-01",
        "applied_on": "2026-01-05",
        "decided_on": "2026-01-12",
        "document": "沙社建组〔2026〕1号",
    }
    group = cast.act_as(at, "leading_group")
    at["item"] = cast.post("/v1/admission/items/decided", group, item)["id"]
    dispatch = {
        "item_code": "AUTH-1",
        "title": "权限测试",
        "content": "核对台账",
        "due_on": "2098-12-31",
        "communities": [{"community_id": at["community"]}],
    }
    at["dispatch"] = cast.post("/v1/admission/dispatches", cast.act_as(at, "department"), dispatch)[
        "id"
    ]
    report = _report(at)
    path = "/v1/admission/off-catalogue-reports"
    at["report"] = cast.post(path, cast.act_as(at, "workstation_staff"), report)["id"]
    override = {
        "value": 10,
        "in_force_from": "2026-06-01",
        "document": "沙社建组〔2026〕2号",
        "decided_on": "2026-05-20",
    }
    path = "/v1/rules/admission.report_working_days/overrides"
    at["override"] = cast.post(path, group, override)["id"]


def _report(at: dict[str, Any]) -> dict[str, Any]:
    return {
        "community_id": at["community"],
        "department_id": at.get("department", at["community"]),
        "demand": "电话要求上报台账",
        "channel": "工作群",
        "demanded_on": "2026-01-05",
    }


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation."""
    base = "/v1/admission"
    item, dispatch, report = (at.get(name, "") for name in ("item", "dispatch", "report"))
    rule = "/v1/rules/admission.report_working_days"
    decision = {"outcome": "rejection", "reason": "权限测试"}
    return {
        "rules_rules": Ask("GET", f"/v1/rules?{PUBLIC}"),
        "rules_rule": Ask("GET", f"{rule}?{PUBLIC}"),
        "rules_override": Ask("POST", f"{rule}/overrides", json={}),
        "rules_withdraw_override": Ask(
            "POST", f"{rule}/overrides/{at.get('override')}/withdrawal", json=REASON
        ),
        "admission_catalogue": Ask("GET", f"{base}/catalogue?{PUBLIC}"),
        "admission_items": listing(f"{base}/items?limit=200", has("id", item)),
        "admission_item": Ask("GET", f"{base}/items/{item}"),
        "admission_item_history": Ask("GET", f"{base}/items/{item}/history"),
        "admission_item_screening": Ask("GET", f"{base}/items/{item}/screening"),
        "admission_draft_item": Ask("POST", f"{base}/items", json={}),
        "admission_change_item": Ask(
            "PATCH", f"{base}/items/{item}", json={"title": "改名"}, headers=STALE
        ),
        "admission_submit_item": Ask("POST", f"{base}/items/{item}/submission"),
        "admission_withdraw_item": Ask("POST", f"{base}/items/{item}/withdrawal"),
        "admission_decide_item": Ask("POST", f"{base}/items/{item}/decision", json=decision),
        "admission_record_decided": Ask("POST", f"{base}/items/decided", json={}),
        "admission_item_suspension": Ask("POST", f"{base}/items/{item}/suspension", json=REASON),
        "admission_item_resumption": Ask("POST", f"{base}/items/{item}/resumption", json=REASON),
        "admission_item_exit": Ask("POST", f"{base}/items/{item}/exit", json=REASON),
        "admission_dispatch": Ask("POST", f"{base}/dispatches", json={}),
        "admission_dispatches": listing(f"{base}/dispatches?limit=200", has("id", dispatch)),
        "admission_dispatch_detail": Ask("GET", f"{base}/dispatches/{dispatch}"),
        "admission_refusals": Ask("GET", f"{base}/dispatch-refusals"),
        "admission_report": Ask("POST", f"{base}/off-catalogue-reports", json=_report(at)),
        "admission_reports": listing(f"{base}/off-catalogue-reports?limit=200", has("id", report)),
        "admission_report_detail": Ask("GET", f"{base}/off-catalogue-reports/{report}"),
        "admission_decide_report": Ask(
            "POST",
            f"{base}/off-catalogue-reports/{report}/decision",
            json={"outcome": "upholding", "reply": "权限测试"},
        ),
    }
