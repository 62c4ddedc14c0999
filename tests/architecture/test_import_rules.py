"""Siblings meet only at their public door, and never in a circle (besides the contracts that
import-linter keeps)."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
SERVICES = ("gateway", "workstation", "committee")
CAPABILITIES = {
    (service, folder.name)
    for service in SERVICES
    for folder in (PROJECT / "services" / service).iterdir()
    if (folder / "__init__.py").exists()
}


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, names of a package as modules of it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def siblings_used(service: str, capability: str, module: str) -> str | None:
    """The sibling that a module belongs to, None when it is not a sibling's."""
    parts = module.split(".")
    if parts[:2] != ["services", service] or len(parts) < 3:
        return None
    found = parts[2]
    return found if found != capability and (service, found) in CAPABILITIES else None


@pytest.mark.parametrize(("service", "capability"), sorted(CAPABILITIES))
def test_a_capability_enters_its_siblings_by_their_public_door_only(
    service: str, capability: str
) -> None:
    folder = PROJECT / "services" / service / capability
    trespasses = [
        f"{path.relative_to(PROJECT)} imports {module}"
        for path in folder.rglob("*.py")
        for module in imported(path)
        if (sibling := siblings_used(service, capability, module))
        and not module.startswith(f"services.{service}.{sibling}.public")
        and module != f"services.{service}.{sibling}"
    ]
    assert trespasses == []


@pytest.mark.parametrize("service", SERVICES)
def test_capabilities_do_not_depend_on_one_another_in_a_circle(service: str) -> None:
    needs: dict[str, set[str]] = {}
    for owner, capability in CAPABILITIES:
        if owner == service:
            folder = PROJECT / "services" / service / capability
            needs[capability] = {
                sibling
                for path in folder.rglob("*.py")
                for module in imported(path)
                if (sibling := siblings_used(service, capability, module))
            }
    while needs:
        free = [name for name, wanted in needs.items() if not wanted & needs.keys()]
        assert free, f"a circle among {sorted(needs)}"
        for name in free:
            del needs[name]


def test_a_trespass_would_be_seen(tmp_path: Path) -> None:
    file = tmp_path / "commands.py"
    file.write_text("from services.workstation.registry.models import Street\n")
    assert "services.workstation.registry.models" in set(imported(file))
    assert siblings_used("workstation", "posts", "services.workstation.registry.models") == (
        "registry"
    )


def test_every_import_contract_names_the_capabilities_there_are() -> None:
    contracts = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    missing = [
        f"services.{service}.{capability}"
        for service, capability in sorted(CAPABILITIES)
        if (PROJECT / "services" / service / capability / "domain.py").exists()
        and f'"services.{service}.{capability}.domain"' not in contracts
    ]
    assert missing == []
