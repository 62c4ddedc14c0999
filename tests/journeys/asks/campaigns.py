"""Campaigns with their plans and visits, and the gateway's jobs."""

import time
from datetime import date, timedelta

from shared.kernel.clock import SystemClock
from shared.kernel.working_days import WorkingDays
from tests.journeys.asks.asking import REASON, Ask, At, Cast, has, listing

BASE = "/v1/assessment"


def prepare(cast: Cast, at: At) -> None:
    """An announced campaign of the request that the assessment has prepared."""
    if at["place"] not in {"own", "other_district"}:
        return
    group = cast.act_as(at, "leading_group")
    _notice(cast, group, SystemClock().today() + timedelta(days=60))
    begun = {"title": "权限测试联合检查", "request_ids": [at["inspection"]]}
    campaign = cast.post(f"{BASE}/campaigns", group, begun)["id"]
    where = f"{BASE}/campaigns/{campaign}"
    plan = cast.post(f"{where}/plan", group, {"work": 1})
    deadline = time.monotonic() + 60
    while cast.get(f"/v1/jobs/{plan['id']}", group)["state"] in {"queued", "running"}:
        assert time.monotonic() < deadline, "the worker made no plan"
        time.sleep(0.2)
    document = {"plan_id": plan["id"], "document": "沙社建组〔2026〕15号"}
    cast.post(f"{where}/announcement", group, document)
    visits = cast.get(f"{where}/visits", group)["items"]
    feeds, whose = f"{BASE}/calendar-feeds", {"community_id": at["community"]}
    at["feed"] = cast.post(feeds, group, whose)["id"]
    at["calendar"] = cast.post(feeds, group, whose)["url"]
    at |= {"campaign": campaign, "plan": plan["id"], "visit": visits[0]["id"]}


def _notice(cast: Cast, group: dict[str, str], day: date) -> None:
    """The notice of the day's year, where the platform does not ship it yet."""
    if day.year in WorkingDays().years:
        return
    today = SystemClock().today().isoformat()
    title = f"国务院办公厅关于{day.year}年部分节假日安排的通知"
    notice = {
        "value": "date,kind,name,notice_year,notice\n"
        f"{day.year}-01-01,holiday,元旦,{day.year},{title}\n",
        "in_force_from": today,
        "decided_on": today,
        "document": title,
    }
    cast.post("/v1/rules/calendar.special_days/overrides", group, notice)


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation."""
    campaigns = f"{BASE}/campaigns"
    one = f"{campaigns}/{at.get('campaign')}"
    visits, visit = f"{BASE}/visits", f"{BASE}/visits/{at.get('visit')}"
    job = f"/v1/jobs/{at.get('plan')}"
    announced = {"plan_id": at.get("plan"), "document": "权限测试"}
    return {
        "assessment_campaigns": listing(
            f"{campaigns}?limit=200", has("id", at.get("campaign", ""))
        ),
        "assessment_campaign": Ask("GET", one),
        "assessment_campaign_history": Ask("GET", f"{one}/history"),
        "assessment_campaign_requests": Ask("GET", f"{one}/requests"),
        "assessment_begin_campaign": Ask("POST", campaigns, json={}),
        "assessment_add_campaign_requests": Ask(
            "POST", f"{one}/requests", json={"request_ids": [at.get("inspection")]}
        ),
        "assessment_remove_campaign_request": Ask(
            "POST", f"{one}/requests/removal", json={"request_id": at.get("visit"), **REASON}
        )
        if at.get("place") == "other_district"
        else Ask("POST", f"{one}/requests/removal", json={}),
        "assessment_announce_campaign": Ask("POST", f"{one}/announcement", json=announced),
        "assessment_cancel_campaign": Ask("POST", f"{one}/cancellation", json=REASON)
        if at.get("place") == "other_district"
        else Ask("POST", f"{one}/cancellation", json={}),
        "assessment_plan": Ask("GET", f"{one}/plan"),
        "assessment_plan_visits": Ask("GET", f"{one}/plan/visits"),
        "assessment_plan_unserved": Ask("GET", f"{one}/plan/unserved"),
        "assessment_ask_for_plan": Ask("POST", f"{one}/plan", json={"work": 0}),
        "assessment_visits": listing(
            f"{visits}?limit=200&community_id={at['community']}", has("id", at.get("visit", ""))
        ),
        "assessment_visit": Ask("GET", visit),
        "assessment_campaign_visits": Ask("GET", f"{one}/visits"),
        "assessment_cancel_visit": Ask("POST", f"{visit}/cancellation", json=REASON)
        if at.get("place") == "other_district"
        else Ask("POST", f"{visit}/cancellation", json={}),
        "assessment_postpone_visit": Ask(
            "POST", f"{visit}/postponement", json={**REASON, "until": "2020-01-01"}
        ),
        "assessment_feeds": listing(
            f"{BASE}/calendar-feeds?limit=200", has("id", at.get("feed", ""))
        ),
        "assessment_open_feed": Ask(
            "POST", f"{BASE}/calendar-feeds", json={"community_id": at.get("community")}
        ),
        "assessment_revoke_feed": Ask("POST", f"{BASE}/calendar-feeds/{at.get('feed')}/revocation"),
        "assessment_calendar": Ask("GET", at.get("calendar", "")),
        "assessment_ranking": Ask("GET", f"{one}/ranking"),
        "assessment_rewards": Ask("GET", f"{one}/rewards"),
        "assessment_grant_rewards": Ask(
            "POST",
            f"{one}/rewards",
            json={"budget": 100, "source_line": "权限测试", "document": "权限测试"},
        ),
        "gateway_cancel_job": Ask("POST", f"{job}/cancellation"),
    }
