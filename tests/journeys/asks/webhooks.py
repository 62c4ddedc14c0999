"""Webhooks and their deliveries."""

from tests.journeys.asks.asking import PUBLIC, STALE, Ask, At, Cast, has, listing

SCOPES = ["webhooks:read", "webhooks:write"]
BASE = "/v1/webhooks"


def prepare(cast: Cast, at: At) -> None:
    """A department's webhook, suspended, with a test that waits."""
    if at["place"] not in {"own", "other_district"}:
        return
    department = cast.act_as(at, "department")
    body = {"url": "https://1.1.1.1/hook", "event_types": ["cn.shequ.webhooks.test"]}
    at["webhook"] = cast.post(BASE, department, body)["id"]
    cast.post(f"{BASE}/{at['webhook']}/suspension", department, {})
    cast.post(f"{BASE}/{at['webhook']}/test", department, {})
    deliveries = cast.get(f"{BASE}/{at['webhook']}/deliveries", department)
    at["delivery"] = deliveries["items"][0]["id"]


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation."""
    id = at.get("webhook", "")
    one = f"{BASE}/{id}"
    delivery = f"{one}/deliveries/{at.get('delivery')}"
    return {
        "webhooks_event_types": Ask("GET", f"{BASE}/event-types?{PUBLIC}"),
        "webhooks_webhooks": listing(f"{BASE}?limit=200", has("id", id)),
        "webhooks_create": Ask("POST", BASE, json={}),
        "webhooks_webhook": Ask("GET", one),
        "webhooks_change": Ask("PATCH", one, json={"description": "改"}, headers=STALE),
        "webhooks_rotate_secret": Ask("POST", f"{one}/secrets"),
        "webhooks_suspend": Ask("POST", f"{one}/suspension"),
        "webhooks_resume": Ask("POST", f"{one}/resumption"),
        "webhooks_end": Ask("POST", f"{one}/ending"),
        "webhooks_test": Ask("POST", f"{one}/test"),
        "webhooks_deliveries": Ask("GET", f"{one}/deliveries"),
        "webhooks_delivery": Ask("GET", delivery),
        "webhooks_replay": Ask("POST", f"{delivery}/replay"),
    }
