"""Who may see tasks, do them, review them, and be asked for help."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

_CLERK = frozenset({Role.WORKSTATION_STAFF})
_DEPARTMENT = frozenset({Role.DEPARTMENT})

READ = Policy(
    "tasks.task.read",
    Text(zh="查看任务", en="see tasks"),
    district_roles=frozenset(
        {Role.LEADING_GROUP, Role.CIVIL_AFFAIRS, Role.FINANCE_BUREAU, Role.AUDITOR}
    ),
    scoped_roles=_CLERK | _DEPARTMENT | {Role.STREET_OFFICER},
    client_scope="tasks:read",
)
WORK = Policy("tasks.task.work", Text(zh="办理任务", en="work on tasks"), scoped_roles=_CLERK)
REVIEW = Policy(
    "tasks.task.review",
    Text(zh="验收或撤回任务", en="review and withdraw tasks"),
    scoped_roles=_DEPARTMENT,
    client_scope="tasks:write",
)
ACT = Policy(
    "tasks.task.act",
    Text(zh="批量办理任务", en="act on several tasks"),
    scoped_roles=_CLERK | _DEPARTMENT,
    client_scope="tasks:write",
)
READ_HALL = Policy(
    "tasks.hall_task.read",
    Text(zh="查看居民说事交办", en="see what the talk hall handed over"),
    district_roles=frozenset({Role.CIVIL_AFFAIRS, Role.AUDITOR}),
    scoped_roles=_CLERK | {Role.STREET_OFFICER, Role.COMMITTEE_MEMBER},
)
READ_ASSISTANCE = Policy(
    "tasks.assistance.read",
    Text(zh="查看协助请求", en="see requests for assistance"),
    scoped_roles=_CLERK | {Role.COMMITTEE_MEMBER, Role.STREET_OFFICER},
)
ANSWER_ASSISTANCE = Policy(
    "tasks.assistance.answer",
    Text(zh="答复协助请求", en="answer requests for assistance"),
    scoped_roles=frozenset({Role.COMMITTEE_MEMBER}),
)
