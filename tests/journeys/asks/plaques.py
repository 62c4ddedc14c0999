"""Applications for plaques, the inventory, removal notices."""

from tests.journeys.asks.asking import REASON, STALE, Ask, At, Cast, has, listing

SCOPES = ["plaques:read", "plaques:write"]
BASE = "/v1/plaques"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PICTURE = {"photograph": ("a.png", PNG)}


def prepare(cast: Cast, at: At) -> None:
    """A department's application with its drawing, its plaque in a community, and a notice."""
    clerk = cast.act_as(at, "workstation_staff")
    if at["place"] in {"own", "other_district"}:
        department = cast.act_as(at, "department")
        body = {"title": f"站{at['code']}", "purpose": "权限测试"}
        at["application"] = cast.post(f"{BASE}/applications", department, body)["id"]
        path = f"{BASE}/applications/{at['application']}/design"
        assert cast.client.post(path, headers=department, files={"file": ("a.png", PNG)}).is_success
    form = {
        "community_id": at["community"],
        "department_id": at["department"],
        "hung_on": "2024-01-01",
        "title": "权限测试",
        "where": "outdoor",
    }
    made = cast.client.post(f"{BASE}/inventory", headers=clerk, data=form, files=PICTURE)
    assert made.is_success, made.text
    at["plaque"] = made.json()["id"]
    group = cast.act_as(at, "leading_group")
    cast.post(f"{BASE}/removal-notices", group, {"communities": [at["community"]]})
    where = f"community_id={at['community']}"
    at["notice"] = cast.get(f"{BASE}/removal-notices?{where}", group)["items"][0]["id"]
    path = f"{BASE}/removal-notices/{at['notice']}/removal"
    assert cast.client.post(path, headers=clerk, files=PICTURE).is_success


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation."""
    application = f"{BASE}/applications/{at.get('application')}"
    plaque = f"{BASE}/inventory/{at.get('plaque')}"
    notice = f"{BASE}/removal-notices/{at.get('notice')}"
    found = {"community_id": at["community"], "hung_on": "2099-01-01", "title": "权限"}
    return {
        "plaques_applications": listing(
            f"{BASE}/applications?limit=200", has("id", at.get("application", ""))
        ),
        "plaques_application": Ask("GET", application),
        "plaques_application_history": Ask("GET", f"{application}/history"),
        "plaques_application_screening": Ask("GET", f"{application}/screening"),
        "plaques_draft_application": Ask("POST", f"{BASE}/applications", json={}),
        "plaques_change_application": Ask(
            "PATCH", application, json={"title": "改名"}, headers=STALE
        ),
        "plaques_add_design": Ask(
            "POST", f"{application}/design", files={"file": ("a.txt", b"text")}
        ),
        "plaques_design": Ask("GET", f"{application}/design"),
        "plaques_submit_application": Ask("POST", f"{application}/submission"),
        "plaques_withdraw_application": Ask("POST", f"{application}/withdrawal"),
        "plaques_decide_application": Ask(
            "POST", f"{application}/decision", json={"outcome": "rejection"}
        ),
        "plaques_inventory": listing(
            f"{BASE}/inventory?removed=true&community_id={at['community']}",
            has("id", at.get("plaque", "")),
        ),
        "plaques_compliance": Ask(
            "GET",
            f"{BASE}/inventory/compliance",
            shows=lambda body: any(
                one["community_id"] == at["community"] for one in body["communities"]
            ),
        ),
        "plaques_plaque": Ask("GET", plaque),
        "plaques_photograph": Ask("GET", f"{plaque}/photograph"),
        "plaques_record": Ask("POST", f"{BASE}/inventory", data=found, files=PICTURE),
        "plaques_add_photograph": Ask("POST", f"{plaque}/photograph", files=PICTURE),
        "plaques_inventory_template": Ask("GET", f"{BASE}/inventory/sheets/template?format=csv"),
        "plaques_inventory_sheet": Ask(
            "POST", f"{BASE}/inventory/sheets", files={"file": ("a.csv", b"a\n1\n")}
        ),
        "plaques_take_down": Ask(
            "POST", f"{plaque}/removal", json={"removed_on": "2024-02-01", "because": "权限测试"}
        ),
        "plaques_notices": listing(
            f"{BASE}/removal-notices?community_id={at['community']}",
            has("id", at.get("notice", "")),
        ),
        "plaques_inspect": Ask("POST", f"{BASE}/removal-notices", json={"communities": []}),
        "plaques_notice": Ask("GET", notice),
        "plaques_notice_history": Ask("GET", f"{notice}/history"),
        "plaques_notice_photograph": Ask("GET", f"{notice}/photograph"),
        "plaques_notice_removal": Ask("POST", f"{notice}/removal", files=PICTURE),
        "plaques_confirm_removal": Ask("POST", f"{notice}/confirmation"),
        "plaques_send_back_removal": Ask("POST", f"{notice}/sending-back", json=REASON),
        "plaques_withdraw_notice": Ask("POST", f"{notice}/withdrawal", json=REASON),
    }
