"""Figures `services.*`: series of services, service points, volunteer teams."""

from services.workstation.reporting.domain import Figure, Source, Unit
from services.workstation.reporting.facts import CommunityBuildingFacts, ServicePointKind
from shared.kernel.text import Text

SERVICE_POINTS: dict[ServicePointKind, tuple[str, Text]] = {
    ServicePointKind.STREET_SERVICE_CENTRE: (
        "street_service_centres",
        Text("街道社区服务中心", "Street service centres"),
    ),
    ServicePointKind.SERVICE_STATION: (
        "service_stations",
        Text("社区服务站", "Service stations"),
    ),
    ServicePointKind.POLICE_ROOM: ("police_rooms", Text("社区警务室", "Police rooms")),
    ServicePointKind.ACTIVITY_CENTRE: (
        "activity_centres",
        Text("社区活动中心", "Activity centres"),
    ),
    ServicePointKind.LIBRARY: ("libraries", Text("社区图书室", "Libraries")),
    ServicePointKind.RESIDENTS_SCHOOL: (
        "residents_schools",
        Text("社区居民学校", "Residents' schools"),
    ),
}


def service_figures(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    """The ten series (or as many as there are), the points of each kind, the teams."""
    return (
        _names("series", Text("社区服务系列", "Series of services"), facts.services.series),
        *(
            Figure(
                key=f"services.counts.{key}",
                label=label,
                value=service_points(facts, kind) if facts.services.points else None,
                unit=Unit.PLACES,
                source=Source.SERVICES,
            )
            for kind, (key, label) in SERVICE_POINTS.items()
        ),
        _names(
            "volunteer_teams",
            Text("社区志愿者服务队", "Volunteer teams"),
            facts.services.volunteer_teams,
        ),
    )


def service_points(facts: CommunityBuildingFacts, kind: ServicePointKind) -> int:
    """How many service points of that kind there are."""
    return sum(point.count for point in facts.services.points if point.kind is kind)


def _names(key: str, label: Text, names: tuple[str, ...]) -> Figure:
    return Figure(
        key=f"services.{key}",
        label=label,
        value=names,
        unit=Unit.NAMES,
        source=Source.SERVICES,
        note=Text(f"共{len(names)}项", f"{len(names)} in all") if names else None,
    )
