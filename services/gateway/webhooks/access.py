"""Who may be told of events: a department of its own, and nobody else of it."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

_DEPARTMENT = frozenset({Role.DEPARTMENT})

READ_TYPES = Policy(
    "webhooks.event_type.read", Text(zh="查看事件类型", en="see types of events"), public=True
)
READ = Policy(
    "webhooks.webhook.read",
    Text(zh="查看 Webhook", en="see webhooks"),
    scoped_roles=_DEPARTMENT,
    client_scope="webhooks:read",
)
MANAGE = Policy(
    "webhooks.webhook.manage",
    Text(zh="管理 Webhook", en="manage webhooks"),
    scoped_roles=_DEPARTMENT,
    client_scope="webhooks:write",
)
