"""Who may see and change the registry."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

_LOCAL = frozenset({Role.WORKSTATION_STAFF, Role.STREET_OFFICER})

READ_MAP = Policy(
    "registry.map.read",
    Text(zh="查看街道和社区", en="see streets and communities"),
    anyone=True,
)
MANAGE_MAP = Policy(
    "registry.map.manage",
    Text(zh="调整街道和社区", en="change streets and communities"),
    district_roles=frozenset({Role.CIVIL_AFFAIRS}),
)
READ_HOUSEHOLDS = Policy(
    "registry.household.read",
    Text(zh="查看家庭户", en="see households"),
    district_roles=frozenset({Role.CIVIL_AFFAIRS, Role.AUDITOR}),
    scoped_roles=_LOCAL,
)
MANAGE_HOUSEHOLDS = Policy(
    "registry.household.manage",
    Text(zh="登记家庭户", en="register households"),
    scoped_roles=frozenset({Role.WORKSTATION_STAFF}),
)
READ_RESIDENTS = Policy(
    "registry.resident.read",
    Text(zh="查看居民（脱敏）", en="see residents, masked"),
    district_roles=frozenset({Role.CIVIL_AFFAIRS, Role.AUDITOR}),
    scoped_roles=_LOCAL,
)
MANAGE_RESIDENTS = Policy(
    "registry.resident.manage",
    Text(zh="登记居民", en="register residents"),
    scoped_roles=frozenset({Role.WORKSTATION_STAFF}),
)
DISCLOSE_RESIDENTS = Policy(
    "registry.resident.disclose",
    Text(zh="查看居民完整信息", en="see a resident's full data"),
    district_roles=frozenset({Role.CIVIL_AFFAIRS}),
    scoped_roles=_LOCAL,
)
