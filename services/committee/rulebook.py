"""The rules files of the committee service's capabilities; the rules of all services come on top."""

from importlib.resources import files

RULES = (
    files("services.committee.organisation") / "rules.yaml",
    files("services.committee.elections") / "rules.yaml",
)
