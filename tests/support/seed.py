"""The figures of the seed report, leaf by leaf."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

_FILE = Path(__file__).parent / "seed_figures.yaml"


def _leaves(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """A leaf is a node with a `value`, a scalar or a list; a node may also hold others."""
    if not isinstance(node, dict):
        yield path, {"value": node}
        return
    if "value" in node:
        yield path, node
    for key, child in node.items():
        # A note with a comma in it reads as a further key without a value.
        if child is not None and key not in {"value", "exact", "inferred", "note"}:
            yield from _leaves(child, f"{path}.{key}" if path else key)


SEED_FIGURES = dict(_leaves(yaml.safe_load(_FILE.read_text(encoding="utf-8"))))
"""Dotted path to `{value, exact?, inferred?, note?}`."""
