"""Figures `district.*`: which district it is."""

from services.workstation.reporting.domain import Figure, Source, Unit
from services.workstation.reporting.facts import CommunityBuildingFacts, StreetKind
from shared.kernel.text import Text


def district_figures(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    """Name, code, province, prefecture, streets and townships."""
    district = facts.district
    streets = street_names(facts, StreetKind.STREET)
    townships = street_names(facts, StreetKind.TOWNSHIP)
    return (
        _of_district("name", Text("区名", "District"), district.name, Unit.NAME),
        _of_district("code", Text("行政区划代码", "Division code"), district.code, Unit.CODE),
        _of_district("province", Text("所属省份", "Province"), district.province, Unit.NAME),
        _of_district("prefecture", Text("所属地市", "Prefecture"), district.prefecture, Unit.NAME),
        Figure(
            key="district.streets",
            label=Text("街道", "Streets"),
            value=streets,
            unit=Unit.NAMES,
            source=Source.DISTRICT,
            note=Text(f"共{len(streets)}个", f"{len(streets)} in all"),
        ),
        Figure(
            key="district.township",
            label=Text("设有社区的乡镇", "Townships with communities"),
            value="、".join(townships) or None,
            unit=Unit.NAME,
            source=Source.DISTRICT,
        ),
    )


def street_names(facts: CommunityBuildingFacts, kind: StreetKind) -> tuple[str, ...]:
    """The streets, or the townships, in their official order."""
    return tuple(street.name for street in facts.streets if street.kind is kind)


def _of_district(key: str, label: Text, value: str, unit: Unit) -> Figure:
    return Figure(
        key=f"district.{key}", label=label, value=value, unit=unit, source=Source.DISTRICT
    )
