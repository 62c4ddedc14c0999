"""One installation with the demo districts for all journeys."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.installation import Installation, running_installation


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All journeys share one installation, so they run in one test process."""
    for item in items:
        if "tests/journeys/" in item.nodeid:
            item.add_marker(pytest.mark.xdist_group("journeys"))


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    """`up` with the demo at its smallest scale, stopped at the end; its folder is one that no
    other test session closes."""
    with (
        tempfile.TemporaryDirectory(prefix="shequ-test-") as folder,
        running_installation(Path(folder) / "home", "--scale", "0.01") as found,
    ):
        yield found


@pytest.fixture
def own_folder() -> Iterator[Path]:
    """A folder for an installation of the test's own."""
    with tempfile.TemporaryDirectory(prefix="shequ-test-") as folder:
        yield Path(folder)
