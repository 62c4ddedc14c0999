"""Comments, answers, and their moderation with appeal."""

from datetime import timedelta

from tests.services.committee.hall.conftest import Hall


async def test_what_residents_say_is_a_comment_and_what_the_committee_says_an_answer(
    hall: Hall,
) -> None:
    made = await hall.raised(anonymous=True)
    path = f"matters/{made['id']}/comments"
    await hall.did("neighbour", path, {"body": "我家门口也是"})
    await hall.did("resident", path, {"body": "希望这周修好"})
    await hall.did("member", path, {"body": "已联系电力公司"})
    said = (await hall.seen(path))["items"]
    assert [(one["kind"], one["speaker"]) for one in said] == [
        ("comment", "resident"),
        ("comment", "raiser"),
        ("answer", "committee"),
    ]
    assert (await hall.seen(f"matters/{made['id']}"))["first_answered_at"] is not None


async def test_a_hidden_comment_shows_the_reason_and_not_the_words(hall: Hall) -> None:
    made = await hall.raised()
    path = f"matters/{made['id']}"
    said = await hall.did("neighbour", f"{path}/comments", {"body": "某某就是个骗子"})
    hiding = {"comment_id": said["id"], "reason": "人身攻击"}
    assert (await hall.post("neighbour", f"{path}/moderations", hiding)).status_code == 403
    hidden = await hall.did("member", f"{path}/moderations", hiding)
    seen = (await hall.seen(f"{path}/comments"))["items"][0]
    assert (seen["body"], seen["hidden_because"]) == (None, "人身攻击")
    again = await hall.post("member", f"{path}/moderations", hiding)
    assert again.json()["code"] == "hidden_or_restored"
    mine = (await hall.seen("own-comments", "neighbour"))["items"][0]
    assert (mine["body"], mine["moderation_id"]) == ("某某就是个骗子", hidden["id"])


async def test_the_author_appeals_and_the_supervision_committee_decides(hall: Hall) -> None:
    made = await hall.raised()
    path = f"matters/{made['id']}"
    said = await hall.did("neighbour", f"{path}/comments", {"body": "物业收费不公开"})
    hiding = {"comment_id": said["id"], "reason": "未经核实"}
    hidden = await hall.did("member", f"{path}/moderations", hiding)
    appeal = f"moderations/{hidden['id']}/appeal"
    other = await hall.post("other", appeal, {"reason": "应当公开"})
    assert other.json()["code"] == "not_the_author"
    early = await hall.post(
        "supervisor", f"moderations/{hidden['id']}/decision",
        {"outcome": "restoring", "reason": "公共事务"},
    )  # fmt: skip
    assert early.json()["code"] == "step_not_possible"
    pending = await hall.did("neighbour", appeal, {"reason": "事实如此"})
    assert (pending["state"], pending["due_on"]) == ("appealed", "2026-03-09")
    waiting = await hall.seen("moderations?state=appealed", "supervisor")
    assert [one["id"] for one in waiting["items"]] == [hidden["id"]]
    decided = await hall.did(
        "supervisor", f"moderations/{hidden['id']}/decision",
        {"outcome": "restoring", "reason": "属于对公共事务的批评"},
    )  # fmt: skip
    assert decided["state"] == "restored"
    assert (await hall.seen(f"{path}/comments"))["items"][0]["body"] == "物业收费不公开"
    again = await hall.post("member", f"{path}/moderations", hiding)
    assert again.json()["code"] == "hidden_or_restored"


async def test_a_matters_own_text_may_be_hidden_and_shown_again(hall: Hall) -> None:
    made = await hall.raised()
    path = f"matters/{made['id']}"
    hidden = await hall.did("member", f"{path}/moderations", {"reason": "涉及他人隐私"})
    seen = await hall.seen(path)
    assert (seen["hidden"], seen["title"], seen["content"]) == (True, "", "")
    assert (await hall.seen("matters?q=路灯"))["items"] == []
    own = (await hall.seen("own-matters", "resident"))["items"][0]
    assert (own["title"], own["moderation_id"]) == (made["title"], hidden["id"])
    await hall.did("member", f"moderations/{hidden['id']}/lifting")
    assert (await hall.seen(path))["title"] == made["title"]


async def test_personal_numbers_in_a_comment_are_flagged(hall: Hall) -> None:
    made = await hall.raised()
    answer = await hall.post(
        "neighbour", f"matters/{made['id']}/comments", {"body": "打我电话 138 1234 5678"}
    )
    assert answer.json()["errors"][0]["pointer"] == "/body"
    assert "1234" not in answer.text


async def test_comments_are_limited_by_rule_and_answers_are_not(hall: Hall) -> None:
    made = await hall.raised()
    path = f"matters/{made['id']}/comments"
    for place in range(20):
        await hall.did("neighbour", path, {"body": f"第{place}次"})
    refused = await hall.post("neighbour", path, {"body": "又一次"})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3600")
    await hall.did("member", path, {"body": "收到，请放心"})
    hall.days.clock.advance(timedelta(hours=1, seconds=1))
    await hall.did("neighbour", path, {"body": "又一次"})


async def test_ones_own_comment_may_be_taken_back_and_no_other(hall: Hall) -> None:
    made = await hall.raised()
    path = f"matters/{made['id']}/comments"
    said = await hall.did("neighbour", path, {"body": "说错了"})
    answer = await hall.did("member", path, {"body": "已受理"})
    assert (await hall.post("other", f"comments/{said['id']}/withdrawal")).status_code == 404
    await hall.did("neighbour", f"comments/{said['id']}/withdrawal")
    stays = await hall.post("member", f"comments/{answer['id']}/withdrawal")
    assert stays.json()["code"] == "comment_stays"
    assert [one["id"] for one in (await hall.seen(path))["items"]] == [answer["id"]]
