"""How the authorization journey asks: who there is, and a request about something at a place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.cli.demo.accounts import PASSWORD
from services.gateway.identity.domain import SCOPE_OF_ROLE
from shared.auth.principal import Role, ScopeKind

DISTRICT = "421002"
PUBLIC = f"district={DISTRICT}"
STALE = {"If-Match": '"v999"'}
REASON = {"reason": "权限测试"}
W, C = "/v1/workstation", "/v1/committee"
At = dict[str, Any]
"""What lies at a place, by name: its community, its street, and one of each kind of thing."""


@dataclass
class Cast:
    """Tokens by role, and what lies at each place."""

    url: str
    client: httpx.Client
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    places: dict[str, dict[str, Any]] = field(default_factory=dict)

    def get(self, path: str, headers: dict[str, str]) -> Any:
        """The JSON of a GET that must succeed."""
        answer = self.client.get(path, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> Any:
        """The JSON of a POST that must succeed."""
        answer = self.client.post(path, headers=headers, json=body)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def account(
        self, login: str, role: str, administrator: dict[str, str], scope_id: str | None = None
    ) -> dict[str, str]:
        """A new account with a role, and its grant."""
        made = self.post(
            "/v1/accounts",
            administrator,
            {"login": login, "display_name": login, "password": PASSWORD},
        )
        grant = self.post(
            "/v1/grants",
            administrator,
            {"account_id": made["id"], "role": role, "scope_id": scope_id},
        )
        return {"account": made["id"], "grant": grant["id"]}

    def act_as(self, at: At, role: str) -> dict[str, str]:
        """Authorization of somebody with a role at a place: the demo's account at `own`, elsewhere
        one of this place alone (district roles: one a district)."""
        scope = SCOPE_OF_ROLE[Role(role)]
        everywhere = scope is ScopeKind.DISTRICT and at["place"] != "other_district"
        if at["place"] == "own" or everywhere:
            return self.headers[role]
        login = f"{role.replace('_', '-')}.{at['code']}"
        if login not in self.headers:
            self.account(login, role, self.administrator(at), at.get(scope))
            self.headers[login] = self.log_in(login)
        return self.headers[login]

    def administrator(self, at: At) -> dict[str, str]:
        """Authorization of the administrator of a place's district."""
        return self.log_in("admin.421003" if at["place"] == "other_district" else "admin")

    def log_in(self, login: str) -> dict[str, str]:
        """Authorization of a person."""
        form = {"grant_type": "password", "username": login, "password": PASSWORD}
        answer = self.client.post("/v1/auth/token", data=form)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@dataclass(frozen=True)
class Ask:
    """A request about something at a place; in a list, `shows` says whether it is there."""

    method: str
    path: str
    json: Any = None
    data: Any = None
    files: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    shows: Callable[[Any], bool] | None = None


def listing(path: str, shows: Callable[[Any], bool] | None = None) -> Ask:
    return Ask("GET", path, shows=shows or (lambda body: bool(body["items"])))


def has(key: str, value: str) -> Callable[[Any], bool]:
    return lambda body: any(item[key] == value for item in body["items"])
