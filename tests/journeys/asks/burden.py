"""The burden of communities."""

from tests.journeys.asks.asking import Ask, At


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation."""
    return {"burden_burden": Ask("GET", f"/v1/burden?community={at['community']}&year=2026")}
