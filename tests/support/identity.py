"""Tokens signed with a key that only the tests know, verified as every other token."""

import time
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from shared.auth.principal import Grant, Principal, PrincipalKind, Role, ScopeKind
from shared.auth.tokens import ALGORITHM, AUDIENCE, IdentitySnapshot, claims_of
from shared.kernel.ids import new_id

ISSUER = "http://identity.test"
DISTRICT_ROLES = frozenset(
    {
        Role.LEADING_GROUP,
        Role.HR_BUREAU,
        Role.FINANCE_BUREAU,
        Role.CIVIL_AFFAIRS,
        Role.AUDITOR,
        Role.ADMINISTRATOR,
    }
)


class SigningIdentity:
    """An identity source and a signer in one."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        jwk = jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        self._keys = {"test": jwt.PyJWK({**jwk, "kid": "test", "alg": ALGORITHM, "use": "sig"})}
        self.least_generation: dict[str, int] = {}

    def snapshot(self) -> IdentitySnapshot:
        """Always fresh."""
        return IdentitySnapshot(
            keys=self._keys, least_generation=self.least_generation, taken_at=time.time()
        )

    def token(self, principal: Principal, *, generation: int = 1, lifetime: float = 600) -> str:
        """A signed access token for the principal; lifetime in seconds, may be negative."""
        now = time.time()
        claims = claims_of(principal, generation=generation)
        claims |= {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + lifetime}
        return jwt.encode(claims, self._key, algorithm=ALGORITHM, headers={"kid": "test"})

    def bearer(
        self,
        district: str,
        role: Role | str,
        *,
        street: UUID | None = None,
        community: UUID | None = None,
        department: UUID | None = None,
        subject: UUID | None = None,
        client_scopes: frozenset[str] | None = None,
    ) -> dict[str, str]:
        """The Authorization header of someone with one role over one scope (the district unless
        a street, community or department is named); with `client_scopes`, of a machine client."""
        scope, scope_id = ScopeKind.DISTRICT, None
        for kind, given in (
            (ScopeKind.STREET, street),
            (ScopeKind.COMMUNITY, community),
            (ScopeKind.DEPARTMENT, department),
        ):
            if given is not None:
                scope, scope_id = kind, given
        principal = Principal(
            subject=subject or new_id(),
            kind=PrincipalKind.PERSON if client_scopes is None else PrincipalKind.CLIENT,
            district=district,
            grants=(Grant(Role(role), scope, scope_id),),
            scopes=client_scopes or frozenset(),
        )
        return {"Authorization": f"Bearer {self.token(principal)}"}
