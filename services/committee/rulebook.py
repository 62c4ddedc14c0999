"""The rules files of the committee service's capabilities; the rules of all services come on top."""

from importlib.resources import files

RULES = tuple(
    files(f"services.committee.{capability}") / "rules.yaml"
    for capability in ("organisation", "elections", "recalls", "hall")
)
