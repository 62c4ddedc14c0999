"""Reports of off-catalogue demands reach the Leading Group; no department learns who reported."""

from datetime import timedelta
from typing import Any

from tests.services.gateway.admission.conftest import TODAY, Offices


def _report(offices: Offices, place: int = 0, **changed: Any) -> dict[str, Any]:
    return {
        "community_id": str(offices.communities[place]),
        "department_id": str(offices.health),
        "demand": "电话要求三天内上报电动车台账",
        "channel": "工作群消息",
        "demanded_on": str(TODAY - timedelta(days=2)),
        **changed,
    }


async def test_a_community_reports_and_reads_the_answer(offices: Offices) -> None:
    made = await offices.post("clerk", "off-catalogue-reports", _report(offices))
    assert (made.status_code, made.json()["state"]) == (201, "reported")
    assert "reported_by" not in made.json()
    path = f"off-catalogue-reports/{made.json()['id']}"
    decided = await offices.post(
        "leading", f"{path}/decision", {"outcome": "upholding", "reply": "已责成该局停止"}
    )
    assert decided.json()["state"] == "upheld"
    assert (await offices.get("clerk", path))["reply"] == "已责成该局停止"
    twice = await offices.post(
        "leading", f"{path}/decision", {"outcome": "dismissal", "reply": "经核不属实"}
    )
    assert (twice.status_code, twice.json()["code"]) == (409, "step_not_possible")


async def test_no_department_reads_reports_not_even_of_itself(offices: Offices) -> None:
    made = (await offices.post("clerk", "off-catalogue-reports", _report(offices))).json()
    for path in ("off-catalogue-reports", f"off-catalogue-reports/{made['id']}"):
        answer = await offices.gateway.get(f"/v1/admission/{path}", headers=offices.who("health"))
        assert answer.status_code == 403


async def test_a_community_reports_for_itself_only_and_of_what_has_happened(
    offices: Offices,
) -> None:
    other = await offices.post("clerk", "off-catalogue-reports", _report(offices, 1))
    assert other.status_code == 404
    tomorrow = _report(offices, demanded_on=str(TODAY + timedelta(days=1)))
    future = await offices.post("clerk", "off-catalogue-reports", tomorrow)
    assert [error["pointer"] for error in future.json()["errors"]] == ["/demanded_on"]
