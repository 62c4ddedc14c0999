"""Tables of organisation."""

from services.committee.organisation.models.bodies import (
    Representative,
    ResidentGroup,
    SubCommittee,
    SubCommitteeMember,
    Supervisor,
)
from services.committee.organisation.models.committees import (
    Committee,
    Community,
    Handover,
    KinshipDeclaration,
    Member,
    Renewal,
    Term,
    UnfilledSeat,
)

__all__ = [
    "Committee",
    "Community",
    "Handover",
    "KinshipDeclaration",
    "Member",
    "Renewal",
    "Representative",
    "ResidentGroup",
    "SubCommittee",
    "SubCommitteeMember",
    "Supervisor",
    "Term",
    "UnfilledSeat",
]
