"""Files that the hall takes in: matters that were settled before the platform, with their days,
so that statistics and search know the years before it. What is settled is not changed by a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.hall import searching
from services.committee.hall.domain import CATEGORIES, Channel, MatterState
from services.committee.hall.models.matters import Matter, Raiser, Rating
from services.committee.hall.words import pairs
from services.committee.organisation.public import community_ids
from shared.audit.record import Actor
from shared.imports.parsing import choice, civil_date, code, integer, text, yes_no
from shared.imports.records import rejected, unknown
from shared.imports.table import Column, Counts, Rejected, Template
from shared.kernel.clock import day_of, start_of
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.personal_data import personal_number_issues
from shared.kernel.text import Text

Values = Mapping[str, Any]
COMMUNITY = Text("社区", "community")
CHANNELS = {"网上": Channel.WEB.value, "电话": Channel.PHONE.value, "当面": Channel.IN_PERSON.value}
MORNING = timedelta(hours=10)
_TEXTS = ("title", "content", "place", "result")
_DAYS = ("raised_on", "answered_on", "result_on", "closed_on")
TEMPLATE = Template(
    "settled_matters",
    Text("已办结的居民说事", "settled matters"),
    (
        Column("code", Text("编号", "Code"), code(), "2025-0001"),
        Column("community_code", Text("社区代码", "Community code"), code(), "421002001001"),
        Column("title", Text("标题", "Title"), text(120), "3号楼门前路灯不亮"),
        Column("content", Text("内容", "Content"), text(4000), "两盏路灯坏了半个多月。"),
        Column(
            "category",
            Text("类别", "Category"),
            choice({title.zh: value.value for value, title in CATEGORIES.items()}),
            "公共设施",
        ),
        Column("place", Text("地点", "Place"), text(120), "3号楼门前", required=False),
        Column("channel", Text("渠道", "Channel"), choice(CHANNELS), "当面"),
        Column("anonymous", Text("匿名", "Anonymous"), yes_no, "否"),
        Column("supporters", Text("附议人数", "Supporters"), integer(0, 100_000), "12"),
        Column("raised_on", Text("提出日期", "Raised on"), civil_date, "2025-12-05"),
        Column("answered_on", Text("答复日期", "Answered on"), civil_date, "2025-12-06"),
        Column("result", Text("结果", "Result"), text(4000), "已更换两盏路灯。"),
        Column("result_on", Text("结果日期", "Result on"), civil_date, "2025-12-10"),
        Column("closed_on", Text("办结日期", "Closed on"), civil_date, "2025-12-12"),
        Column(
            "score",
            Text("评分", "Score"),
            integer(1, 5),
            "5",
            Text("1 到 5 分，未评的留空", "1 to 5; empty where nobody judged"),
            required=False,
        ),
    ),
)


@dataclass(slots=True)
class _Context:
    communities: Mapping[str, UUID]
    there: dict[str, dict[str, Any]]
    seen: set[str] = field(default_factory=set)


class SettledMatters:
    """The kind of file; see `ImportKind`."""

    template = TEMPLATE

    async def prepare(self, session: AsyncSession, _district: str) -> _Context:
        """Communities, and what is there already."""
        rows = await session.execute(
            select(Matter, Rating.score).outerjoin(
                Rating, (Rating.district == Matter.district) & (Rating.matter_id == Matter.id)
            )
        )
        there = {matter.code: _told(matter, score) for matter, score in rows}
        return _Context(await community_ids(session), there)

    def check(self, values: Values, context: _Context) -> dict[str, Any] | Rejected:
        """A row as it is kept, or its faults; one that is there already must be the same."""
        community = context.communities.get(values["community_code"])
        if community is None:
            return unknown("community_code", COMMUNITY, values["community_code"])
        days = [values[name] for name in _DAYS]
        if days != sorted(days):
            return rejected(
                "closed_on",
                "days_disordered",
                Text(
                    "日期须依次为提出、答复、结果、办结。",
                    "It is raised, answered, has its result and is closed in this order.",
                ),
                Text("请更正日期。", "Mend the days."),
            )
        issues = personal_number_issues((name, values[name] or "") for name in _TEXTS)
        if issues:
            return Rejected(tuple((issue.pointer, _masked(issue)) for issue in issues))
        row = {name: values[name] for name in values if name != "community_code"}
        row |= {"community_id": community, "place": values["place"] or ""}
        there = context.there.get(values["code"])
        if values["code"] in context.seen or (there is not None and there != row):
            return rejected(
                "code",
                "code_taken",
                Text("该编号已用于另一件事。", "The code belongs to another matter."),
                Text("已办结的事项不能改写，请换一个编号。", "What is settled stays; use another."),
            )
        context.seen.add(values["code"])
        return row

    async def apply(
        self, session: AsyncSession, actor: Actor, rows: Sequence[dict[str, Any]], context: _Context
    ) -> Counts:
        """Add what is not there yet."""
        fresh = [row for row in rows if row["code"] not in context.there]
        matters = [_matter(actor.district, row) for row in fresh]
        session.add_all(matters)
        await session.flush()
        if matters:
            raisers = [{"district": one.district, "matter_id": one.id} for one in matters]
            await session.execute(insert(Raiser), raisers)
            ratings = [
                _rating(matter, row["score"])
                for matter, row in zip(matters, fresh, strict=True)
                if row["score"] is not None
            ]
            session.add_all(ratings)
            await searching.index(session, matters)
        return Counts(created=len(fresh), unchanged=len(rows) - len(fresh))


SETTLED_MATTERS = SettledMatters()


def _morning(day: date) -> datetime:
    return start_of(day) + MORNING


def _matter(district: str, row: Mapping[str, Any]) -> Matter:
    raised_at = _morning(row["raised_on"])
    return Matter(
        district=district,
        id=new_id(raised_at),
        community_id=row["community_id"],
        code=row["code"],
        title=row["title"],
        content=row["content"],
        category=row["category"],
        place=row["place"],
        channel=row["channel"],
        anonymous=row["anonymous"],
        state=MatterState.CLOSED.value,
        supporters=row["supporters"],
        paper_supporters=row["supporters"],
        pair_count=len(pairs(f"{row['title']} {row['content']} {row['place']}")),
        result=row["result"],
        closed_by="limit" if row["score"] is None else "word",
        raised_at=raised_at,
        first_answered_at=_morning(row["answered_on"]),
        resulted_at=_morning(row["result_on"]),
        closed_at=_morning(row["closed_on"]),
    )


def _rating(matter: Matter, score: int) -> Rating:
    return Rating(
        district=matter.district,
        id=new_id(),
        matter_id=matter.id,
        round=1,
        score=score,
        entered=True,
        at=matter.closed_at,
    )


def _told(matter: Matter, score: int | None) -> dict[str, Any]:
    """A matter as a row of a file; None in a day that it has not reached."""
    moments = (
        matter.raised_at,
        matter.first_answered_at,
        matter.resulted_at,
        matter.closed_at,
    )
    days = [day_of(moment) if moment is not None else None for moment in moments]
    names = ("code", "community_id", "title", "content", "category", "place", "channel")
    return {
        **{name: getattr(matter, name) for name in (*names, "anonymous", "result")},
        **dict(zip(_DAYS, days, strict=True)),
        "supporters": matter.paper_supporters,
        "score": score,
    }


def _masked(issue: Issue) -> Issue:
    return Issue(
        code=issue.code,
        detail=issue.detail,
        remedy=Text("请删去该号码。", "Leave the number out."),
    )
