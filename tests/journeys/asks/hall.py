"""Matters, what is said of them, and its hiding."""

from typing import Any

from tests.journeys.asks.asking import PUBLIC, STALE, Ask, At, C, Cast, has, listing

HALL = f"{C}/hall"
SCOPES = ["hall:read", "hall:write"]


def prepare(cast: Cast, at: At) -> None:
    """A matter with a comment that was hidden, at a place."""
    member = cast.act_as(at, "committee_member")
    raiser = cast.act_as(at, "resident")
    at["matter"] = cast.post(f"{HALL}/matters", raiser, _matter(at))["id"]
    said = {"body": "权限测试"}
    at["comment"] = cast.post(f"{HALL}/matters/{at['matter']}/comments", raiser, said)["id"]
    hiding = {"comment_id": at["comment"], "reason": "权限测试"}
    path = f"{HALL}/matters/{at['matter']}/moderations"
    at["moderation"] = cast.post(path, member, hiding)["id"]


def _matter(at: At) -> dict[str, Any]:
    return {
        "community_id": at["community"],
        "title": "权限测试说事",
        "content": "权限测试用的说事内容。",
    }


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation. Whoever may do it is asked for what cannot be done."""
    matter = f"{HALL}/matters/{at.get('matter')}"
    moderation = f"{HALL}/moderations/{at.get('moderation')}"
    reason = {"reason": "权限测试"}
    return {
        "hall_matters": Ask("GET", f"{HALL}/matters?{PUBLIC}"),
        "hall_matter": Ask("GET", f"{matter}?{PUBLIC}"),
        "hall_matter_history": Ask("GET", f"{matter}/history?{PUBLIC}"),
        "hall_comments": Ask("GET", f"{matter}/comments?{PUBLIC}"),
        "hall_similar_matters": Ask(
            "GET", f"{HALL}/similar-matters?community_id={at['community']}&text=路灯"
        ),
        "hall_own_matters": Ask("GET", f"{HALL}/own-matters"),
        "hall_own_comments": Ask("GET", f"{HALL}/own-comments"),
        "hall_raise": Ask(
            "POST",
            f"{HALL}/matters",
            json={**_matter(at), "channel": "phone", "content": "电话13812345678"},
        ),
        "hall_change_matter": Ask("PATCH", matter, json={"title": "改名"}, headers=STALE),
        "hall_disclose_raiser": Ask("POST", f"{matter}/disclosure", json={"purpose": "权限测试"}),
        "hall_accept": Ask("POST", f"{matter}/acceptance", json={}),
        "hall_decline": Ask("POST", f"{matter}/declining", json=reason),
        "hall_merge": Ask("POST", f"{matter}/merging", json={"into": at.get("matter")}),
        "hall_withdraw": Ask("POST", f"{matter}/withdrawal"),
        "hall_support": Ask("POST", f"{matter}/support"),
        "hall_withdraw_support": Ask("POST", f"{matter}/support/withdrawal"),
        "hall_unmerge": Ask("POST", f"{matter}/unmerging"),
        "hall_comment": Ask("POST", f"{matter}/comments", json={"body": "电话13812345678"}),
        "hall_withdraw_comment": Ask("POST", f"{HALL}/comments/{at.get('comment')}/withdrawal"),
        "hall_hide": Ask(
            "POST", f"{matter}/moderations", json={**reason, "comment_id": at.get("comment")}
        ),
        "hall_moderations": listing(
            f"{HALL}/moderations?limit=200", has("id", at.get("moderation", ""))
        ),
        "hall_appeal": Ask("POST", f"{moderation}/appeal", json=reason),
        "hall_lift": Ask("POST", f"{moderation}/lifting"),
        "hall_review": Ask(
            "POST", f"{moderation}/decision", json={**reason, "outcome": "upholding"}
        ),
    }
