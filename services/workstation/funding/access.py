"""Who may see money, and who may move it."""

from shared.auth.policy import Policy
from shared.auth.principal import Role
from shared.kernel.text import Text

READ = Policy(
    "funding.fund.read",
    Text(zh="查看经费", en="see funds"),
    district_roles=frozenset(
        {Role.FINANCE_BUREAU, Role.LEADING_GROUP, Role.CIVIL_AFFAIRS, Role.AUDITOR}
    ),
    scoped_roles=frozenset({Role.STREET_OFFICER, Role.WORKSTATION_STAFF, Role.DEPARTMENT}),
    client_scope="funds:read",
)
APPROPRIATE = Policy(
    "funding.appropriation.manage",
    Text(zh="拨付经费", en="appropriate funds"),
    district_roles=frozenset({Role.FINANCE_BUREAU}),
)
PREPARE = Policy(
    "funding.payment.prepare",
    Text(zh="编制支付", en="prepare payments"),
    district_roles=frozenset({Role.FINANCE_BUREAU}),
    scoped_roles=frozenset({Role.STREET_OFFICER}),
)
APPROVE = Policy(
    "funding.payment.approve",
    Text(zh="复核支付", en="approve payments"),
    district_roles=frozenset({Role.FINANCE_BUREAU}),
)
CLOSE = Policy(
    "funding.year.close",
    Text(zh="年度关账", en="close a year's books"),
    district_roles=frozenset({Role.FINANCE_BUREAU}),
)
