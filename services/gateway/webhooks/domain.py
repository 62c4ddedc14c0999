"""What can be subscribed to, when a delivery is tried again, and when an endpoint is dead. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from shared.auth.principal import Role
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step

ITEM_DECIDED = "cn.shequ.admission.item.decided"
TASK_SETTLED = "cn.shequ.admission.task.settled"
STANDARD_PUBLISHED = "cn.shequ.assessment.standard.published"
REQUEST_DECIDED = "cn.shequ.assessment.request.decided"
RESULTS_PUBLISHED = "cn.shequ.assessment.results.published"
RESULTS_FINAL = "cn.shequ.assessment.results.final"
RESULTS_SHARED = "cn.shequ.assessment.results.shared"
CAMPAIGN_ANNOUNCED = "cn.shequ.assessment.campaign.announced"
PLAQUE_DECIDED = "cn.shequ.plaques.application.decided"
PLAQUE_NOTICE = "cn.shequ.plaques.removal_notice.issued"
WEBHOOK_DISABLED = "cn.shequ.webhooks.webhook.disabled"
TEST = "cn.shequ.webhooks.test"


@dataclass(frozen=True, slots=True)
class EventType:
    """A type of event that departments may subscribe to, with an example of its data."""

    title: Text
    example: Mapping[str, Any]


_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
EVENT_TYPES: dict[str, EventType] = {
    ITEM_DECIDED: EventType(
        Text("准入申请有了决定", "the Leading Group decided on an item application"),
        {"item_id": _ID, "code": "WJ-2027-01", "outcome": "admission", "reason": None},
    ),
    TASK_SETTLED: EventType(
        Text("任务经费已拨付或释放", "a task's money was released or freed"),
        {
            "task_id": _ID,
            "dispatch_id": _ID,
            "item_id": _ID,
            "community_id": _ID,
            "outcome": "released",
            "amount": 120000,
            "concluded_on": "2026-11-24",
        },
    ),
    STANDARD_PUBLISHED: EventType(
        Text("统一标准发布了新版本", "a version of a unified standard is in force"),
        {
            "standard_id": _ID,
            "code": "unified",
            "number": 2,
            "title": "社区综合考核统一标准",
            "document": "沙社建组〔2026〕1号",
            "published_on": "2026-01-05",
        },
    ),
    REQUEST_DECIDED: EventType(
        Text("检查申请有了决定或已撤销", "an inspection request was decided on or withdrawn"),
        {
            "request_id": _ID,
            "reference": "GA-2026-03",
            "state": "approved",
            "reason": None,
            "document": "沙社建组〔2026〕12号",
            "decided_on": "2026-11-24",
            "communities": 83,
            "communities_to_visit": 12,
            "verdicts": {"shared": 120, "from_ledger": 83, "needs_visit": 40, "refused": 6},
        },
    ),
    RESULTS_PUBLISHED: EventType(
        Text("考核结果已公布，可申诉", "results of a campaign are open to objection"),
        {
            "campaign_id": _ID,
            "title": "2026年度社区综合考核",
            "results": 83,
            "objections_until": "2026-12-29",
        },
    ),
    RESULTS_FINAL: EventType(
        Text("考核结果已确定，可共享", "results of communities are final and may be shared"),
        {
            "campaign_id": _ID,
            "communities": [_ID],
            "shared_results": f"/v1/assessment/shared-results?campaign_id={_ID}",
        },
    ),
    CAMPAIGN_ANNOUNCED: EventType(
        Text("联合检查已部署或有变更", "a campaign was announced, or its visits changed"),
        {
            "campaign_id": _ID,
            "title": "2026年下半年社区联合检查",
            "state": "announced",
            "document": "沙社建组〔2026〕15号",
            "reason": None,
            "visits": [
                {
                    "visit_id": _ID,
                    "community_id": _ID,
                    "community_name": "航空路社区",
                    "on_day": "2026-12-08",
                    "change": "new",
                    "requests": ["GA-2026-03"],
                }
            ],
        },
    ),
    RESULTS_SHARED: EventType(
        Text(
            "一个社区的最终结果，按本部门项目", "final results of a community, by one's own items"
        ),
        {
            "campaign_id": _ID,
            "community_id": _ID,
            "community_name": "航空路社区",
            "results": [
                {
                    "reference": "GA-2026-03",
                    "code": "GA-07",
                    "title": "社区警务室值守情况",
                    "relation": "equal",
                    "complete": True,
                    "item_code": "ZZ-01",
                    "value": "1",
                    "share": "1",
                    "source": "finding",
                    "found_on": "2026-12-16",
                    "valid_until": "2027-06-14",
                }
            ],
        },
    ),
    PLAQUE_DECIDED: EventType(
        Text("挂牌申请有了决定", "the Leading Group decided on an application for a plaque"),
        {
            "application_id": _ID,
            "title": "劳动保障服务站",
            "outcome": "approval",
            "where": "indoor",
            "reason": None,
        },
    ),
    PLAQUE_NOTICE: EventType(
        Text("本部门的牌子须拆除", "a plaque of the department must be taken down"),
        {
            "notice_id": _ID,
            "plaque_id": _ID,
            "community_id": _ID,
            "because": "plaque.outdoor_allowed",
            "due_on": "2026-12-08",
        },
    ),
    WEBHOOK_DISABLED: EventType(
        Text("一个 Webhook 因长期失败被停用", "a webhook was disabled because it kept failing"),
        {"webhook_id": _ID, "url": "https://example.gov.cn/hook", "because": "endpoint_dead"},
    ),
    TEST: EventType(Text("测试", "a test sent on request"), {"webhook_id": _ID}),
}
"""Every type that is told, by its CloudEvents type."""

PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=20, minutes=23, seconds=55),
)
"""Between attempts; with the last one three days have passed since the first."""
MOST_ATTEMPTS = len(PAUSES) + 1
DEAD_AFTER = timedelta(days=3)
ROTATION = timedelta(days=1)
"""How long what was signed with the former secret too stays verifiable with it."""


def pause_after(attempts: int, asked_for: timedelta | None = None) -> timedelta | None:
    """How long to wait after so many failed attempts, None when the delivery is given up.

    A receiver may ask for more time (`Retry-After`), but not for more than the longest pause.
    """
    if attempts >= MOST_ATTEMPTS:
        return None
    pause = PAUSES[attempts - 1]
    return pause if asked_for is None else max(pause, min(asked_for, PAUSES[-1]))


class Because(StrEnum):
    """Why a webhook was disabled."""

    GONE = "endpoint_gone"
    DEAD = "endpoint_dead"


def disabled_because(
    status: int | None, *, given_up: bool, failing_since: datetime, now: datetime
) -> Because | None:
    """Whether a failed attempt ends the endpoint: it answered 410 Gone, or a delivery was given up
    and nothing was taken for three days."""
    if status == 410:
        return Because.GONE
    if given_up and now - failing_since >= DEAD_AFTER:
        return Because.DEAD
    return None


class WebhookState(StrEnum):
    """States of a webhook. What happens while it is suspended or disabled waits for it."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    DISABLED = "disabled"
    ENDED = "ended"


_DEPARTMENT = frozenset({Role.DEPARTMENT})
_S = WebhookState
WEBHOOK = Procedure(
    name="webhook",
    states={
        _S.ACTIVE: Text("启用", "active"),
        _S.SUSPENDED: Text("暂停", "suspended"),
        _S.DISABLED: Text("已自动停用", "disabled"),
        _S.ENDED: Text("已终止", "ended"),
    },
    actions={
        "suspension": Text("暂停", "suspend"),
        "resumption": Text("恢复", "resume"),
        "ending": Text("终止", "end"),
        "disabling": Text("自动停用", "disable"),
    },
    steps=(
        Step(_S.ACTIVE, "suspension", "suspended", _S.SUSPENDED, _DEPARTMENT),
        Step(_S.ACTIVE, "disabling", "disabled", _S.DISABLED, reason=True),
        Step(_S.SUSPENDED, "resumption", "resumed", _S.ACTIVE, _DEPARTMENT),
        Step(_S.DISABLED, "resumption", "resumed", _S.ACTIVE, _DEPARTMENT),
        Step(_S.ACTIVE, "ending", "ended", _S.ENDED, _DEPARTMENT),
        Step(_S.SUSPENDED, "ending", "ended", _S.ENDED, _DEPARTMENT),
        Step(_S.DISABLED, "ending", "ended", _S.ENDED, _DEPARTMENT),
    ),
)


class DeliveryState(StrEnum):
    """States of a delivery; a dead one was given up and may be replayed."""

    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"
