"""One installation with the demo districts for all journeys."""

from collections.abc import Iterator

import pytest

from tests.support.installation import Installation, running_installation


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All journeys share one installation, so they run in one test process."""
    for item in items:
        if "tests/journeys/" in item.nodeid:
            item.add_marker(pytest.mark.xdist_group("journeys"))


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """`up` with the demo at its smallest scale, stopped at the end."""
    with running_installation(tmp_path_factory.mktemp("home"), "--scale", "0.01") as found:
        yield found
