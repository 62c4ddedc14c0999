"""Files that organisation takes in: committees, terms, members."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.organisation.domain import Leaving, Position, Sex
from services.committee.organisation.models import Committee, Community, Member, Term
from shared.imports.parsing import choice, civil_date, code, integer, text
from shared.imports.records import Records, Values, ends_before_start, rejected, unknown
from shared.imports.table import Column, Rejected, Template
from shared.kernel.text import Text

COMMUNITY = Text(zh="社区", en="community")
COMMITTEE = Text(zh="居民委员会", en="committee")
TERM = Text(zh="届次", en="term")
POSITIONS = {
    "主任": Position.CHAIR.value,
    "副主任": Position.VICE_CHAIR.value,
    "委员": Position.MEMBER.value,
}
SEXES = {"男": Sex.MALE.value, "女": Sex.FEMALE.value}
LEAVING = {
    "辞职": Leaving.RESIGNED.value,
    "罢免": Leaving.RECALLED.value,
    "丧失行为能力": Leaving.INCAPACITATED.value,
    "评议不称职": Leaving.FAILED_EVALUATION.value,
    "迁出": Leaving.MOVED.value,
    "去世": Leaving.DIED.value,
}


async def community_ids(session: AsyncSession) -> dict[str, Any]:
    """Ids of the district's communities by code, as the registry last told of them."""
    rows = await session.execute(select(Community.code, Community.id))
    return {row.code: row.id for row in rows}


async def _committees(session: AsyncSession) -> dict[str, Any]:
    rows = await session.execute(select(Committee.code, Committee.id))
    return {row.code: row.id for row in rows}


async def _terms(session: AsyncSession) -> dict[tuple[str, int], Any]:
    rows = await session.execute(
        select(Committee.code, Term.number, Term.id).join(
            Committee,
            (Committee.district == Term.district) & (Committee.id == Term.committee_id),
        )
    )
    return {(row.code, row.number): row.id for row in rows}


def _committee(values: Mapping[str, Any], communities: Mapping[str, Any]) -> Values | Rejected:
    community = communities.get(values["community_code"])
    if community is None:
        return unknown("community_code", COMMUNITY, values["community_code"])
    kept = {name: value for name, value in values.items() if name != "community_code"}
    return {**kept, "community_id": community}


def _term(values: Mapping[str, Any], committees: Mapping[str, Any]) -> Values | Rejected:
    committee = committees.get(values["committee_code"])
    if committee is None:
        return unknown("committee_code", COMMITTEE, values["committee_code"])
    if values["ends_on"] <= values["starts_on"]:
        return ends_before_start("ends_on")
    return {
        "committee_id": committee,
        "number": values["number"],
        "starts_on": values["starts_on"],
        "ends_on": values["ends_on"],
    }


def _member(values: Mapping[str, Any], terms: Mapping[tuple[str, int], Any]) -> Values | Rejected:
    term = terms.get((values["committee_code"], values["term_number"]))
    if term is None:
        return unknown("term_number", TERM, f"{values['committee_code']}/{values['term_number']}")
    if (values["left_on"] is None) != (values["left_because"] is None):
        return rejected(
            "left_because",
            "left_incomplete",
            Text(
                zh="离任日期和离任原因必须同时填写。",
                en="The day and the reason of leaving go together.",
            ),
            Text(zh="请补齐或都留空。", en="Give both or neither."),
        )
    own = ("number", "name", "sex", "position", "left_on", "left_because")
    return {"term_id": term, **{name: values[name] for name in own}}


COMMITTEES = Records(
    template=Template(
        "committees",
        COMMITTEE,
        (
            Column("code", Text("居委会代码", "Committee code"), code(), "421002001001"),
            Column("name", Text("居委会名称", "Name"), text(80), "航空路社区居民委员会"),
            Column("community_code", Text("社区代码", "Community code"), code(), "421002001001"),
            Column("established_on", Text("设立日期", "Established on"), civil_date, "2003-05-20"),
        ),
    ),
    model=Committee,
    key=("code",),
    load=community_ids,
    resolve=_committee,
)
TERMS = Records(
    template=Template(
        "terms",
        TERM,
        (
            Column("committee_code", Text("居委会代码", "Committee code"), code(), "421002001001"),
            Column("number", Text("届次", "Term number"), integer(1, 99), "6"),
            Column("starts_on", Text("起始日期", "Starts on"), civil_date, "2021-12-01"),
            Column(
                "ends_on",
                Text("届满日期", "Ends on"),
                civil_date,
                "2026-12-01",
                Text(zh="届满后的第一天", en="The first day after it"),
            ),
        ),
    ),
    model=Term,
    key=("committee_id", "number"),
    load=_committees,
    resolve=_term,
)
MEMBERS = Records(
    template=Template(
        "members",
        Text(zh="居委会成员", en="committee members"),
        (
            Column("committee_code", Text("居委会代码", "Committee code"), code(), "421002001001"),
            Column("term_number", Text("届次", "Term number"), integer(1, 99), "6"),
            Column("number", Text("序号", "Order"), integer(1, 99), "1"),
            Column("name", Text("姓名", "Person's name"), text(40), "李建国"),
            Column("sex", Text("性别", "Sex"), choice(SEXES), "男"),
            Column("position", Text("职务", "Position"), choice(POSITIONS), "主任"),
            Column("left_on", Text("离任日期", "Left on"), civil_date, "", required=False),
            Column("left_because", Text("离任原因", "Reason"), choice(LEAVING), "", required=False),
        ),
    ),
    model=Member,
    key=("term_id", "number"),
    load=_terms,
    resolve=_member,
)
