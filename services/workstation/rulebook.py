"""The rules files of the workstation's capabilities; the rules of all services come on top."""

from importlib.resources import files

RULES = tuple(
    files(f"services.workstation.{name}") / "rules.yaml"
    for name in ("posts", "facilities", "funding", "tasks", "ledger", "reporting")
)
