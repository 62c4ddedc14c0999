"""What a community's premises have to be, and what buildings cost whom."""

from dataclasses import dataclass
from enum import StrEnum


class FacilityKind(StrEnum):
    """Rooms of a community 四室两厅一校一点, and service points of streets and communities."""

    STREET_SERVICE_CENTRE = "street_service_centre"
    SERVICE_STATION = "service_station"
    POLICE_ROOM = "police_room"
    ACTIVITY_CENTRE = "activity_centre"
    LIBRARY = "library"
    RESIDENTS_SCHOOL = "residents_school"
    DAY_CARE_ROOM = "day_care_room"
    ONE_STOP_HALL = "one_stop_hall"
    TALK_HALL = "talk_hall"
    DONATION_POINT = "donation_point"


class ProjectKind(StrEnum):
    """What is built: a community's premises or a street's service centre, new or rebuilt."""

    PREMISES_NEW = "premises_new"
    PREMISES_REBUILT = "premises_rebuilt"
    CENTRE_NEW = "centre_new"
    CENTRE_REBUILT = "centre_rebuilt"


class ProjectState(StrEnum):
    """Applied for 申报, or finished 竣工."""

    PLANNED = "planned"
    FINISHED = "finished"


class MoneySource(StrEnum):
    """市级以上, 区级, 街道社区自筹."""

    CITY_AND_ABOVE = "city_and_above"
    DISTRICT = "district"
    STREET_AND_COMMUNITY = "street_and_community"


SQUARE_METRE = 100
"""Areas are kept in hundredths of a square metre."""


@dataclass(frozen=True, slots=True)
class Compliance:
    """Whether premises meet the standard; areas in hundredths of a square metre."""

    meets: bool
    missing: int


def compliance(area: int | None, least_m2: int) -> Compliance:
    """Premises without a recorded area count as none at all."""
    missing = max(least_m2 * SQUARE_METRE - (area or 0), 0)
    return Compliance(meets=missing == 0, missing=missing)
