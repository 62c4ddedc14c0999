"""Where the demo's files lie."""

from pathlib import Path

DATA = Path(__file__).parent / "data"
