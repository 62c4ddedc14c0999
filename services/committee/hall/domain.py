"""The course of a matter as one table, and of what is said about it. Pure."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.auth.principal import Role
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step


class Category(StrEnum):
    """What a matter is about."""

    SANITATION = "sanitation"
    FACILITIES = "facilities"
    PARKING = "parking"
    NOISE = "noise"
    SAFETY = "safety"
    PROPERTY_SERVICE = "property_service"
    GREENERY = "greenery"
    NEIGHBOURS = "neighbours"
    CARE = "care"
    CULTURE = "culture"
    OTHER = "other"


CATEGORIES = {
    Category.SANITATION: Text("环境卫生", "sanitation"),
    Category.FACILITIES: Text("公共设施", "public facilities"),
    Category.PARKING: Text("停车出行", "parking and traffic"),
    Category.NOISE: Text("噪音扰民", "noise"),
    Category.SAFETY: Text("安全消防", "safety and fire"),
    Category.PROPERTY_SERVICE: Text("物业服务", "property service"),
    Category.GREENERY: Text("绿化", "greenery"),
    Category.NEIGHBOURS: Text("邻里纠纷", "disputes among neighbours"),
    Category.CARE: Text("养老托幼", "care of old and young"),
    Category.CULTURE: Text("文体活动", "culture and sports"),
    Category.OTHER: Text("其他", "other"),
}


class Channel(StrEnum):
    """How a matter was raised: by the residents themselves, or through staff."""

    WEB = "web"
    PHONE = "phone"
    IN_PERSON = "in_person"


class Handler(StrEnum):
    """To whom a matter is handed."""

    COMMITTEE = "committee"
    WORKSTATION = "workstation"
    DEPARTMENT = "department"
    RESIDENTS_MEETING = "residents_meeting"
    MEDIATION = "mediation"


HANDLERS = {
    Handler.COMMITTEE: Text("居委会", "the committee"),
    Handler.WORKSTATION: Text("社区工作站", "the workstation"),
    Handler.DEPARTMENT: Text("职能部门", "a department"),
    Handler.RESIDENTS_MEETING: Text("居民会议", "the residents' meeting"),
    Handler.MEDIATION: Text("人民调解", "mediation"),
}


class HandoverState(StrEnum):
    """Where a handover stands; its moves are those of its matter."""

    SENT = "sent"
    SIGNED = "signed"
    DONE = "done"
    REFUSED = "refused"
    RECALLED = "recalled"


class MatterState(StrEnum):
    """States of a matter."""

    RAISED = "raised"
    ACCEPTED = "accepted"
    ON_AGENDA = "on_agenda"
    RESOLVED = "resolved"
    HANDED_OVER = "handed_over"
    IN_PROGRESS = "in_progress"
    RESULT = "result"
    CLOSED = "closed"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


_S = MatterState
_MEMBER = frozenset({Role.COMMITTEE_MEMBER})
_RAISER = frozenset({Role.RESIDENT, Role.REPRESENTATIVE})
# Staff write down the word of somebody who came or called and has no account.
_WORD = _RAISER | _MEMBER | {Role.WORKSTATION_STAFF}
_HANDLER = _MEMBER | {Role.DEPARTMENT}
_ORDINARY = "hall.ordinary_matter_days"
_JUDGE = "hall.judge_working_days"
_SIGN = "hall.handover_accept_working_days"
MATTER = Procedure(
    name="matter",
    states={
        _S.RAISED: Text("待受理", "raised"),
        _S.ACCEPTED: Text("已受理", "accepted"),
        _S.ON_AGENDA: Text("列入议事", "on the agenda"),
        _S.RESOLVED: Text("已决议", "resolved"),
        _S.HANDED_OVER: Text("已交办", "handed over"),
        _S.IN_PROGRESS: Text("办理中", "in progress"),
        _S.RESULT: Text("待评议", "awaiting judgement"),
        _S.CLOSED: Text("已办结", "closed"),
        _S.MERGED: Text("已合并", "merged"),
        _S.WITHDRAWN: Text("已撤回", "withdrawn"),
    },
    actions={
        "acceptance": Text("受理", "accept"),
        "declining": Text("不予受理", "decline"),
        "merging": Text("合并", "merge"),
        "unmerging": Text("取消合并", "unmerge"),
        "withdrawal": Text("撤回", "withdraw"),
        "agenda": Text("列入议程", "put on an agenda"),
        "deferral": Text("移出议程", "take off the agenda"),
        "resolution": Text("形成决议", "resolve"),
        "handover": Text("交办", "hand over"),
        "signing": Text("签收", "sign for"),
        "refusal": Text("退回", "send back"),
        "recall": Text("收回交办", "take back"),
        "result": Text("公布结果", "publish the result"),
        "rating": Text("评议", "judge"),
        "lapse": Text("逾期未评办结", "close for want of judgement"),
        "reopening": Text("重开", "reopen"),
    },
    steps=(
        Step(_S.RAISED, "acceptance", "accepted", _S.ACCEPTED, _MEMBER, limit=_ORDINARY),
        Step(_S.RAISED, "declining", "declined", _S.RESULT, _MEMBER, reason=True, limit=_JUDGE),
        Step(_S.RAISED, "merging", "merged", _S.MERGED, _MEMBER),
        Step(_S.RAISED, "withdrawal", "withdrawn", _S.WITHDRAWN, _WORD),
        Step(_S.ACCEPTED, "merging", "merged", _S.MERGED, _MEMBER),
        Step(_S.MERGED, "unmerging", "unmerged", _S.ACCEPTED, _MEMBER, limit=_ORDINARY),
        Step(_S.ACCEPTED, "withdrawal", "withdrawn", _S.WITHDRAWN, _WORD),
        Step(_S.ACCEPTED, "agenda", "put_on_agenda", _S.ON_AGENDA, _MEMBER),
        Step(_S.ACCEPTED, "handover", "handed_over", _S.HANDED_OVER, _MEMBER, limit=_SIGN),
        Step(_S.ACCEPTED, "result", "answered", _S.RESULT, _MEMBER, limit=_JUDGE),
        Step(_S.ON_AGENDA, "deferral", "deferred", _S.ACCEPTED, _MEMBER, limit=_ORDINARY),
        Step(_S.ON_AGENDA, "resolution", "resolved", _S.RESOLVED, _MEMBER, limit=_ORDINARY),
        Step(_S.RESOLVED, "handover", "handed_over", _S.HANDED_OVER, _MEMBER, limit=_SIGN),
        Step(_S.RESOLVED, "result", "answered", _S.RESULT, _MEMBER, limit=_JUDGE),
        Step(_S.HANDED_OVER, "signing", "signed_for", _S.IN_PROGRESS, _HANDLER),
        Step(
            _S.HANDED_OVER, "refusal", "refused", _S.ACCEPTED, _HANDLER, reason=True,
            limit=_ORDINARY,
        ),
        Step(
            _S.HANDED_OVER, "recall", "recalled", _S.ACCEPTED, _MEMBER, reason=True,
            limit=_ORDINARY,
        ),
        Step(
            _S.IN_PROGRESS, "refusal", "refused", _S.ACCEPTED, _HANDLER, reason=True,
            limit=_ORDINARY,
        ),
        Step(
            _S.IN_PROGRESS, "recall", "recalled", _S.ACCEPTED, _MEMBER, reason=True,
            limit=_ORDINARY,
        ),
        Step(_S.IN_PROGRESS, "result", "done", _S.RESULT, _HANDLER, limit=_JUDGE),
        Step(_S.RESULT, "rating", "judged", _S.CLOSED, _WORD),
        Step(_S.RESULT, "lapse", "lapsed", _S.CLOSED),
        Step(_S.RESULT, "reopening", "reopened", _S.ACCEPTED, _WORD, reason=True, limit=_ORDINARY),
        Step(_S.CLOSED, "reopening", "reopened", _S.ACCEPTED, _WORD, reason=True, limit=_ORDINARY),
    ),
)  # fmt: skip
ENDED = frozenset({_S.CLOSED, _S.MERGED, _S.WITHDRAWN})
OPEN = tuple(state for state in MatterState if state not in ENDED and state is not _S.RESULT)
MERGEABLE = frozenset({_S.RAISED, _S.ACCEPTED})


class Kind(StrEnum):
    """What is said about a matter: residents' comments, opinions at a sitting, the committee's
    answers, how the work goes on, and its result."""

    COMMENT = "comment"
    OPINION = "opinion"
    ANSWER = "answer"
    PROGRESS = "progress"
    RESULT = "result"


class Speaker(StrEnum):
    """As what somebody speaks; never who."""

    RAISER = "raiser"
    RESIDENT = "resident"
    REPRESENTATIVE = "representative"
    COMMITTEE = "committee"
    WORKSTATION = "workstation"
    DEPARTMENT = "department"


class ModerationState(StrEnum):
    """States of hiding something that was said."""

    HIDDEN = "hidden"
    APPEALED = "appealed"
    UPHELD = "upheld"
    RESTORED = "restored"


_M = ModerationState
_SUPERVISOR = frozenset({Role.SUPERVISOR})
MODERATION = Procedure(
    name="moderation",
    states={
        _M.HIDDEN: Text("已隐藏", "hidden"),
        _M.APPEALED: Text("已申诉", "appealed"),
        _M.UPHELD: Text("维持隐藏", "upheld"),
        _M.RESTORED: Text("已恢复", "restored"),
    },
    actions={
        "lifting": Text("撤销隐藏", "lift"),
        "appeal": Text("申诉", "appeal"),
        "upholding": Text("维持", "uphold"),
        "restoring": Text("恢复", "restore"),
    },
    steps=(
        Step(_M.HIDDEN, "lifting", "lifted", _M.RESTORED, _MEMBER),
        Step(
            _M.HIDDEN, "appeal", "appealed", _M.APPEALED,
            _RAISER | _MEMBER | {Role.WORKSTATION_STAFF, Role.DEPARTMENT},
            reason=True, limit="hall.appeal_working_days",
        ),
        Step(_M.APPEALED, "lifting", "lifted", _M.RESTORED, _MEMBER),
        Step(_M.APPEALED, "upholding", "upheld", _M.UPHELD, _SUPERVISOR, reason=True),
        Step(_M.APPEALED, "restoring", "restored", _M.RESTORED, _SUPERVISOR, reason=True),
    ),
)  # fmt: skip
HIDING = frozenset({_M.HIDDEN, _M.APPEALED, _M.UPHELD})


def is_overdue(state: str, due_on: date | None, today: date) -> bool:
    """Whether the last day of the present step has passed. A result that nobody judges is never
    overdue: it closes."""
    return state not in ENDED and state != _S.RESULT and due_on is not None and due_on < today


def seconds_to_wait(oldest: datetime, window: timedelta, now: datetime) -> int:
    """Whole seconds until the oldest act of a full window leaves it, at least one."""
    return max(1, -int((now - oldest - window).total_seconds() // 1))
