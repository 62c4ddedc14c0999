"""Who can log in to the demo: one account for each role, all with one published password."""

from dataclasses import dataclass

from rich.table import Table

from shared.auth.principal import Role
from shared.kernel.text import Language, Text

PASSWORD = "Shequ-demo-2026"
DISTRICT = "421002"
FIRST_COMMUNITY = "421002001001"
FIRST_STREET = "421002001"
DEPARTMENT = ("health", "卫生健康局")


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A login of the first demo district, and what for; `scope` is a registry or department code."""

    login: str
    name: str
    role: Role
    what: Text
    scope: str | None = None


ACCOUNTS = (
    DemoAccount(
        "leading", "领导小组办公室", Role.LEADING_GROUP, Text("审批准入、考核", "approves requests")
    ),
    DemoAccount("civil", "民政局", Role.CIVIL_AFFAIRS, Text("社区登记、报告", "registry, report")),
    DemoAccount("hrbureau", "人社局", Role.HR_BUREAU, Text("人员招聘", "hiring")),
    DemoAccount("finance", "财政局", Role.FINANCE_BUREAU, Text("经费", "funds")),
    DemoAccount("auditor", "审计", Role.AUDITOR, Text("查看审计记录", "reads the audit")),
    DemoAccount(
        "department",
        "卫健局",
        Role.DEPARTMENT,
        Text("提交检查申请", "asks for inspections"),
        "health",
    ),
    DemoAccount(
        "street", "解放街道", Role.STREET_OFFICER, Text("解放街道", "Jiefang street"), FIRST_STREET
    ),
    DemoAccount(
        "clerk",
        "航空路社区工作站",
        Role.WORKSTATION_STAFF,
        Text("航空路社区工作站", "Hangkonglu workstation"),
        FIRST_COMMUNITY,
    ),
    DemoAccount(
        "committee",
        "航空路社区居委会",
        Role.COMMITTEE_MEMBER,
        Text("居委会成员", "committee member"),
        FIRST_COMMUNITY,
    ),
    DemoAccount(
        "election",
        "选举委员会",
        Role.ELECTION_COMMITTEE,
        Text("主持选举", "runs elections"),
        FIRST_COMMUNITY,
    ),
    DemoAccount(
        "supervisor",
        "居务监督委员会",
        Role.SUPERVISOR,
        Text("居务监督", "supervises the committee"),
        FIRST_COMMUNITY,
    ),
    DemoAccount(
        "representative",
        "居民代表",
        Role.REPRESENTATIVE,
        Text("居民代表", "represents residents"),
        FIRST_COMMUNITY,
    ),
    DemoAccount("resident", "居民", Role.RESIDENT, Text("居民", "resident"), FIRST_COMMUNITY),
)


def administrator_login(district: str) -> str:
    """The demo administrator's login of a district: `admin`, elsewhere `admin.421003`."""
    return "admin" if district == DISTRICT else f"admin.{district}"


def table_of_accounts(language: Language) -> Table:
    """The accounts as a table for the terminal."""
    title = Text(f"演示账户（密码均为 {PASSWORD}）", f"Demo accounts (password: {PASSWORD})")
    table = Table(title=title.in_language(language), title_justify="left", box=None)
    for head in (Text("登录名", "Login"), Text("角色", "Role"), Text("用途", "What for")):
        table.add_column(head.in_language(language))
    table.add_row("admin", Role.ADMINISTRATOR, Text("账户与授权", "accounts").in_language(language))
    for account in ACCOUNTS:
        table.add_row(account.login, account.role, account.what.in_language(language))
    return table
