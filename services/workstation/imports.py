"""Every kind of file that the workstation takes in, in the order in which they build on another."""

from typing import Any

from services.workstation.facilities import imports as facilities
from services.workstation.ledger.imports import LedgerEntries
from services.workstation.personnel import imports as personnel
from services.workstation.posts import imports as posts
from services.workstation.registry import imports as registry
from services.workstation.registry.residents_import import Residents
from services.workstation.reporting import imports as reporting
from shared.imports.runner import Kinds
from shared.imports.table import ImportKind
from shared.kernel.clock import Clock
from shared.privacy.cipher import PersonalData


def import_kinds(personal: PersonalData, clock: Clock) -> Kinds:
    """By name."""
    kinds: list[ImportKind[Any, Any]] = [
        registry.STREETS,
        registry.COMMUNITIES,
        registry.ADJUSTMENTS,
        registry.GRID_CELLS,
        registry.HOUSEHOLDS,
        Residents(personal, clock),
        posts.POSTS,
        personnel.STAFF,
        personnel.PLACEMENTS,
        facilities.PREMISES,
        facilities.FACILITIES,
        facilities.PROJECTS,
        facilities.PROJECT_MONEY,
        reporting.SURVEY_FINDINGS,
        LedgerEntries(clock),
    ]
    return {kind.template.kind: kind for kind in kinds}
