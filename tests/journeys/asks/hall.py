"""Matters, what is said of them and its hiding, sittings, handovers, judgement."""

from typing import Any

from tests.journeys.asks.asking import PUBLIC, STALE, Ask, At, C, Cast, W, has, listing
from tests.support.installation import until

HALL = f"{C}/hall"
PERSONAL = "请打13812345678"
"""What is refused before it is published, so that nothing changes."""
JPEG = b"\xff\xd8\xff\xe0" + bytes(64)
SCOPES = ["hall:read", "hall:write"]


def prepare(cast: Cast, at: At) -> None:
    """A matter with a comment that was hidden, a sitting with a matter on its agenda and a guest,
    and one that was cancelled, at a place."""
    member = cast.act_as(at, "committee_member")
    raiser = cast.act_as(at, "resident")
    at["matter"] = cast.post(f"{HALL}/matters", raiser, _matter(at))["id"]
    said = {"body": "权限测试"}
    at["comment"] = cast.post(f"{HALL}/matters/{at['matter']}/comments", raiser, said)["id"]
    hiding = {"comment_id": at["comment"], "reason": "权限测试"}
    path = f"{HALL}/matters/{at['matter']}/moderations"
    at["moderation"] = cast.post(path, member, hiding)["id"]
    other = {**_matter(at), "title": "另一件说事", "content": "路灯不亮，停车困难。"}
    representative = cast.act_as(at, "representative")
    at["agenda_matter"] = cast.post(f"{HALL}/matters", representative, other)["id"]
    cast.post(f"{HALL}/matters/{at['agenda_matter']}/acceptance", member, {})
    for name, day in (("sitting", "2099-01-05"), ("sitting_over", "2099-01-15")):
        at[name] = cast.post(f"{HALL}/sittings", member, _sitting(at, day))["id"]
    cast.post(f"{HALL}/sittings/{at['sitting']}/agenda", member, {"matter_id": at["agenda_matter"]})
    guest = {"kind": "expert", "name": "权限测试"}
    path = f"{HALL}/sittings/{at['sitting']}/participants"
    at["guest"] = cast.post(path, member, guest)["id"]
    cast.post(f"{HALL}/sittings/{at['sitting_over']}/ending", member, {"reason": "权限测试"})
    files = {"file": ("a.jpg", JPEG)}
    path = f"{HALL}/matters/{at['matter']}/attachments"
    added = cast.client.post(path, headers=raiser, files=files)
    assert added.status_code == 201, added.text
    at["photo"] = added.json()["id"]
    cast.post(f"{path}/{at['photo']}/publication", member, {})
    _hand_over(cast, at)


def _hand_over(cast: Cast, at: At) -> None:
    """A matter in the committee's hands and one in the workstation's, at a place."""
    member, raiser = cast.act_as(at, "committee_member"), cast.act_as(at, "representative")
    clerk = cast.act_as(at, "workstation_staff")
    for handler, content in (
        ("committee", "楼道堆放杂物，影响通行。"),
        ("workstation", "下水道堵了。"),
    ):
        made = {**_matter(at), "title": content[:5], "content": content}
        id = cast.post(f"{HALL}/matters", raiser, made)["id"]
        cast.post(f"{HALL}/matters/{id}/acceptance", member, {})
        body = {"handler": handler, "request": "请办理"}
        cast.post(f"{HALL}/matters/{id}/handover", member, body)
        at[f"with_{handler}"] = id
    handovers = f"{HALL}/matters/{at['with_workstation']}/handovers"
    at["hall_task"] = cast.get(handovers, member)[0]["id"]
    task = f"{W}/hall-tasks/{at['hall_task']}"
    until(lambda: cast.client.get(task, headers=clerk).status_code == 200)


def _matter(at: At) -> dict[str, Any]:
    return {
        "community_id": at["community"],
        "title": "权限测试说事",
        "content": "权限测试用的说事内容。",
    }


def _sitting(at: At, day: str) -> dict[str, Any]:
    return {"community_id": at["community"], "topic": "权限测试", "held_on": day}


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation. Whoever may do it is asked for what cannot be done."""
    matter = f"{HALL}/matters/{at.get('matter')}"
    moderation = f"{HALL}/moderations/{at.get('moderation')}"
    sitting = f"{HALL}/sittings/{at.get('sitting')}"
    feed = f"{HALL}/communities/{at['community']}/feed"
    held = f"{HALL}/matters/{at.get('with_committee')}"
    task = f"{W}/hall-tasks/{at.get('hall_task')}"
    on_agenda = {"matter_id": at.get("agenda_matter")}
    reason = {"reason": "权限测试"}
    return {
        "hall_statistics": Ask("GET", f"{HALL}/statistics?{PUBLIC}"),
        "hall_feed_atom": Ask("GET", f"{feed}.atom?{PUBLIC}"),
        "hall_feed_json": Ask("GET", f"{feed}.json?{PUBLIC}"),
        "hall_export": Ask("GET", f"{HALL}/matters.xlsx"),
        "hall_attach": Ask("POST", f"{matter}/attachments", files={"file": ("a.jpg", JPEG)}),
        "hall_attachments": Ask("GET", f"{matter}/attachments"),
        "hall_attachment": Ask("GET", f"{matter}/attachments/{at.get('photo')}"),
        "hall_publish_attachment": Ask(
            "POST", f"{matter}/attachments/{at.get('photo')}/publication"
        ),
        "hall_photos": Ask("GET", f"{matter}/photos?{PUBLIC}"),
        "hall_photo": Ask("GET", f"{matter}/photos/{at.get('photo')}?{PUBLIC}"),
        "hall_handovers": Ask("GET", f"{held}/handovers?{PUBLIC}"),
        "hall_ratings": Ask("GET", f"{held}/ratings?{PUBLIC}"),
        "hall_handed_over": listing(
            f"{HALL}/handed-over?limit=200", has("id", at.get("with_committee", ""))
        ),
        "hall_hand_over": Ask(
            "POST", f"{matter}/handover", json={"handler": "mediation", "request": "权限测试"}
        ),
        "hall_sign": Ask("POST", f"{held}/handover/signing"),
        "hall_refuse": Ask("POST", f"{held}/handover/refusal", json={"reason": PERSONAL}),
        "hall_recall": Ask("POST", f"{matter}/handover/recall", json=reason),
        "hall_report": Ask("POST", f"{held}/progress", json={"body": "权限测试"}),
        "hall_publish_result": Ask("POST", f"{held}/result", json={"result": PERSONAL}),
        "hall_rate": Ask("POST", f"{matter}/rating", json={"score": 5}),
        "hall_reopen": Ask("POST", f"{matter}/reopening", json=reason),
        "tasks_hall_tasks": listing(
            f"{W}/hall-tasks?limit=200", has("id", at.get("hall_task", ""))
        ),
        "tasks_hall_task": Ask("GET", task),
        "tasks_hall_task_history": Ask("GET", f"{task}/history"),
        "tasks_accept_hall_task": Ask("POST", f"{task}/acceptance"),
        "tasks_return_hall_task": Ask("POST", f"{task}/return", json={"reason": PERSONAL}),
        "tasks_report_hall_task": Ask("POST", f"{task}/progress", json={"body": PERSONAL}),
        "tasks_complete_hall_task": Ask("POST", f"{task}/result", json={"result": PERSONAL}),
        "hall_sittings": Ask("GET", f"{HALL}/sittings?{PUBLIC}"),
        "hall_sitting": Ask("GET", f"{sitting}?{PUBLIC}"),
        "hall_resolutions": Ask("GET", f"{matter}/resolutions?{PUBLIC}"),
        "hall_live": Ask("GET", f"{HALL}/live/{at.get('sitting_over')}?{PUBLIC}"),
        "hall_plan_sitting": Ask("POST", f"{HALL}/sittings", json=_sitting(at, "2099-01-06")),
        "hall_change_sitting": Ask("PATCH", sitting, json={"topic": "改题"}, headers=STALE),
        "hall_add_to_agenda": Ask("POST", f"{sitting}/agenda", json=on_agenda),
        "hall_defer": Ask("POST", f"{sitting}/deferrals", json={**on_agenda, **reason}),
        "hall_participants": Ask("GET", f"{sitting}/participants"),
        "hall_invite": Ask(
            "POST", f"{sitting}/participants", json={"kind": "expert", "name": "甲"}
        ),
        "hall_attend": Ask("POST", f"{sitting}/participants/{at.get('guest')}/attendance"),
        "hall_open_sitting": Ask("POST", f"{sitting}/opening"),
        "hall_end_sitting": Ask("POST", f"{sitting}/ending", json={}),
        "hall_publish_minutes": Ask("POST", f"{sitting}/minutes", json={"minutes": "权限测试"}),
        "hall_say_opinion": Ask(
            "POST", f"{sitting}/opinions", json={**on_agenda, "body": "权限测试"}
        ),
        "hall_vote": Ask("POST", f"{sitting}/votes", json={**on_agenda, "choice": "agree"}),
        "hall_resolve": Ask(
            "POST",
            f"{HALL}/matters/{at.get('agenda_matter')}/resolution",
            json={"sitting_id": at.get("sitting"), "text": "权限测试"},
        ),
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
            json={**_matter(at), "channel": "phone", "content": PERSONAL},
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
        "hall_comment": Ask("POST", f"{matter}/comments", json={"body": PERSONAL}),
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
