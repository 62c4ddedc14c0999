"""Who may read rules, and who may change a district's."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

READ = Policy("rules.rule.read", Text(zh="查看规则", en="read the rules"), public=True)
OVERRIDE = Policy(
    "rules.override.manage",
    Text(zh="调整本区规则", en="override rules for the district"),
    district_roles=frozenset({Role.LEADING_GROUP}),
)
