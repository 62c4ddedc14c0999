"""Files that facilities takes in: premises, facilities, projects and their money."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.facilities.domain import FacilityKind, MoneySource, ProjectKind
from services.workstation.facilities.models import Facility, Premises, Project, ProjectMoney
from services.workstation.registry.public import Community, community_ids, street_ids
from shared.imports.parsing import choice, civil_date, code, square_metres, text, yuan
from shared.imports.records import Records, Values, ends_before_start, rejected, unknown
from shared.imports.table import Column, Rejected, Template
from shared.kernel.text import Text

COMMUNITY = Text(zh="社区", en="community")
STREET = Text(zh="街道", en="street")
FACILITY_KINDS = {
    "街道服务中心": FacilityKind.STREET_SERVICE_CENTRE.value,
    "社区服务站": FacilityKind.SERVICE_STATION.value,
    "警务室": FacilityKind.POLICE_ROOM.value,
    "文体活动中心": FacilityKind.ACTIVITY_CENTRE.value,
    "图书阅览室": FacilityKind.LIBRARY.value,
    "居民学校": FacilityKind.RESIDENTS_SCHOOL.value,
    "日间照料室": FacilityKind.DAY_CARE_ROOM.value,
    "一站式服务大厅": FacilityKind.ONE_STOP_HALL.value,
    "居民说事厅": FacilityKind.TALK_HALL.value,
    "慈善捐赠点": FacilityKind.DONATION_POINT.value,
}
PROJECT_KINDS = {
    "新建用房": ProjectKind.PREMISES_NEW.value,
    "改扩建用房": ProjectKind.PREMISES_REBUILT.value,
    "新建街道中心": ProjectKind.CENTRE_NEW.value,
    "改扩建街道中心": ProjectKind.CENTRE_REBUILT.value,
}
SOURCES = {
    "市级以上": MoneySource.CITY_AND_ABOVE.value,
    "区级": MoneySource.DISTRICT.value,
    "街道社区自筹": MoneySource.STREET_AND_COMMUNITY.value,
}


async def _places(session: AsyncSession) -> dict[str, Mapping[str, Any]]:
    rows = await session.execute(select(Community.code, Community.id, Community.street_id))
    return {
        "communities": {row.code: row for row in rows},
        "streets": await street_ids(session),
    }


def _place(
    values: Mapping[str, Any], places: Mapping[str, Mapping[str, Any]], *, of_street: bool
) -> Values | Rejected:
    column = "street_code" if of_street else "community_code"
    other = "community_code" if of_street else "street_code"
    what = STREET if of_street else COMMUNITY
    if values[other] is not None or values[column] is None:
        return rejected(
            column,
            "place_mismatch",
            Text(
                zh=f"这一类别应填写{what.zh}代码，且只填这一项。",
                en=f"This kind belongs to a {what.en}: give its code and no other.",
            ),
            Text(zh="请更正所属地。", en="Mend the place."),
        )
    found = places["streets" if of_street else "communities"].get(values[column])
    if found is None:
        return unknown(column, what, values[column])
    if of_street:
        return {"street_id": found, "community_id": None}
    return {"street_id": found.street_id, "community_id": found.id}


def _premises(values: Mapping[str, Any], communities: Mapping[str, Any]) -> Values | Rejected:
    community = communities.get(values["community_code"])
    if community is None:
        return unknown("community_code", COMMUNITY, values["community_code"])
    return {
        "community_id": community,
        "measured_on": values["measured_on"],
        "area": values["area"],
    }


def _facility(values: Mapping[str, Any], places: Any) -> Values | Rejected:
    of_street = values["kind"] == FacilityKind.STREET_SERVICE_CENTRE
    place = _place(values, places, of_street=of_street)
    if isinstance(place, Rejected):
        return place
    if values["closed_on"] is not None and values["closed_on"] < values["opened_on"]:
        return ends_before_start("closed_on")
    own = ("code", "kind", "name", "opened_on", "closed_on")
    return {**place, **{name: values[name] for name in own}}


def _project(values: Mapping[str, Any], places: Any) -> Values | Rejected:
    of_street = values["kind"] in {ProjectKind.CENTRE_NEW, ProjectKind.CENTRE_REBUILT}
    place = _place(values, places, of_street=of_street)
    if isinstance(place, Rejected):
        return place
    if values["finished_on"] is not None and values["finished_on"] < values["planned_on"]:
        return ends_before_start("finished_on")
    own = ("code", "kind", "planned_on", "finished_on", "budget")
    return {**place, **{name: values[name] for name in own}}


async def _projects(session: AsyncSession) -> dict[str, Any]:
    rows = await session.execute(select(Project.code, Project.id))
    return {row.code: row.id for row in rows}


def _money(values: Mapping[str, Any], projects: Mapping[str, Any]) -> Values | Rejected:
    project = projects.get(values["project_code"])
    if project is None:
        return unknown("project_code", Text(zh="项目", en="project"), values["project_code"])
    if values["amount"] == 0:
        return rejected(
            "amount",
            "amount_zero",
            Text(zh="金额为零。", en="The amount is zero."),
            Text(zh="请填写实际金额，或删除此行。", en="Give the amount, or delete the row."),
        )
    return {"project_id": project, "source": values["source"], "amount": values["amount"]}


_COMMUNITY_CODE = Column(
    "community_code", Text("社区代码", "Community code"), code(), "421002001001", required=False
)
_STREET_CODE = Column(
    "street_code",
    Text("街道代码", "Street code"),
    code(),
    "",
    Text(zh="仅街道服务中心填写", en="For street service centres only"),
    required=False,
)
PREMISES = Records(
    template=Template(
        "premises",
        Text(zh="办公服务用房", en="premises"),
        (
            Column("community_code", Text("社区代码", "Community code"), code(), "421002001001"),
            Column("measured_on", Text("测量日期", "Measured on"), civil_date, "2023-06-30"),
            Column("area", Text("面积（平方米）", "Area (m2)"), square_metres, "312.5"),
        ),
    ),
    model=Premises,
    key=("community_id", "measured_on"),
    load=community_ids,
    resolve=_premises,
)
FACILITIES = Records(
    template=Template(
        "facilities",
        Text(zh="设施与服务阵地", en="facilities"),
        (
            Column("code", Text("设施编号", "Facility code"), code(), "F0001"),
            Column("kind", Text("类别", "Kind"), choice(FACILITY_KINDS), "图书阅览室"),
            Column("name", Text("名称", "Name"), text(80), "航空路社区图书阅览室"),
            _COMMUNITY_CODE,
            _STREET_CODE,
            Column("opened_on", Text("启用日期", "Opened on"), civil_date, "2022-05-01"),
            Column("closed_on", Text("停用日期", "Closed on"), civil_date, "", required=False),
        ),
    ),
    model=Facility,
    key=("code",),
    load=_places,
    resolve=_facility,
)
PROJECTS = Records(
    template=Template(
        "projects",
        Text(zh="建设项目", en="projects"),
        (
            Column("code", Text("项目编号", "Project code"), code(), "P0001"),
            Column("kind", Text("类别", "Kind"), choice(PROJECT_KINDS), "新建用房"),
            _COMMUNITY_CODE,
            _STREET_CODE,
            Column("planned_on", Text("立项日期", "Planned on"), civil_date, "2022-03-01"),
            Column("finished_on", Text("竣工日期", "Finished on"), civil_date, "", required=False),
            Column("budget", Text("计划投资（元）", "Budget (yuan)"), yuan, "300000"),
        ),
    ),
    model=Project,
    key=("code",),
    load=_places,
    resolve=_project,
)
PROJECT_MONEY = Records(
    template=Template(
        "project_money",
        Text(zh="项目资金", en="money of projects"),
        (
            Column("project_code", Text("项目编号", "Project code"), code(), "P0001"),
            Column("source", Text("资金来源", "Source"), choice(SOURCES), "区级"),
            Column("amount", Text("金额（元）", "Amount (yuan)"), yuan, "120000"),
        ),
    ),
    model=ProjectMoney,
    key=("project_id", "source"),
    load=_projects,
    resolve=_money,
)
