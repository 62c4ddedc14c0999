"""Answers of reporting."""

from datetime import date
from decimal import Decimal

from pydantic import BaseModel, Field

from services.workstation.reporting.domain import Figure, FigureValue, Report, Source, Unit
from shared.kernel.text import Language
from shared.web.problem import RuleView


class FigureView(BaseModel):
    """One figure: its key in the district's terms, its value, and what it takes to check it."""

    key: str = Field(examples=["staff.on_duty"])
    label: str = Field(examples=["在岗"])
    value: int | float | str | list[str] | list[int] | None = Field(
        description="Null: the district has no record of it", examples=[251]
    )
    unit: Unit = Field(examples=["persons"])
    numerator: int | None = Field(examples=[None])
    denominator: int | None = Field(examples=[None])
    source: Source = Field(description="The query it came from", examples=["reporting.staff"])
    note: str | None = Field(examples=[None])
    inferred: bool = Field(description="Read from an illegible original", examples=[False])

    @classmethod
    def of(cls, figure: Figure, language: Language) -> "FigureView":
        """The figure in the reader's language."""
        return cls(
            key=figure.key,
            label=figure.label.in_language(language),
            value=_plain(figure.value),
            unit=figure.unit,
            numerator=figure.numerator,
            denominator=figure.denominator,
            source=figure.source,
            note=None if figure.note is None else figure.note.in_language(language),
            inferred=figure.inferred,
        )


class ReportView(BaseModel):
    """The community-building report of a day."""

    district: str = Field(examples=["421002"])
    title: str = Field(examples=["关于沙市区社区建设情况的报告"])
    on: date = Field(examples=["2023-12-31"])
    prepared_on: date = Field(examples=["2024-01-05"])
    figures: list[FigureView]
    rules: list[RuleView]

    @classmethod
    def of(cls, report: Report, title: str, language: Language) -> "ReportView":
        """The report in the reader's language."""
        return cls(
            district=report.facts.district.code,
            title=title,
            on=report.facts.on,
            prepared_on=report.prepared_on,
            figures=[FigureView.of(figure, language) for figure in report.figures],
            rules=[RuleView.of(rule) for rule in report.rules.applied],
        )


def _plain(value: FigureValue) -> int | float | str | list[str] | list[int] | None:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, tuple):
        return list(value)  # type: ignore[return-value]  # of one kind each
    return value
