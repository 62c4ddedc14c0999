"""The rulebook of the whole platform, which the gateway serves."""

from services.committee.rulebook import RULES as COMMITTEE
from services.gateway.rulebook import RULES as GATEWAY
from services.workstation.rulebook import RULES as WORKSTATION
from shared.rulebook.common import RULES as COMMON
from shared.rulebook.rulebook import Rulebook


def whole_rulebook() -> Rulebook:
    """The rules of all services; no key stands in two of them."""
    return Rulebook.from_files(*COMMON, *GATEWAY, *WORKSTATION, *COMMITTEE)
