"""What is shown costs the same number of queries, however much it is."""

import pytest

from tests.services.workstation.ledger.conftest import Ledger
from tests.services.workstation.ledger.test_forms import ask
from tests.support.counting import statements


async def _count(ledger: Ledger, path: str, by: dict[str, str]) -> int:
    await ledger.get(path, by=by)  # the rules of a district are read once in a while
    with statements() as found:
        await ledger.get(path, by=by)
    return len(found)


@pytest.mark.parametrize(
    "path",
    [
        "entries?element=elderly&element=parking",
        "entries?q=a&history=true",
        "coverage?element=elderly&element=parking",
        "elements",
        "grants",
        "reads",
        "forms",
        "forms/{form}/answers",
        "questions",
        "reuse",
    ],
)
async def test_reading_more_takes_no_more_queries(ledger: Ledger, path: str) -> None:
    await ledger.element()
    await ledger.element("parking", unit=None)
    await ledger.grant("elderly", "parking")
    first = ledger.small.communities[0]
    form = await ask(ledger, communities=[str(first)])
    by = {
        "department": ledger.department(ledger.health, client=True),
        "group": ledger.group(),
    }
    reader = by["group"] if path in {"questions", "reuse"} else by["department"]
    few = await _count(ledger, path.format(form=form["id"]), reader)
    for place in range(3):
        await ledger.entry(place, place)
        await ledger.entry(place, place, element="parking", unit=None)
    await ledger.grant("elderly", "parking", purpose="另一用途")
    form = await ask(ledger, "elderly", "parking")
    await ask(ledger, elements=[{"element": "elderly"}])
    many = await _count(ledger, path.format(form=form["id"]), reader)
    assert few <= many <= few + 2  # the log of what a department was shown
    again = await _count(ledger, path.format(form=form["id"]), reader)
    assert again == many
