"""What the gateway tells of rules."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel


class OverrideRecorded(BaseModel):
    """`RULE_OVERRIDDEN`: a district's override as it is now; subject `rule/{key}`."""

    id: UUID
    key: str
    value: Any
    unit: str
    in_force_from: date
    until: date | None
    document: str
    decided_on: date
    note: str
    decided_by: UUID | None
    recorded_at: datetime
    withdrawn_at: datetime | None
    withdrawn_because: str | None
