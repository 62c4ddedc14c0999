"""Who may do what: `tests/authorization.csv` against the running platform.

Each row says, for an operation and some roles, what happens with what is their own, another
community's, another street's and another district's: `allow`; `deny` (401 or 403); `404`, which in
a list means that it is not in it; `-` where the operation has no such place. An operation of the
merged OpenAPI document or a role without a row fails.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.cli.demo.accounts import ACCOUNTS, PASSWORD
from shared.auth.principal import Role
from tests.support.installation import Installation

TABLE = Path(__file__).parents[1] / "authorization.csv"
PLACES = ("own", "other_community", "other_street", "other_district")
ROLES = ("anonymous", "client", *Role)
CODES = {
    "own": "421002001001",
    "other_community": "421002001002",
    "other_street": "421002002001",
    "other_district": "421003001001",
}
DISTRICT = "421002"


def _rows() -> Iterator[tuple[str, str, dict[str, str]]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for role in row["roles"].split():
                yield row["operation"], role, {place: row[place] for place in PLACES}


ROWS = list(_rows())


@dataclass
class Cast:
    """Tokens by role, and what lies at each place."""

    url: str
    client: httpx.Client
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    places: dict[str, dict[str, Any]] = field(default_factory=dict)

    def get(self, path: str, headers: dict[str, str]) -> Any:
        """The JSON of a GET that must succeed."""
        answer = self.client.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> Any:
        """The JSON of a POST that must succeed."""
        answer = self.client.post(path, headers=headers, json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def account(
        self, login: str, role: str, administrator: dict[str, str], scope_id: str | None = None
    ) -> dict[str, str]:
        """A new account with a role, and its grant."""
        made = self.post(
            "/v1/accounts",
            administrator,
            {"login": login, "display_name": login, "password": PASSWORD},
        )
        grant = self.post(
            "/v1/grants",
            administrator,
            {"account_id": made["id"], "role": role, "scope_id": scope_id},
        )
        return {"account": made["id"], "grant": grant["id"]}

    def log_in(self, login: str) -> dict[str, str]:
        """Authorization of a person."""
        form = {"grant_type": "password", "username": login, "password": PASSWORD}
        answer = self.client.post("/v1/auth/token", data=form)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture(scope="module")
def cast(installation: Installation) -> Iterator[Cast]:
    """Everybody, and something of each kind at each place."""
    with httpx.Client(
        base_url=installation.url, timeout=30, headers={"Accept-Language": "en"}
    ) as client:
        found = Cast(installation.url, client)
        administrator = found.log_in("admin")
        foreign = found.log_in("admin.421003")
        found.headers = {account.role: found.log_in(account.login) for account in ACCOUNTS}
        found.headers |= {"administrator": administrator, "anonymous": {}}
        own = found.account("spare", "hr_bureau", administrator)
        abroad = found.account("civil.421003", "civil_affairs", foreign)
        foreign_office = found.log_in("civil.421003")
        departments = found.get("/v1/departments", administrator)["items"]
        system = found.post(
            "/v1/clients",
            administrator,
            {
                "name": "检查系统",
                "department_id": departments[0]["id"],
                "scopes": SCOPES,
            },
        )
        form = {"grant_type": "client_credentials"}
        token = client.post(
            "/v1/auth/token", data=form, auth=(system["client_id"], system["client_secret"])
        )
        found.headers["client"] = {"Authorization": f"Bearer {token.json()['access_token']}"}
        department = found.post(
            "/v1/departments", foreign, {"code": "health", "name": "卫生健康局"}
        )
        foreign_client = found.post(
            "/v1/clients",
            foreign,
            {"name": "系统", "department_id": department["id"], "scopes": ["registry:read"]},
        )
        for place, code in CODES.items():
            abroad_here = place == "other_district"
            found.places[place] = _at(
                found,
                code,
                foreign_office if abroad_here else found.headers["civil_affairs"],
                {**abroad, "client": foreign_client["id"]}
                if abroad_here
                else {**own, "client": system["id"]},
            )
        here, there = found.places["own"], found.places["other_district"]
        found.account("leading.421003", "leading_group", foreign)
        found.account("health.421003", "department", foreign, department["id"])
        found.account("clerk.421003", "workstation_staff", foreign, there["community"])
        health = next(one["id"] for one in departments if one["code"] == "health")
        _work(found, here, health, *("leading", "department", "clerk"))
        _work(found, there, department["id"], "leading.421003", "health.421003", "clerk.421003")
        yield found


def _work(
    cast: Cast, at: dict[str, Any], department: str, leading: str, applicant: str, clerk: str
) -> None:
    """An admitted item, a dispatch of it, a report, and a rule overridden, at a place."""
    item = {
        "code": "AUTH-1",
        "department_id": department,
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
    group = cast.log_in(leading)
    at["department"] = department
    at["item"] = cast.post("/v1/admission/items/decided", group, item)["id"]
    dispatch = {
        "item_code": "AUTH-1",
        "title": "权限测试",
        "content": "核对台账",
        "due_on": "2098-12-31",
        "communities": [{"community_id": at["community"]}],
    }
    at["dispatch"] = cast.post("/v1/admission/dispatches", cast.log_in(applicant), dispatch)["id"]
    report = _report(at)
    path = "/v1/admission/off-catalogue-reports"
    at["report"] = cast.post(path, cast.log_in(clerk), report)["id"]
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


def _at(cast: Cast, code: str, office: dict[str, str], own: dict[str, str]) -> dict[str, Any]:
    communities = cast.get("/v1/workstation/communities?limit=200", office)["items"]
    community = next(item for item in communities if item["code"] == code)
    where = f"community_id={community['id']}"
    residents = cast.get(f"/v1/workstation/residents?limit=2&{where}", office)["items"]
    disclosed = cast.post(
        f"/v1/workstation/residents/{residents[0]['id']}/disclosure",
        office,
        {"purpose": "权限测试核对"},
    )
    imports = {
        service: cast.get(f"/v1/{service}/imports?limit=1", office)["items"][0]["id"]
        for service in ("workstation", "committee")
    }
    committees = cast.get(f"/v1/committee/committees?{where}", office)["items"]
    return {
        **own,
        "code": code,
        "community": community["id"],
        "street": community["street_id"],
        "household": residents[0]["household_id"],
        "resident": residents[0]["id"],
        "leaver": residents[1]["id"],
        "id_number": disclosed["id_number"],
        "committee": committees[0]["id"],
        "workstation_import": imports["workstation"],
        "committee_import": imports["committee"],
    }


@dataclass(frozen=True)
class Ask:
    """A request about something at a place; in a list, `shows` says whether it is there."""

    method: str
    path: str
    json: Any = None
    data: Any = None
    files: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    shows: Callable[[Any], bool] | None = None


def _listing(path: str, shows: Callable[[Any], bool] | None = None) -> Ask:
    return Ask("GET", path, shows=shows or (lambda body: bool(body["items"])))


def _has(key: str, value: str) -> Callable[[Any], bool]:
    return lambda body: any(item[key] == value for item in body["items"])


STALE = {"If-Match": '"v999"'}
REASON = {"reason": "权限测试"}
SCOPES = ["registry:read", "admission:read", "admission:write"]
W, C = "/v1/workstation", "/v1/committee"


def _ask(operation: str, at: dict[str, Any]) -> Ask:
    public = f"district={DISTRICT}"
    where = f"community_id={at['community']}"
    asks: dict[str, Ask] = {
        "auth_token": Ask("POST", "/v1/auth/token", data={"grant_type": "nothing"}),
        "auth_revocation": Ask("POST", "/v1/auth/revocation", data={"token": "nothing"}),
        "identity_jwks": Ask("GET", "/.well-known/jwks.json"),
        "identity_revocations": Ask("GET", "/.well-known/revocations.json"),
        "identity_discovery": Ask("GET", "/.well-known/openid-configuration"),
        "identity_rotate_keys": Ask("POST", "/v1/signing-keys/rotation"),
        "identity_me": Ask("GET", "/v1/me"),
        "identity_change_password": Ask("PUT", "/v1/me/password", json={}),
        "identity_enrol_totp": Ask("POST", "/v1/me/totp", json={"surplus": 1}),
        "identity_confirm_totp": Ask("POST", "/v1/me/totp/confirmation", json={}),
        "identity_accounts": _listing("/v1/accounts?limit=200", _has("id", at["account"])),
        "identity_create_account": Ask("POST", "/v1/accounts", json={}),
        "identity_account": Ask("GET", f"/v1/accounts/{at['account']}"),
        "identity_change_account": Ask(
            "PATCH", f"/v1/accounts/{at['account']}", json={"display_name": "甲"}, headers=STALE
        ),
        "identity_suspend_account": Ask(
            "POST", f"/v1/accounts/{at['account']}/suspension", json=REASON
        ),
        "identity_reinstate_account": Ask(
            "POST", f"/v1/accounts/{at['account']}/reinstatement", json=REASON
        ),
        "identity_reset_password": Ask(
            "POST", f"/v1/accounts/{at['account']}/password-reset", json=REASON
        ),
        "identity_clients": _listing("/v1/clients?limit=200", _has("id", at["client"])),
        "identity_create_client": Ask("POST", "/v1/clients", json={}),
        "identity_client": Ask("GET", f"/v1/clients/{at['client']}"),
        "identity_rotate_client_secret": Ask("POST", f"/v1/clients/{at['client']}/secrets"),
        "identity_suspend_client": Ask(
            "POST", f"/v1/clients/{at['client']}/suspension", json=REASON
        ),
        "identity_reinstate_client": Ask(
            "POST", f"/v1/clients/{at['client']}/reinstatement", json=REASON
        ),
        "identity_grants": _listing("/v1/grants?limit=200", _has("id", at["grant"])),
        "identity_create_grant": Ask("POST", "/v1/grants", json={}),
        "identity_grant": Ask("GET", f"/v1/grants/{at['grant']}"),
        "identity_revoke_grant": Ask("POST", f"/v1/grants/{at['grant']}/revocation", json=REASON),
        "identity_departments": Ask("GET", "/v1/departments"),
        "identity_create_department": Ask("POST", "/v1/departments", json={}),
        "gateway_audit_events": Ask("GET", "/v1/audit-events"),
        "gateway_job": Ask("GET", f"/v1/jobs/{at['workstation_import']}"),
        **_admission(at, public),
        "gateway_healthz": Ask("GET", "/healthz"),
        "gateway_readyz": Ask("GET", "/readyz"),
        "registry_streets": _listing(f"{W}/streets?limit=200", _has("id", at["street"])),
        "registry_create_street": Ask("POST", f"{W}/streets", json={}),
        "registry_street": Ask("GET", f"{W}/streets/{at['street']}"),
        "registry_rename_street": Ask(
            "PATCH", f"{W}/streets/{at['street']}", json={"name": "改名街道"}, headers=STALE
        ),
        "registry_communities": _listing(f"{W}/communities?street_id={at['street']}"),
        "registry_propose_community": Ask("POST", f"{W}/communities", json={}),
        "registry_community": Ask("GET", f"{W}/communities/{at['community']}"),
        "registry_change_community": Ask(
            "PATCH", f"{W}/communities/{at['community']}", json={"name": "改名"}, headers=STALE
        ),
        "registry_lineage": Ask("GET", f"{W}/communities/{at['community']}/lineage"),
        "registry_adjustments": Ask("GET", f"{W}/adjustments"),
        "registry_adjust": Ask("POST", f"{W}/adjustments", json={}),
        "registry_grid_cells": _listing(f"{W}/grid-cells?{where}"),
        "registry_households": _listing(f"{W}/households?{where}"),
        "registry_household": Ask("GET", f"{W}/households/{at['household']}"),
        "registry_register_household": Ask(
            "POST",
            f"{W}/households",
            json={"community_id": at["community"], "code": "auth-1", "address": "测试"},
        ),
        "registry_residents": _listing(f"{W}/residents?{where}"),
        "registry_register_resident": Ask(
            "POST",
            f"{W}/residents",
            json={
                "household_id": at["household"],
                "name": "重复者",
                "id_number": at["id_number"],
                "residence": "both",
            },
        ),
        "registry_resident": Ask("GET", f"{W}/residents/{at['resident']}"),
        "registry_change_resident": Ask(
            "PATCH", f"{W}/residents/{at['resident']}", json={"name": "改名"}, headers=STALE
        ),
        "registry_search_resident": Ask(
            "POST",
            f"{W}/residents/search",
            json={"id_number": at["id_number"]},
            shows=lambda body: bool(body["items"]),
        ),
        "registry_resident_departure": Ask(
            "POST",
            f"{W}/residents/{at['leaver']}/departure",
            json={"left_on": "2024-01-31", "because": "moved"},
        ),
        "registry_disclose_resident": Ask(
            "POST",
            f"{W}/residents/{at['resident']}/disclosure",
            json={"purpose": "权限测试核对"},
        ),
        "personnel_post_counts": _listing(
            f"{W}/posts/counts?on=2023-12-31", _has("community_id", at["community"])
        ),
        "personnel_staff": _listing(f"{W}/staff?on=2023-12-31&{where}"),
        "posts_posts": _listing(f"{W}/posts?{where}"),
        "facilities_facilities": _listing(f"{W}/facilities?{where}"),
        "facilities_compliance": _listing(
            f"{W}/facilities/compliance?on=2023-12-31", _has("community_id", at["community"])
        ),
        "facilities_projects": _listing(
            f"{W}/projects?limit=200", _has("community_id", at["community"])
        ),
        "reporting_community_building": Ask("GET", f"{W}/reports/community-building?on=2023-12-31"),
        "organisation_committees": _listing(f"{C}/committees?{public}&{where}"),
        "organisation_committee": Ask("GET", f"{C}/committees/{at['committee']}?{public}"),
        "organisation_terms": Ask("GET", f"{C}/committees/{at['committee']}/terms?{public}"),
        "organisation_members": Ask("GET", f"{C}/committees/{at['committee']}/members?{public}"),
        "volunteers_teams": Ask("GET", f"{C}/volunteers/teams?{public}"),
    }
    for service, base in (("workstation", W), ("committee", C)):
        mine = at[f"{service}_import"]
        asks |= {
            f"{service}_audit_events": Ask("GET", f"{base}/audit-events"),
            f"{service}_job": Ask("GET", f"{base}/jobs/{mine}"),
            f"{service}_import_templates": Ask("GET", f"{base}/imports/templates"),
            f"{service}_import_template": Ask(
                "GET",
                f"{base}/imports/templates/"
                f"{'streets' if service == 'workstation' else 'terms'}?format=csv",
            ),
            f"{service}_import": Ask(
                "POST",
                f"{base}/imports",
                data={"kind": "nothing"},
                files={"file": ("a.csv", b"a\n1\n")},
            ),
            f"{service}_imports": _listing(f"{base}/imports?limit=200", _has("id", mine)),
            f"{service}_import_progress": Ask("GET", f"{base}/imports/{mine}"),
            f"{service}_import_report": Ask("GET", f"{base}/imports/{mine}/report"),
            f"{service}_cancel_import": Ask("POST", f"{base}/imports/{mine}/cancellation"),
        }
    return asks[operation]


def _admission(at: dict[str, Any], public: str) -> dict[str, Ask]:
    base = "/v1/admission"
    item, dispatch, report = (at.get(name, "") for name in ("item", "dispatch", "report"))
    rule = "/v1/rules/admission.report_working_days"
    decision = {"outcome": "rejection", "reason": "权限测试"}
    return {
        "rules_rules": Ask("GET", f"/v1/rules?{public}"),
        "rules_rule": Ask("GET", f"{rule}?{public}"),
        "rules_override": Ask("POST", f"{rule}/overrides", json={}),
        "rules_withdraw_override": Ask(
            "POST", f"{rule}/overrides/{at.get('override')}/withdrawal", json=REASON
        ),
        "admission_catalogue": Ask("GET", f"{base}/catalogue?{public}"),
        "admission_items": _listing(f"{base}/items?limit=200", _has("id", item)),
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
        "admission_dispatches": _listing(f"{base}/dispatches?limit=200", _has("id", dispatch)),
        "admission_dispatch_detail": Ask("GET", f"{base}/dispatches/{dispatch}"),
        "admission_refusals": Ask("GET", f"{base}/dispatch-refusals"),
        "admission_report": Ask("POST", f"{base}/off-catalogue-reports", json=_report(at)),
        "admission_reports": _listing(
            f"{base}/off-catalogue-reports?limit=200", _has("id", report)
        ),
        "admission_report_detail": Ask("GET", f"{base}/off-catalogue-reports/{report}"),
        "admission_decide_report": Ask(
            "POST",
            f"{base}/off-catalogue-reports/{report}/decision",
            json={"outcome": "upholding", "reply": "权限测试"},
        ),
    }


def _outcome(answer: httpx.Response, ask: Ask) -> str:
    if answer.status_code in {401, 403}:
        return "deny"
    if answer.status_code == 404:
        return "404"
    assert answer.status_code < 500, f"{ask.method} {ask.path}: {answer.text}"
    if ask.shows is not None and not ask.shows(answer.json()):
        return "404"
    return "allow"


def test_every_operation_and_every_role_has_a_row(installation: Installation) -> None:
    document = httpx.get(f"{installation.url}/openapi.json").json()
    operations = [
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
    ]
    named = [(operation, role) for operation, role, _ in ROWS]
    assert len(named) == len(set(named)), "a role stands twice for an operation"
    assert set(named) == {(operation, role) for operation in operations for role in ROLES}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_the_table_says_and_nothing_else(cast: Cast, role: str) -> None:
    differences = []
    for operation, who, expected in ROWS:
        if who != role:
            continue
        for place, wanted in expected.items():
            if wanted == "-":
                continue
            ask = _ask(operation, cast.places[place])
            answer = cast.client.request(
                ask.method,
                ask.path,
                json=ask.json,
                data=ask.data,
                files=ask.files,
                headers={**cast.headers[role], **ask.headers},
            )
            assert answer.status_code != 429, "the test is faster than the rate limit"
            found = _outcome(answer, ask)
            if found != wanted:
                differences.append(
                    f"{operation} {place}: {found} instead of {wanted} ({answer.status_code})"
                )
    assert differences == []
