"""Streets, communities, households and residents."""

from tests.journeys.asks.asking import STALE, Ask, At, W, has, listing


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation."""
    where = f"community_id={at['community']}"
    return {
        "registry_streets": listing(f"{W}/streets?limit=200", has("id", at["street"])),
        "registry_create_street": Ask("POST", f"{W}/streets", json={}),
        "registry_street": Ask("GET", f"{W}/streets/{at['street']}"),
        "registry_rename_street": Ask(
            "PATCH", f"{W}/streets/{at['street']}", json={"name": "改名街道"}, headers=STALE
        ),
        "registry_communities": listing(f"{W}/communities?street_id={at['street']}"),
        "registry_propose_community": Ask("POST", f"{W}/communities", json={}),
        "registry_community": Ask("GET", f"{W}/communities/{at['community']}"),
        "registry_change_community": Ask(
            "PATCH", f"{W}/communities/{at['community']}", json={"name": "改名"}, headers=STALE
        ),
        "registry_lineage": Ask("GET", f"{W}/communities/{at['community']}/lineage"),
        "registry_adjustments": Ask("GET", f"{W}/adjustments"),
        "registry_adjust": Ask("POST", f"{W}/adjustments", json={}),
        "registry_grid_cells": listing(f"{W}/grid-cells?{where}"),
        "registry_households": listing(f"{W}/households?{where}"),
        "registry_household": Ask("GET", f"{W}/households/{at['household']}"),
        "registry_register_household": Ask(
            "POST",
            f"{W}/households",
            json={"community_id": at["community"], "code": "auth-1", "address": "测试"},
        ),
        "registry_residents": listing(f"{W}/residents?{where}"),
        "registry_register_resident": Ask(
            "POST",
            f"{W}/residents",
            json={
                "household_id": at["household"],
                "name": "重复者",
                "id_number": at["id_number"],
                "residence": "both",
            },
        ),
        "registry_resident": Ask("GET", f"{W}/residents/{at['resident']}"),
        "registry_change_resident": Ask(
            "PATCH", f"{W}/residents/{at['resident']}", json={"name": "改名"}, headers=STALE
        ),
        "registry_search_resident": Ask(
            "POST",
            f"{W}/residents/search",
            json={"id_number": at["id_number"]},
            shows=lambda body: bool(body["items"]),
        ),
        "registry_resident_departure": Ask(
            "POST",
            f"{W}/residents/{at['leaver']}/departure",
            json={"left_on": "2024-01-31", "because": "moved"},
        ),
        "registry_extract_residents": Ask(
            "POST",
            f"{W}/residents/extracts",
            json={"community_id": at["community"], "purpose": "权限测试核对"},
        ),
        "registry_disclose_resident": Ask(
            "POST",
            f"{W}/residents/{at['resident']}/disclosure",
            json={"purpose": "权限测试核对"},
        ),
    }
