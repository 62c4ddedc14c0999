"""Recording an act."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from shared.audit.models import AuditEvent
from shared.auth.principal import Principal
from shared.web.request_context import request_id

MASK = "***"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, a machine client, or the platform itself (no id)."""

    district: str
    kind: str
    id: UUID | None = None

    @classmethod
    def of(cls, principal: Principal) -> "Actor":
        """The caller as an actor."""
        return cls(district=principal.district, kind=principal.kind.value, id=principal.subject)

    @classmethod
    def platform(cls, district: str) -> "Actor":
        """The platform itself: timers, imports from the command line, events."""
        return cls(district=district, kind="platform")


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any], personal: frozenset[str] = frozenset()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Only the fields that differ; of personal ones only that they changed."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]

    def side(values: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: MASK if name in personal and values.get(name) is not None else values.get(name)
            for name in names
        }

    return side(before), side(after)


async def record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    subject: tuple[str, object],
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    personal: frozenset[str] = frozenset(),
    purpose: str | None = None,
) -> None:
    """Add an audit event `subject.action` to the session's transaction.

    `subject` is (kind, id). `personal` names the fields whose values must not stand in the audit.
    """
    old, new = changes(before or {}, after or {}, personal)
    session.add(
        AuditEvent(
            district=actor.district,
            actor=actor.id,
            actor_kind=actor.kind,
            action=action,
            subject_kind=subject[0],
            subject_id=str(subject[1]),
            before=old or None,
            after=new or None,
            purpose=purpose,
            request_id=request_id.get(),
        )
    )
