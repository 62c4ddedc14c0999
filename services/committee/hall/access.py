"""Who may read, raise, say, moderate, hold sittings, hand over, and judge."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

_RESIDENTS = frozenset({Role.RESIDENT, Role.REPRESENTATIVE})
_MEMBER = frozenset({Role.COMMITTEE_MEMBER})
_STAFF = _MEMBER | {Role.WORKSTATION_STAFF}

READ = Policy("hall.matter.read", Text(zh="查看居民说事", en="read the talk hall"), public=True)
OWN = Policy("hall.matter.own", Text(zh="查看自己的说事", en="see one's own matters"), anyone=True)
RAISE = Policy(
    "hall.matter.raise", Text(zh="说事", en="raise a matter"), scoped_roles=_RESIDENTS | _STAFF
)
SUPPORT = Policy(
    "hall.matter.support", Text(zh="附议", en="support a matter"), scoped_roles=_RESIDENTS
)
JUDGE = Policy(
    "hall.matter.judge",
    Text(zh="评议自己的说事", en="judge one's own matter"),
    scoped_roles=_RESIDENTS | _STAFF,
)
WORK = Policy(
    "hall.matter.work", Text(zh="办理居民说事", en="handle matters"), scoped_roles=_MEMBER
)
ATTACH = Policy(
    "hall.attachment.use",
    Text(zh="上传和查看说事附件", en="add and see attachments of a matter"),
    scoped_roles=_RESIDENTS | _STAFF,
)
HANDLE = Policy(
    "hall.handover.handle",
    Text(zh="办理交办事项", en="handle what was handed over"),
    scoped_roles=_MEMBER | {Role.DEPARTMENT},
    client_scope="hall:write",
)
READ_HANDOVERS = Policy(
    "hall.handover.read",
    Text(zh="查看交办事项", en="see what was handed over"),
    scoped_roles=_STAFF | {Role.DEPARTMENT, Role.STREET_OFFICER, Role.SUPERVISOR},
    district_roles=frozenset({Role.CIVIL_AFFAIRS, Role.AUDITOR}),
    client_scope="hall:read",
)
EXPORT = Policy(
    "hall.matter.export",
    Text(zh="导出居民说事", en="export matters"),
    scoped_roles=_STAFF | {Role.STREET_OFFICER, Role.SUPERVISOR},
    district_roles=frozenset({Role.CIVIL_AFFAIRS, Role.AUDITOR}),
)
READ_RAISER = Policy(
    "hall.raiser.read",
    Text(zh="查看说事人联系方式", en="see how to reach who raised a matter"),
    scoped_roles=_MEMBER,
)
SPEAK = Policy(
    "hall.comment.write",
    Text(zh="发表意见", en="comment"),
    scoped_roles=_RESIDENTS | _STAFF | {Role.DEPARTMENT},
)
MODERATE = Policy(
    "hall.moderation.hide", Text(zh="隐藏内容", en="hide what was said"), scoped_roles=_MEMBER
)
READ_MODERATION = Policy(
    "hall.moderation.read",
    Text(zh="查看内容隐藏记录", en="see what was hidden"),
    scoped_roles=_MEMBER | {Role.SUPERVISOR},
    district_roles=frozenset({Role.AUDITOR}),
)
APPEAL = Policy(
    "hall.moderation.appeal",
    Text(zh="对隐藏提出申诉", en="appeal against hiding"),
    scoped_roles=_RESIDENTS | _STAFF | {Role.DEPARTMENT},
)
REVIEW = Policy(
    "hall.moderation.review",
    Text(zh="复核申诉", en="decide on appeals"),
    scoped_roles=frozenset({Role.SUPERVISOR}),
)
HOLD = Policy("hall.sitting.hold", Text(zh="主持议事会", en="hold sittings"), scoped_roles=_MEMBER)
OPINE = Policy(
    "hall.sitting.speak",
    Text(zh="在议事会发言", en="speak at a sitting"),
    scoped_roles=_RESIDENTS | _STAFF,
)
VOTE = Policy(
    "hall.sitting.vote", Text(zh="在议事会表态", en="vote at a sitting"), scoped_roles=_RESIDENTS
)
