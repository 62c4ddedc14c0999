"""Every kind of file that the committee service takes in, in the order in which they build on
another."""

from services.committee.organisation import imports as organisation
from services.committee.volunteers import imports as volunteers
from shared.imports.runner import Kinds


def import_kinds() -> Kinds:
    """By name."""
    kinds = [
        organisation.COMMITTEES,
        organisation.TERMS,
        organisation.MEMBERS,
        volunteers.TEAMS,
    ]
    return {kind.template.kind: kind for kind in kinds}
