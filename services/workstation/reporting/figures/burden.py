"""Figures `burden.*`: what a community has to bear, as surveys told it."""

from services.workstation.reporting.domain import Figure, Source, Unit
from services.workstation.reporting.facts import (
    Approximation,
    CommunityBuildingFacts,
    SurveyValue,
)
from shared.kernel.text import Text

_TOLD: dict[Approximation, Text] = {
    Approximation.ABOUT: Text("调查值，约数", "surveyed: about this number"),
    Approximation.MORE_THAN: Text("调查值，实际多于此数", "surveyed: more than this number"),
    Approximation.NEARLY: Text("调查值，实际接近此数", "surveyed: nearly this number"),
}


def burden_figures(facts: CommunityBuildingFacts) -> tuple[Figure, ...]:
    """Inspections, campaigns, plaques and ledger books of a community."""
    survey = facts.survey
    return (
        surveyed(
            "burden.regular_inspections_per_community_per_year",
            Text("每社区每年常规检查考核", "Regular inspections a community and year"),
            survey.regular_inspections,
            Unit.TIMES,
        ),
        _list(
            "inspection_subjects",
            Text("检查考核类别", "Subjects of inspections"),
            survey.inspection_subjects,
        ),
        _list(
            "campaign_subjects",
            Text("专门创建活动", "Subjects of campaigns"),
            survey.campaign_subjects,
        ),
        _list(
            "family_planning_alone.levels",
            Text("计生考核层级", "Levels that assess family planning"),
            survey.family_planning_levels,
        ),
        _list(
            "family_planning_alone.rounds",
            Text("计生考核轮次", "Rounds assessing family planning"),
            survey.family_planning_rounds,
        ),
        surveyed(
            "burden.plaques_per_community",
            Text("每社区挂牌数", "Plaques a community"),
            survey.plaques,
            Unit.PLAQUES,
        ),
        surveyed(
            "burden.ledger_books_per_half_year",
            Text("每社区半年台账", "Ledger books a community and half year"),
            survey.ledger_books,
            Unit.BOOKS,
        ),
    )


def surveyed(key: str, label: Text, told: SurveyValue | None, unit: Unit) -> Figure:
    """A number that a survey told, with how exactly it was told."""
    return Figure(
        key=key,
        label=label,
        value=None if told is None else told.value,
        unit=unit,
        source=Source.SURVEY,
        note=_TOLD[told.approximation] if told is not None and told.approximation else None,
    )


def _list(key: str, label: Text, names: tuple[str, ...]) -> Figure:
    return Figure(
        key=f"burden.{key}", label=label, value=names, unit=Unit.NAMES, source=Source.SURVEY
    )
