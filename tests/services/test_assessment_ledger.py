"""What the gateway's assessment asks of the workstation's ledger, answered by the workstation."""

from typing import Any
from uuid import UUID

import pytest

from services.gateway.assessment.ledger import Ledger as Asking
from shared.kernel.errors import Forbidden
from tests.services.workstation.conftest import SmallDistrict, small
from tests.services.workstation.ledger.conftest import (
    TODAY,
    Ledger,
    ledger,
    workstation,
)

__all__ = ["SmallDistrict", "ledger", "small", "workstation"]


def asking(ledger: Ledger, headers: dict[str, str]) -> Asking:
    """The ledger as somebody may read it."""
    return Asking(ledger.client, "", headers["Authorization"], "en")


async def entered(ledger: Ledger) -> list[UUID]:
    """An element with a value of the first two communities; the communities."""
    await ledger.element()
    for place, value in ((0, 412), (1, 370)):
        await ledger.entry(value, place)
    return list(ledger.small.communities)


async def test_coverage_tells_which_communities_need_no_visit(ledger: Ledger) -> None:
    first, second, *_ = await entered(ledger)
    covered = await asking(ledger, ledger.department()).coverage({"elderly", "unheard"}, TODAY)
    assert covered.keys() == {("elderly", first), ("elderly", second)}
    assert covered["elderly", first].valid_until is not None


async def test_values_are_read_as_the_caller_may_read_them(ledger: Ledger) -> None:
    first, second, *_ = await entered(ledger)
    values = await asking(ledger, ledger.group()).values({"elderly", "unheard"}, TODAY)
    found: dict[Any, Any] = {place: entry.value for place, entry in values.items()}
    assert found == {("elderly", first): 412, ("elderly", second): 370}


async def test_whoever_may_not_read_the_ledger_is_told_so(ledger: Ledger) -> None:
    resident = ledger.small.identity.bearer(
        ledger.small.code, "resident", community=ledger.small.communities[0]
    )
    with pytest.raises(Forbidden, match="ledger_forbidden"):
        await asking(ledger, resident).coverage({"elderly"}, TODAY)
