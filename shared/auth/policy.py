"""Named policies: the only place where an operation meets a role.

A policy first says whether the caller may use the operation at all (403 when not) and then how far
they reach: a resource outside that reach does not exist for them (404).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from shared.auth.principal import Grant, Principal, PrincipalKind, Role, ScopeKind
from shared.kernel.errors import Forbidden, NotFound
from shared.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Place:
    """Where a resource lies in the district; what is None does not apply to it."""

    street: UUID | None = None
    community: UUID | None = None
    department: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a caller's grants go under one policy."""

    whole_district: bool = False
    streets: frozenset[UUID] = frozenset()
    communities: frozenset[UUID] = frozenset()
    departments: frozenset[UUID] = frozenset()

    @classmethod
    def of(cls, grants: Iterable[Grant]) -> "Reach":
        """The union of the grants' scopes."""
        ids: dict[ScopeKind, set[UUID]] = {kind: set() for kind in ScopeKind}
        whole = False
        for grant in grants:
            if grant.scope is ScopeKind.DISTRICT:
                whole = True
            elif grant.scope_id is not None:
                ids[grant.scope].add(grant.scope_id)
        return cls(
            whole_district=whole,
            streets=frozenset(ids[ScopeKind.STREET]),
            communities=frozenset(ids[ScopeKind.COMMUNITY]),
            departments=frozenset(ids[ScopeKind.DEPARTMENT]),
        )

    def covers(self, place: Place) -> bool:
        """Whether the place lies within reach."""
        return (
            self.whole_district
            or place.street in self.streets
            or place.community in self.communities
            or place.department in self.departments
        )

    def require(self, place: Place) -> None:
        """Raises NotFound when the place is out of reach: what is another's does not exist."""
        if not self.covers(place):
            raise NotFound()


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may do one thing.

    `district_roles` reach the whole district whatever their grant's scope (bureaus, the Leading
    Group, auditors are district offices); `scoped_roles` reach only what their grant names.
    `client_scope` is the OAuth scope that a machine client needs besides its department grant;
    without one the operation is for people only. `anyone` who has logged in may use an operation
    that shows only what is theirs or everybody's; a `public` one needs no token.
    """

    name: str
    title: Text
    district_roles: frozenset[Role] = frozenset()
    scoped_roles: frozenset[Role] = frozenset()
    client_scope: str | None = None
    anyone: bool = False
    public: bool = False

    def reach(self, principal: Principal) -> Reach:
        """How far the caller reaches. Raises Forbidden when they may not use the operation."""
        found = self.reach_or_none(principal)
        if found is None:
            raise self._refusal()
        return found

    def reach_or_none(self, principal: Principal) -> Reach | None:
        """How far the caller reaches, None when they may not use the operation."""
        if self.anyone:
            return Reach(whole_district=True)
        if principal.kind is PrincipalKind.CLIENT and (
            self.client_scope is None or self.client_scope not in principal.scopes
        ):
            return None
        if principal.holds(*self.district_roles):
            return Reach(whole_district=True)
        grants = [grant for grant in principal.grants if grant.role in self.scoped_roles]
        return Reach.of(grants) if grants else None

    def _refusal(self) -> Forbidden:
        roles = [role.called for role in Role if role in self.district_roles | self.scoped_roles]
        zh, en = "、".join(role.zh for role in roles), ", ".join(role.en for role in roles)
        return Forbidden(
            code="forbidden",
            detail=Text(
                zh=f"您没有“{self.title.zh}”的权限（需要的角色：{zh or '无'}）。"
                "如确需办理，请联系本区管理员授权。",
                en=f"You may not {self.title.en} (roles that may: {en or 'none'}). "
                "If your work needs it, ask your district's administrator for a grant.",
            ),
        )
