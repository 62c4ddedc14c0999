"""Shared results: what a department's approved requests asked for, through its own mapping, and
nothing else."""

import io
from collections.abc import Callable, Collection, Sequence
from datetime import date
from fractions import Fraction
from uuid import UUID

from sqlalchemy import and_, func, literal, select

from services.gateway.admission.public import Community
from services.gateway.assessment.requests.domain import RequestState, Verdict
from services.gateway.assessment.requests.models import Request, RequestItem, ScreeningVerdict
from services.gateway.assessment.results.domain import ResultState, Source
from services.gateway.assessment.results.models import Result, ResultLine
from services.gateway.assessment.results.schemas import SharedResult
from services.gateway.assessment.standards.domain import Relation
from services.gateway.assessment.standards.models import ItemMapping, StandardItem
from shared.db.base import Rows
from shared.kernel.text import Language, Text

ORDER = (ScreeningVerdict.id, ResultLine.id)
MOST_ROWS = 50_000


def shared_results(departments: Collection[UUID] | None) -> Rows:
    """Final lines of the items and communities that departments' approved requests asked for, by
    their own codes; None for all departments."""
    asked = StandardItem.__table__.alias("asked_item")
    query: Rows = (
        select(
            ScreeningVerdict.id.label("verdict_id"), ResultLine.id.label("line_id"),
            Request.id.label("request_id"), Request.reference, Request.department_id,
            RequestItem.code, RequestItem.title,
            func.coalesce(ItemMapping.relation, literal(Relation.EQUAL.value)).label("relation"),
            StandardItem.code.label("item_code"), StandardItem.title.label("item_title"),
            StandardItem.kind, ResultLine.community_id, Community.name.label("community_name"),
            ResultLine.value, ResultLine.share, ResultLine.source, ResultLine.found_on,
            ResultLine.valid_until, Result.id.label("result_id"), Result.campaign_id,
        )
        .select_from(ScreeningVerdict)
        .join(
            RequestItem,
            and_(
                RequestItem.district == ScreeningVerdict.district,
                RequestItem.id == ScreeningVerdict.request_item_id,
            ),
        )
        .join(
            Request,
            and_(
                Request.district == ScreeningVerdict.district,
                Request.id == ScreeningVerdict.request_id,
                Request.submission == ScreeningVerdict.submission,
            ),
        )
        .outerjoin(
            ItemMapping,
            and_(
                ItemMapping.district == RequestItem.district,
                ItemMapping.department_item_id == RequestItem.department_item_id,
                ItemMapping.standard_id == Request.standard_id,
                ItemMapping.ended_on.is_(None),
            ),
        )
        .join(
            asked,
            and_(
                asked.c.district == RequestItem.district,
                asked.c.id == func.coalesce(RequestItem.item_id, ItemMapping.item_id),
            ),
        )
        .join(
            ResultLine,
            and_(
                ResultLine.district == ScreeningVerdict.district,
                ResultLine.origin_id == asked.c.origin_id,
                ResultLine.community_id == ScreeningVerdict.community_id,
            ),
        )
        .join(
            Result,
            and_(
                Result.district == ResultLine.district,
                Result.id == ResultLine.result_id,
                Result.revision == ResultLine.revision,
            ),
        )
        .join(
            StandardItem,
            and_(
                StandardItem.district == ResultLine.district, StandardItem.id == ResultLine.item_id
            ),
        )
        .join(
            Community,
            and_(
                Community.district == ResultLine.district, Community.id == ResultLine.community_id
            ),
        )
        .where(
            Request.state == RequestState.APPROVED,
            ScreeningVerdict.verdict != Verdict.REFUSED,
            Result.state == ResultState.FINAL,
            ResultLine.source != Source.NONE,
        )
    )  # fmt: skip
    return query if departments is None else query.where(Request.department_id.in_(departments))


def valid_on(query: Rows, day: date) -> Rows:
    """Only what may be shared on a day."""
    return query.where(ResultLine.found_on <= day, ResultLine.valid_until >= day)


_COLUMNS: tuple[tuple[Text, Callable[[SharedResult], object]], ...] = (
    (Text("申请编号", "Request"), lambda one: one.reference),
    (Text("部门项目代码", "Own code"), lambda one: one.code),
    (Text("部门项目", "Own item"), lambda one: one.title),
    (Text("对应关系", "Relation"), lambda one: one.relation.value),
    (Text("完全覆盖", "Complete"), lambda one: "是" if one.complete else "否"),
    (Text("统一项目代码", "Unified code"), lambda one: one.item_code),
    (Text("统一项目", "Unified item"), lambda one: one.item_title),
    (Text("社区", "Community"), lambda one: one.community_name),
    (Text("值", "Value"), lambda one: one.value),
    (Text("得分率%", "Share %"), lambda one: percent(one.share)),
    (Text("来源", "Source"), lambda one: one.source.value),
    (Text("认定日期", "Found on"), lambda one: one.found_on),
    (Text("有效至", "Valid until"), lambda one: one.valid_until),
)


def percent(share: str) -> str:
    """An exact share as a percentage with two decimals, rounded half up."""
    hundredths = Fraction(share) * 10_000
    whole = (2 * hundredths.numerator + hundredths.denominator) // (2 * hundredths.denominator)
    return f"{whole // 100}.{whole % 100:02d}"


def as_workbook(results: Sequence[SharedResult], language: Language) -> bytes:
    """A workbook with one sheet; everything is text, no text is a formula."""
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "constant_memory": True}) as book:
        sheet = book.add_worksheet(Text("共享成果", "Shared results").in_language(language))
        sheet.set_column(0, len(_COLUMNS) - 1, 16)
        for at, (head, _) in enumerate(_COLUMNS):
            sheet.write_string(0, at, head.in_language(language))
        for line, one in enumerate(results, start=1):
            for at, (_, cell) in enumerate(_COLUMNS):
                sheet.write_string(line, at, str(cell(one)))
    return content.getvalue()
