"""One installation with the demo districts for the journeys of a test process."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.installation import Installation, running_installation, until


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


@pytest.fixture(autouse=True)
def left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Some journeys kill what serves; each ends only once everything serves again."""
    yield
    if "installation" in request.fixturenames:
        url = urlsplit(request.getfixturevalue("installation").url)
        ports = [(url.port or 0) + place for place in range(3)]
        until(lambda: all(_serves(port) for port in ports))


def _serves(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False
