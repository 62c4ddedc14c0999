"""The rules files of the gateway's capabilities; the rules of all services come on top."""

from importlib.resources import files

RULES = (
    files("services.gateway.admission") / "rules.yaml",
    files("services.gateway.assessment") / "rules.yaml",
    files("services.gateway.plaques") / "rules.yaml",
)
