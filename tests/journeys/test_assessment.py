"""A department's request through the gateway, screened against the workstation's own ledger."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.cli.demo.accounts import FIRST_COMMUNITY
from shared.kernel.clock import SystemClock
from tests.support.installation import Installation

TODAY = SystemClock().today()
ELEMENT = "journey_elderly_files"


def post(installation: Installation, login: str, path: str, body: Any = None) -> Any:
    """The JSON of a POST that succeeds."""
    answer = httpx.post(
        f"{installation.url}/v1/{path}",
        json=body,
        headers=installation.headers(login),
        timeout=30,
    )
    assert answer.status_code < 300, answer.text
    return answer.json()


@pytest.fixture(scope="module")
def community(installation: Installation) -> str:
    """The first demo community, whose workstation has entered its elderly files' rate."""
    communities = installation.get("/v1/workstation/communities?limit=200", "civil").json()
    place = next(one for one in communities["items"] if one["code"] == FIRST_COMMUNITY)
    element = {
        "code": ELEMENT,
        "title": "老年人健康档案更新率",
        "definition": "已更新健康档案的六十五岁以上老人所占比例",
        "type": "decimal",
        "unit": "%",
        "frequency": "year",
        "owner": {"kind": "workstation", "name": "社区工作站"},
    }
    post(installation, "leading", "workstation/ledger/elements", element)
    entry = {
        "element": ELEMENT,
        "community_id": place["id"],
        "period": str(TODAY.year),
        "value": "87.5",
    }
    post(installation, "clerk", "workstation/ledger/entries", entry)
    found: str = place["id"]
    return found


def test_what_the_workstations_ledger_holds_needs_no_visit(
    installation: Installation, community: str
) -> None:
    standard = post(
        installation,
        "leading",
        "assessment/standards",
        {"code": "journey", "title": "走查用统一标准"},
    )
    items = [
        {
            "code": "J1",
            "title": "老年人健康档案更新率",
            "subject": "卫生",
            "kind": "ratio",
            "weight": 6000,
            "verification": "ledger",
            "element": ELEMENT,
        },
        {
            "code": "J2",
            "title": "警务室有专人值守",
            "subject": "综合治理",
            "kind": "boolean",
            "weight": 4000,
            "verification": "on_site",
        },
    ]
    path = f"assessment/standards/{standard['id']}"
    answer = httpx.put(
        f"{installation.url}/v1/{path}/items",
        json={"items": items},
        headers={**installation.headers("leading"), "If-Match": '"v1"'},
        timeout=30,
    )
    assert answer.status_code == 200, answer.text
    post(installation, "leading", f"{path}/publication", {"document": "沙社建组〔2026〕30号"})
    start = TODAY + timedelta(days=30)
    made = post(
        installation,
        "department",
        "assessment/requests",
        {
            "reference": "JOURNEY-1",
            "title": "基本公共卫生服务检查",
            "kind": "inspection",
            "level": "district",
            "legal_basis": "基本医疗卫生与健康促进法 36",
            "standard_id": standard["id"],
            "items": [{"code": "J1"}, {"code": "J2"}],
            "starts_on": start.isoformat(),
            "ends_on": (start + timedelta(days=20)).isoformat(),
            "minutes_on_site": 60,
            "inspectors_per_day": 4,
        },
    )
    sent = post(installation, "department", f"assessment/requests/{made['id']}/submission")
    assert (sent["state"], sent["screening"]["passed"]) == ("with_leading_group", True)
    assert sent["verdicts"]["from_ledger"] == 1
    assert sent["verdicts"]["needs_visit"] == 2 * sent["communities"] - 1
    path = f"/v1/assessment/requests/{made['id']}/screening?verdict=from_ledger"
    [one] = installation.get(path, "department").json()["items"]
    assert (one["code"], one["community_id"]) == ("J1", community)
