"""Every kind of file that the workstation takes in, in the order in which they build on another."""

from typing import Any

from services.workstation.registry import imports as registry
from services.workstation.registry.residents_import import Residents
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
    ]
    return {kind.template.kind: kind for kind in kinds}
