"""Every kind of file that the committee service takes in, in the order in which they build on
another."""

from typing import Any

from services.committee.hall import imports as hall
from services.committee.organisation import imports as organisation
from services.committee.volunteers import imports as volunteers
from shared.imports.runner import Kinds
from shared.imports.table import ImportKind


def import_kinds() -> Kinds:
    """By name."""
    kinds: list[ImportKind[Any, Any]] = [
        organisation.COMMITTEES,
        organisation.TERMS,
        organisation.MEMBERS,
        volunteers.TEAMS,
        hall.SETTLED_MATTERS,
    ]
    return {kind.template.kind: kind for kind in kinds}
