"""Files that personnel takes in: staff, and where each is."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.workstation.personnel.domain import Whereabouts
from services.workstation.personnel.models import Placement, Staff
from services.workstation.posts.public.records import Post
from services.workstation.registry.public import Community, community_ids, street_ids
from shared.imports.parsing import choice, civil_date, code, text
from shared.imports.records import Records, Values, ends_before_start, rejected, unknown
from shared.imports.table import Column, Rejected, Template
from shared.kernel.text import Text

WHEREABOUTS = {
    "在岗": Whereabouts.ON_DUTY.value,
    "借调街道": Whereabouts.SECONDED_TO_STREET.value,
    "离岗退养": Whereabouts.OFF_POST.value,
    "借调区直": Whereabouts.SECONDED_TO_DISTRICT.value,
    "自聘": Whereabouts.SELF_HIRED.value,
}
SEXES = {"男": "male", "女": "female"}


def _staff(values: Mapping[str, Any], _references: Any) -> Values | Rejected:
    if values["left_on"] is not None and values["left_on"] < values["hired_on"]:
        return ends_before_start("left_on")
    return dict(values)


async def _references(session: AsyncSession) -> dict[str, dict[str, Any]]:
    staff = await session.execute(select(Staff.code, Staff.id))
    posts = await session.execute(
        select(Post.code, Post.id, Post.community_id, Community.street_id).join(
            Community, (Community.district == Post.district) & (Community.id == Post.community_id)
        )
    )
    return {
        "staff": {row.code: row.id for row in staff},
        "posts": {row.code: row for row in posts},
        "streets": await street_ids(session),
        "communities": await community_ids(session),
    }


def _placement(
    values: Mapping[str, Any], references: Mapping[str, Mapping[str, Any]]
) -> Values | Rejected:
    staff = references["staff"].get(values["staff_code"])
    if staff is None:
        return unknown("staff_code", Text(zh="工作人员", en="staff"), values["staff_code"])
    if values["ends_on"] is not None and values["ends_on"] <= values["starts_on"]:
        return ends_before_start("ends_on")
    place = _self_hired if values["whereabouts"] == Whereabouts.SELF_HIRED else _on_a_post
    found = place(values, references)
    if isinstance(found, Rejected):
        return found
    own = ("whereabouts", "host", "starts_on", "ends_on")
    return {"staff_id": staff, **found, **{name: values[name] for name in own}}


def _self_hired(
    values: Mapping[str, Any], references: Mapping[str, Mapping[str, Any]]
) -> Values | Rejected:
    if values["post_code"] is not None:
        return rejected(
            "post_code",
            "self_hired_on_post",
            Text(zh="自聘人员不占核定岗位。", en="The self-hired hold no approved post."),
            Text(zh="请清空岗位编号，填写街道代码。", en="Empty this cell and name the street."),
        )
    street = references["streets"].get(values["street_code"])
    if street is None:
        what = Text(zh="街道", en="street")
        return unknown("street_code", what, values["street_code"] or "")
    community = None
    if values["community_code"] is not None:
        community = references["communities"].get(values["community_code"])
        if community is None:
            what = Text(zh="社区", en="community")
            return unknown("community_code", what, values["community_code"])
    return {"post_id": None, "street_id": street, "community_id": community}


def _on_a_post(
    values: Mapping[str, Any], references: Mapping[str, Mapping[str, Any]]
) -> Values | Rejected:
    post = references["posts"].get(values["post_code"])
    if post is None:
        return unknown("post_code", Text(zh="核定岗位", en="post"), values["post_code"] or "")
    return {"post_id": post.id, "street_id": post.street_id, "community_id": post.community_id}


STAFF = Records(
    template=Template(
        "staff",
        Text(zh="工作人员", en="staff"),
        (
            Column("code", Text("工号", "Staff code"), code(), "G0001"),
            Column("name", Text("姓名", "Person's name"), text(40), "王秀英", personal=True),
            Column("sex", Text("性别", "Sex"), choice(SEXES), "女"),
            Column("hired_on", Text("聘用日期", "Hired on"), civil_date, "2012-03-01"),
            Column("left_on", Text("离职日期", "Left on"), civil_date, "", required=False),
        ),
    ),
    model=Staff,
    key=("code",),
    resolve=_staff,
)
PLACEMENTS = Records(
    template=Template(
        "placements",
        Text(zh="人员去向", en="placements"),
        (
            Column("staff_code", Text("工号", "Staff code"), code(), "G0001"),
            Column("whereabouts", Text("去向", "Whereabouts"), choice(WHEREABOUTS), "在岗"),
            Column(
                "post_code",
                Text("岗位编号", "Post code"),
                code(),
                "421002001001-1",
                Text(zh="自聘人员留空", en="Empty for the self-hired"),
                required=False,
            ),
            Column(
                "street_code",
                Text("街道代码", "Street code"),
                code(),
                "",
                Text(zh="仅自聘人员填写", en="For the self-hired only"),
                required=False,
            ),
            Column(
                "community_code", Text("社区代码", "Community code"), code(), "", required=False
            ),
            Column("host", Text("借调单位", "Host"), text(80), "", required=False),
            Column("starts_on", Text("开始日期", "Starts on"), civil_date, "2021-12-01"),
            Column("ends_on", Text("结束日期", "Ends on"), civil_date, "", required=False),
        ),
    ),
    model=Placement,
    key=("staff_id", "starts_on"),
    load=_references,
    resolve=_placement,
)
