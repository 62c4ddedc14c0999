"""The rules that every service knows."""

from importlib.resources import files

RULES = (files("shared.rulebook") / "rules.yaml",)
