"""The counted facts of a district on a day, as its records give them; nothing is judged here.

The enumerations' values are those of the records. What the district has no record of is None or
an empty tuple.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class StreetKind(StrEnum):
    """街道 or 乡镇."""

    STREET = "street"
    TOWNSHIP = "township"


class CommunityKind(StrEnum):
    """城市社区, 厂居, 村改居, 近郊社区."""

    URBAN = "urban"
    FACTORY = "factory"
    VILLAGE_CONVERTED = "village_converted"
    SUBURBAN = "suburban"


class Whereabouts(StrEnum):
    """Where a person really is; all but the self-hired occupy an approved post."""

    ON_DUTY = "on_duty"
    SECONDED_TO_STREET = "seconded_to_street"
    OFF_POST = "off_post"
    SECONDED_TO_DISTRICT = "seconded_to_district"
    SELF_HIRED = "self_hired"


class MoneySource(StrEnum):
    """Who gave the money for facilities."""

    CITY_AND_ABOVE = "city_and_above"
    DISTRICT = "district"
    STREET_AND_COMMUNITY = "street_and_community"


class ServicePointKind(StrEnum):
    """The kinds of service points that the report counts."""

    STREET_SERVICE_CENTRE = "street_service_centre"
    SERVICE_STATION = "service_station"
    POLICE_ROOM = "police_room"
    ACTIVITY_CENTRE = "activity_centre"
    LIBRARY = "library"
    RESIDENTS_SCHOOL = "residents_school"


class Insurance(StrEnum):
    """养老, 医疗, 失业."""

    PENSION = "pension"
    MEDICAL = "medical"
    UNEMPLOYMENT = "unemployment"


class Approximation(StrEnum):
    """How a surveyed number was told: 约, 余, 近."""

    ABOUT = "about"
    MORE_THAN = "more_than"
    NEARLY = "nearly"


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictFacts:
    """The district; `code` is its GB/T 2260 code."""

    code: str
    name: str
    province: str
    prefecture: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetFacts:
    """A street or township with at least one community on the day; named without 街道."""

    name: str
    kind: StreetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityFacts:
    """A community that exists on the day.

    `households` is the official number of civil affairs; `approved_posts` is 0 where posts were
    never approved and so no money is appropriated; `premises_m2` is None where the area of the
    office premises is not recorded.
    """

    name: str
    street: str
    kind: CommunityKind
    households: int
    approved_posts: int
    premises_m2: Decimal | None
    one_stop: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryFacts:
    """How the communities came to be: residents' committees before the reform, rounds since.

    `about_to_be_approved` names the communities whose founding has been applied for.
    """

    before_reform: int | None = None
    adjustments: int | None = None
    about_to_be_approved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PostsFacts:
    """The approved posts of the whole district at the latest election of committees."""

    at_election: int
    elected_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCount:
    """How many people of a street's communities are there on the day."""

    street: str
    whereabouts: Whereabouts
    persons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A yearly rate in fen since a day; `inferred` where the record reads an illegible source."""

    fen: int
    since: date
    inferred: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChange:
    """The rate in force on the day and the one before it."""

    before: Rate | None = None
    after: Rate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingRatesFacts:
    """What finance appropriates a year: per approved post, per community, per factory community."""

    per_post: RateChange = RateChange()
    per_community: RateChange = RateChange()
    per_factory_community: RateChange = RateChange()


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseSteps:
    """The district's monthly base pay by step, in fen, since a day."""

    fen: tuple[int, ...]
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetPay:
    """What a street really pays monthly by step, in fen."""

    street: str
    fen: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PayFacts:
    """Base pay in force and the one before it, the insurances, and each street's own pay."""

    before: BaseSteps | None = None
    after: BaseSteps | None = None
    insurances: tuple[Insurance, ...] = ()
    by_street: tuple[StreetPay, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Investment:
    """Money invested in facilities, in fen."""

    source: MoneySource
    fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedProjects:
    """Building projects applied for: communities they reach, their budget and the reward fund."""

    communities: int
    fen: int
    reward_fund_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomGroup:
    """A group of rooms that every community is to have, such as 四室."""

    name: str
    rooms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilitiesFacts:
    """Finished works, the money for them, and what is planned.

    `centres_*` name the streets whose service centre was built or rebuilt.
    """

    investments: tuple[Investment, ...] = ()
    centres_new: tuple[str, ...] = ()
    centres_rebuilt: tuple[str, ...] = ()
    premises_new: int = 0
    premises_rebuilt: int = 0
    planned: PlannedProjects | None = None
    rooms: tuple[RoomGroup, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePointCount:
    """How many service points of a kind there are on the day."""

    kind: ServicePointKind
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicesFacts:
    """The series of services, the service points and the volunteer teams, each by its name."""

    series: tuple[str, ...] = ()
    points: tuple[ServicePointCount, ...] = ()
    volunteer_teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyValue:
    """A number told in a survey of the communities, and how exactly it was told."""

    value: int
    approximation: Approximation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyFacts:
    """What surveys of the communities recorded; nothing of it can be counted from other records.

    `secondment_per_mille` is the secondment rate that an earlier report published.
    """

    regular_inspections: SurveyValue | None = None
    inspection_subjects: tuple[str, ...] = ()
    campaign_subjects: tuple[str, ...] = ()
    family_planning_levels: tuple[str, ...] = ()
    family_planning_rounds: tuple[str, ...] = ()
    plaques: SurveyValue | None = None
    ledger_books: SurveyValue | None = None
    tasks: SurveyValue | None = None
    unfunded_tasks: SurveyValue | None = None
    secondment_per_mille: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityBuildingFacts:
    """All facts of the community-building report; streets in their official order."""

    on: date
    district: DistrictFacts
    streets: tuple[StreetFacts, ...]
    communities: tuple[CommunityFacts, ...]
    history: HistoryFacts = HistoryFacts()
    posts: PostsFacts | None = None
    staff: tuple[StaffCount, ...] = ()
    funding_rates: FundingRatesFacts = FundingRatesFacts()
    pay: PayFacts = PayFacts()
    facilities: FacilitiesFacts = FacilitiesFacts()
    services: ServicesFacts = ServicesFacts()
    survey: SurveyFacts = SurveyFacts()
