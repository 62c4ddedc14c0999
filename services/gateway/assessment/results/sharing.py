"""Shared results: what a department's approved requests asked for, through its own mapping, and
nothing else."""

from collections.abc import Callable, Collection
from datetime import date
from fractions import Fraction
from uuid import UUID

from sqlalchemy import and_, func, literal
from sqlalchemy.orm import aliased

from services.gateway.admission.public import Community
from services.gateway.assessment.requests.domain import RequestState, Verdict
from services.gateway.assessment.requests.models import Request, RequestItem, ScreeningVerdict
from services.gateway.assessment.requests.public import asked
from services.gateway.assessment.results.domain import ResultState, Source
from services.gateway.assessment.results.models import Result, ResultLine
from services.gateway.assessment.results.schemas import SharedResult
from services.gateway.assessment.standards.domain import Relation
from services.gateway.assessment.standards.models import ItemMapping, StandardItem
from shared.db.base import Rows
from shared.kernel.text import Text

_Found = aliased(StandardItem)
"""The item by which a line was found; its version may be another than the one asked by."""
ORDER = (ScreeningVerdict.id, ResultLine.id)


def shared_results(departments: Collection[UUID] | None) -> Rows:
    """Final lines of the items and communities that departments' approved requests asked for, by
    their own codes; None for all departments."""
    query = (
        asked(
            ScreeningVerdict.id.label("verdict_id"), ResultLine.id.label("line_id"),
            Request.id.label("request_id"), Request.reference, Request.department_id,
            RequestItem.code, RequestItem.title,
            func.coalesce(ItemMapping.relation, literal(Relation.EQUAL.value)).label("relation"),
            _Found.code.label("item_code"), _Found.title.label("item_title"), _Found.kind,
            ResultLine.community_id, Community.name.label("community_name"),
            ResultLine.value, ResultLine.share, ResultLine.source, ResultLine.found_on,
            ResultLine.valid_until, Result.id.label("result_id"), Result.campaign_id,
        )
        .join(
            ResultLine,
            and_(
                ResultLine.district == ScreeningVerdict.district,
                ResultLine.origin_id == StandardItem.origin_id,
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
            _Found,
            and_(_Found.district == ResultLine.district, _Found.id == ResultLine.item_id),
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


TITLE = Text("共享成果", "Shared results")
COLUMNS: tuple[tuple[Text, Callable[[SharedResult], object]], ...] = (
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
