"""Standards, departments' items and mappings, inspection requests."""

from datetime import timedelta

from shared.kernel.clock import SystemClock
from tests.journeys.asks.asking import REASON, STALE, Ask, At, Cast, has, listing

BASE = "/v1/assessment"
SCOPES = ["assessment:read", "assessment:write"]


def prepare(cast: Cast, at: At) -> None:
    """A standard in force, an own item of the department mapped to it, a draft."""
    if at["place"] not in {"own", "other_district"}:
        return
    group, department = cast.act_as(at, "leading_group"), cast.act_as(at, "department")
    standards = f"{BASE}/standards"
    made = cast.post(standards, group, {"code": "auth", "title": "权限测试标准"})
    at["standard"] = made["id"]
    item = {
        "code": "A1",
        "title": "权限测试项目",
        "subject": "党建",
        "kind": "boolean",
        "weight": 10_000,
        "verification": "on_site",
    }
    answer = cast.client.put(
        f"{standards}/{made['id']}/items",
        headers={**group, "If-Match": '"v1"'},
        json={"items": [item]},
    )
    assert answer.status_code == 200, answer.text
    document = {"document": "沙社建组〔2026〕3号"}
    cast.post(f"{standards}/{made['id']}/publication", group, document)
    own = {"code": "AUTH-1", "title": "权限测试部门项目", "content": "查看记录。"}
    at["department_item"] = cast.post(f"{BASE}/department-items", department, own)["id"]
    relation = {
        "department_item_id": at["department_item"],
        "item_code": "A1",
        "relation": "equal",
    }
    mappings = f"{standards}/{made['id']}/mappings"
    at["mapping"] = cast.post(mappings, department, relation)["id"]
    draft = cast.post(standards, group, {"code": "auth-draft", "title": "权限测试草案"})
    at["draft_standard"] = draft["id"]
    soon = SystemClock().today() + timedelta(days=40)
    inspection = {
        "reference": "AUTH-1",
        "title": "权限测试检查",
        "kind": "inspection",
        "level": "district",
        "legal_basis": "权限测试",
        "standard_id": at["standard"],
        "items": [{"code": "A1"}],
        "targets": {"communities": [at["community"]]},
        "starts_on": soon.isoformat(),
        "ends_on": (soon + timedelta(days=20)).isoformat(),
        "minutes_on_site": 60,
        "inspectors_per_day": 4,
    }
    requests = f"{BASE}/requests"
    at["inspection"] = cast.post(requests, department, inspection)["id"]
    cast.post(f"{requests}/{at['inspection']}/submission", department, {})
    approval = {"outcome": "approval", **document}
    cast.post(f"{requests}/{at['inspection']}/decision", group, approval)


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation."""
    standards, own_items = f"{BASE}/standards", f"{BASE}/department-items"
    standard = f"{standards}/{at.get('standard')}"
    draft = f"{standards}/{at.get('draft_standard')}"
    own_item = f"{own_items}/{at.get('department_item')}"
    mapping = {
        "department_item_id": at.get("department_item"),
        "item_code": "A1",
        "relation": "subset",
    }
    return {
        **_requests(at),
        **_findings(at),
        **_results(at),
        "assessment_standards": listing(
            f"{standards}?limit=200", has("id", at.get("standard", ""))
        ),
        "assessment_standard": Ask("GET", standard),
        "assessment_standard_history": Ask("GET", f"{standard}/history"),
        "assessment_standard_items": Ask("GET", f"{standard}/items"),
        "assessment_draft_standard": Ask("POST", standards, json={}),
        "assessment_change_standard": Ask("PATCH", draft, json={"title": "改名"}, headers=STALE),
        "assessment_set_standard_items": Ask(
            "PUT", f"{draft}/items", json={"items": []}, headers=STALE
        ),
        "assessment_publish_standard": Ask(
            "POST", f"{draft}/publication", json={"document": "权限测试"}
        ),
        "assessment_move_demo_clock": Ask("POST", f"{standard}/demo-clock", json={"today": None}),
        "assessment_standard_abandonment": Ask("POST", f"{standard}/abandonment", json=REASON),
        "assessment_standard_retirement": Ask("POST", f"{draft}/retirement", json=REASON),
        "assessment_department_items": listing(
            f"{own_items}?limit=200", has("id", at.get("department_item", ""))
        ),
        "assessment_department_item": Ask("GET", own_item),
        "assessment_propose_item": Ask("POST", own_items, json={}),
        "assessment_change_department_item": Ask(
            "PATCH", own_item, json={"title": "改名"}, headers=STALE
        ),
        "assessment_mappings": listing(
            f"{standard}/mappings?ended=true", has("id", at.get("mapping", ""))
        ),
        "assessment_map_item": Ask("POST", f"{standard}/mappings", json=mapping),
        "assessment_end_mapping": Ask(
            "POST", f"{standard}/mappings/{at.get('mapping')}/termination", json=REASON
        ),
    }


def _requests(at: At) -> dict[str, Ask]:
    requests = f"{BASE}/requests"
    one = f"{requests}/{at.get('inspection')}"
    return {
        "assessment_requests": listing(
            f"{requests}?limit=200", has("id", at.get("inspection", ""))
        ),
        "assessment_request": Ask("GET", one),
        "assessment_request_history": Ask("GET", f"{one}/history"),
        "assessment_request_screening": Ask("GET", f"{one}/screening"),
        "assessment_draft_request": Ask("POST", requests, json={}),
        "assessment_change_request": Ask("PATCH", one, json={"title": "改名"}, headers=STALE),
        "assessment_submit_request": Ask("POST", f"{one}/submission"),
        "assessment_withdraw_request": Ask("POST", f"{one}/withdrawal", json={}),
        "assessment_decide_request": Ask(
            "POST", f"{one}/decision", json={"outcome": "return", "reason": "权限测试"}
        ),
        "assessment_request_template": Ask("GET", f"{requests}/sheets/template?format=csv"),
        "assessment_request_sheet": Ask(
            "POST", f"{requests}/sheets", files={"file": ("a.csv", b"a\n1\n")}
        ),
    }


def _findings(at: At) -> dict[str, Ask]:
    visit = f"{BASE}/visits/{at.get('visit')}"
    finding = f"{visit}/findings/{at['community']}"
    ratings = f"{BASE}/campaigns/{at.get('campaign')}/ratings"
    found = {
        "id": at["community"],
        "code": "A1",
        "value": 1,
        "observed_at": "2026-01-05T02:00:00Z",
    }
    rating = {"community_id": at["community"], "ratings": [{"code": "A1", "value": 1}]}
    return {
        "assessment_findings": Ask("GET", f"{visit}/findings"),
        "assessment_finding_history": Ask("GET", f"{finding}/history"),
        "assessment_record_findings": Ask("POST", f"{visit}/findings", json={"findings": [found]}),
        "assessment_confirm_finding": Ask("POST", f"{finding}/confirmation", json={}),
        "assessment_contest_finding": Ask("POST", f"{finding}/contest", json=REASON),
        "assessment_evidence": Ask("GET", f"{visit}/evidence"),
        "assessment_evidence_file": Ask("GET", f"{visit}/evidence/{at['community']}"),
        "assessment_add_evidence": Ask(
            "POST", f"{visit}/evidence", files={"file": ("a.png", b"\x89PNG\r\n\x1a\n0")}
        ),
        "assessment_rate": Ask("POST", ratings, json=rating),
        "assessment_rating_sums": Ask("GET", ratings),
    }


def _results(at: At) -> dict[str, Ask]:
    results = f"{BASE}/campaigns/{at.get('campaign')}/results"
    result = f"{BASE}/results/{at['community']}"
    objection = {"items": ["A1"], "reason": "权限测试"}
    return {
        "assessment_results": Ask("GET", results),
        "assessment_publish_results": Ask("POST", results),
        "assessment_finalise_results": Ask("POST", f"{results}/finalisation"),
        "assessment_result": Ask("GET", result),
        "assessment_result_history": Ask("GET", f"{result}/history"),
        "assessment_object": Ask("POST", f"{result}/objection", json=objection),
        "assessment_review": Ask(
            "POST", f"{result}/review", json={"outcome": "dismissal", "reply": "权限测试"}
        ),
        "assessment_shared_results": Ask("GET", f"{BASE}/shared-results"),
    }
