"""Tours played as a person plays them, in a terminal of some language."""

import os
import subprocess
import sys

from tests.support.installation import Installation


def played(
    installation: Installation, name: str, language: str = "C.UTF-8"
) -> "subprocess.CompletedProcess[str]":
    """What a tour told, whether it came to its end or not."""
    return subprocess.run(
        [sys.executable, "-m", "services.cli", "tour", name, "--gateway-url", installation.url],
        env={**os.environ, "LANG": language, "LC_ALL": language, "COLUMNS": "400"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
