"""Who may do what in identity."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

_ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})
_OVERSIGHT = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})

TOKEN = Policy("identity.token", Text(zh="登录", en="log in"), public=True)
KEYS = Policy("identity.keys", Text(zh="读取公钥", en="read public keys"), public=True)
ME = Policy("identity.me", Text(zh="查看本人账户", en="see one's own account"), anyone=True)
READ_ACCOUNTS = Policy(
    "identity.account.read", Text(zh="查看账户", en="see accounts"), district_roles=_OVERSIGHT
)
MANAGE_ACCOUNTS = Policy(
    "identity.account.manage",
    Text(zh="管理账户", en="manage accounts"),
    district_roles=_ADMINISTRATOR,
)
READ_GRANTS = Policy(
    "identity.grant.read", Text(zh="查看授权", en="see grants"), district_roles=_OVERSIGHT
)
MANAGE_GRANTS = Policy(
    "identity.grant.manage", Text(zh="管理授权", en="manage grants"), district_roles=_ADMINISTRATOR
)
READ_CLIENTS = Policy(
    "identity.client.read",
    Text(zh="查看部门系统", en="see machine clients"),
    district_roles=_OVERSIGHT,
)
MANAGE_CLIENTS = Policy(
    "identity.client.manage",
    Text(zh="管理部门系统", en="manage machine clients"),
    district_roles=_ADMINISTRATOR,
)
READ_DEPARTMENTS = Policy(
    "identity.department.read",
    Text(zh="查看部门", en="see departments"),
    anyone=True,
)
MANAGE_DEPARTMENTS = Policy(
    "identity.department.manage",
    Text(zh="管理部门", en="manage departments"),
    district_roles=_ADMINISTRATOR,
)
ROTATE_KEYS = Policy(
    "identity.signing_key.rotate",
    Text(zh="更换签名密钥", en="rotate the signing key"),
    district_roles=_ADMINISTRATOR,
)
JOBS = Policy("platform.job.read", Text(zh="查看后台任务", en="follow a job"), anyone=True)
