"""Appropriations, payments, statements, years."""

from tests.journeys.asks.asking import REASON, Ask, At, Cast, W, has, listing

FUNDS = f"{W}/funds"
SCOPES = ["funds:read"]


def prepare(cast: Cast, at: At) -> None:
    """A year's money of a community, and a payment that others prepared and approved."""
    if at["place"] not in {"own", "other_district"}:
        return
    finance = cast.act_as(at, "finance_bureau")
    grant = {
        "source": "per_community",
        "year": 2026,
        "document": "沙财预〔2026〕5号",
        "source_line": "2080208",
        "granted_on": "2026-01-20",
    }
    cast.post(f"{FUNDS}/appropriations", finance, grant)
    where = f"community_id={at['community']}"
    at["appropriation"] = cast.get(f"{FUNDS}/appropriations?{where}", finance)["items"][0]["id"]
    payment = {
        "appropriation_id": at["appropriation"],
        "community_id": at["community"],
        "amount": 100,
        "payee": "社区工作站",
        "purpose": "权限测试",
    }
    street = cast.act_as(at, "street_officer")
    payer = f"payer.{at['code']}"
    cast.account(payer, "finance_bureau", cast.administrator(at))
    at["payment"] = cast.post(f"{FUNDS}/payments", street, payment)["id"]
    cast.post(f"{FUNDS}/payments/{at['payment']}/approval", cast.log_in(payer), {})


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation."""
    payment = f"{FUNDS}/payments/{at.get('payment')}"
    return {
        "funding_appropriate": Ask("POST", f"{FUNDS}/appropriations", json={}),
        "funding_appropriations": listing(
            f"{FUNDS}/appropriations?limit=200", has("id", at.get("appropriation", ""))
        ),
        "funding_appropriation": Ask("GET", f"{FUNDS}/appropriations/{at.get('appropriation')}"),
        "funding_entries": listing(f"{FUNDS}/entries?community_id={at['community']}"),
        "funding_prepare_payment": Ask("POST", f"{FUNDS}/payments", json={}),
        "funding_payments": listing(
            f"{FUNDS}/payments?limit=200", has("id", at.get("payment", ""))
        ),
        "funding_payment": Ask("GET", payment),
        "funding_payment_history": Ask("GET", f"{payment}/history"),
        "funding_approve_payment": Ask("POST", f"{payment}/approval"),
        "funding_reject_payment": Ask("POST", f"{payment}/rejection", json=REASON),
        "funding_reverse_payment": Ask("POST", f"{payment}/reversal", json=REASON),
        "funding_years": Ask("GET", f"{FUNDS}/years"),
        "funding_close_year": Ask("POST", f"{FUNDS}/years/2001/closing"),
        "funding_statement": Ask("GET", f"{FUNDS}/statement?year=2026"),
    }
