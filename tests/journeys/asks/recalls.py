"""Recalls, resignations, endings and vacancies."""

from typing import Any

from tests.journeys.asks.asking import PUBLIC, REASON, Ask, At, C, Cast, has, listing
from tests.journeys.asks.organisation import LATER, MEETING, members


def prepare(cast: Cast, at: At) -> None:
    """A recall that waits for the defence, and a resignation, at a place."""
    seated = members(cast, at)
    at["member"], at["resigning"] = seated[1]["id"], seated[2]["id"]
    supervisor, election = cast.act_as(at, "supervisor"), cast.act_as(at, "election_committee")
    recall = cast.post(f"{C}/recalls", cast.act_as(at, "resident"), _petition(at))["id"]
    signed = cast.post(f"{C}/recalls/{recall}/signatures", supervisor, _signature())["id"]
    path = f"{C}/recalls/{recall}/signatures/{signed}/verification"
    cast.post(path, election, {"valid": True})
    cast.post(f"{C}/recalls/{recall}/submission", supervisor, {})
    cast.post(f"{C}/recalls/{recall}/decision", election, {"outcome": "acceptance"})
    at["recall"], at["signature"] = recall, signed
    body = {"member_id": at["resigning"], "reason": "权限测试"}
    member = cast.act_as(at, "committee_member")
    at["resignation"] = cast.post(f"{C}/resignations", member, body)["id"]


def _petition(at: At) -> dict[str, Any]:
    return {
        "member_id": at.get("member", at["community"]),
        "basis": "electors",
        "form": "all_electors",
        "reasons": "权限测试",
        "electors": 1,
        "roll_document": "权限测试名单",
    }


def _signature() -> dict[str, Any]:
    return {"name": "权限测试", "id_number": "421002196805120018", "signed_on": "2026-01-05"}


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation. Whoever may do it is asked for what cannot be done any more."""
    recall = f"{C}/recalls/{at.get('recall')}"
    signature = f"{recall}/signatures/{at.get('signature')}"
    resignation = f"{C}/resignations/{at.get('resignation')}"
    count = {"issued": 1, "received": 1, "in_favour": 1, "against": 0, "void": 0}
    return {
        "recalls_petition": Ask("POST", f"{C}/recalls", json=_petition(at)),
        "recalls_recalls": listing(f"{C}/recalls?limit=200", has("id", at.get("recall", ""))),
        "recalls_recall": Ask("GET", recall),
        "recalls_recall_history": Ask("GET", f"{recall}/history"),
        "recalls_signatures": Ask("GET", f"{recall}/signatures"),
        "recalls_sign": Ask("POST", f"{recall}/signatures", json=_signature()),
        "recalls_verify_signature": Ask("POST", f"{signature}/verification", json={"valid": True}),
        "recalls_withdraw_signature": Ask("POST", f"{signature}/withdrawal", json=REASON),
        "recalls_submit": Ask("POST", f"{recall}/submission"),
        "recalls_withdraw": Ask("POST", f"{recall}/withdrawal", json=REASON),
        "recalls_decide": Ask("POST", f"{recall}/decision", json={"outcome": "acceptance"}),
        "recalls_defend": Ask("POST", f"{recall}/defence", json={"statement": "权限测试"}),
        "recalls_go_on": Ask("POST", f"{recall}/no-defence"),
        "recalls_announce": Ask(
            "POST", f"{recall}/announcement", json={"vote_on": "2026-01-05", "place": "权限测试"}
        ),
        "recalls_count": Ask("POST", f"{recall}/counts", json=count),
        "recalls_conclude": Ask("POST", f"{recall}/result"),
        "recalls_resign": Ask(
            "POST",
            f"{C}/resignations",
            json={"member_id": at.get("resigning", at["community"]), "reason": "权限测试"},
        ),
        "recalls_resignations": listing(
            f"{C}/resignations?limit=200", has("id", at.get("resignation", ""))
        ),
        "recalls_decide_resignation": Ask(
            "POST",
            f"{resignation}/decision",
            json={"accepted": True, "meeting": {**MEETING, "held_on": LATER}},
        ),
        "recalls_withdraw_resignation": Ask("POST", f"{resignation}/withdrawal", json=REASON),
        "recalls_end_office": Ask(
            "POST",
            f"{C}/members/{at.get('member')}/ending",
            json={"cause": "moved", "on": LATER, "document": "权限测试"},
        ),
        "recalls_by_election": Ask(
            "POST",
            f"{C}/by-elections",
            json={
                "committee_id": at["committee"],
                "form": "all_electors",
                "election_day": LATER,
                "resolved_on": "2026-11-02",
                "resolution": "权限测试决议",
            },
        ),
        "recalls_vacancies": Ask("GET", f"{C}/vacancies?{PUBLIC}"),
    }
