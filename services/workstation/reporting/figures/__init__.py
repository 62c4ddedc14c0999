"""From the facts of a district to the figures of its report, all of them pure."""

from services.workstation.reporting.domain import Figure, ReportRules
from services.workstation.reporting.facts import CommunityBuildingFacts
from services.workstation.reporting.figures.burden import burden_figures
from services.workstation.reporting.figures.communities import community_figures
from services.workstation.reporting.figures.district import district_figures
from services.workstation.reporting.figures.facilities import facility_figures
from services.workstation.reporting.figures.indicators import indicator_figures
from services.workstation.reporting.figures.money import funding_figures, pay_figures
from services.workstation.reporting.figures.posts import post_figures
from services.workstation.reporting.figures.services import service_figures
from services.workstation.reporting.figures.staff import staff_figures


def figures_of(facts: CommunityBuildingFacts, rules: ReportRules) -> tuple[Figure, ...]:
    """Every figure of the report in its order; no key comes twice."""
    return (
        *district_figures(facts),
        *community_figures(facts),
        *post_figures(facts),
        *staff_figures(facts),
        *funding_figures(facts),
        *pay_figures(facts),
        *facility_figures(facts, rules),
        *service_figures(facts),
        *burden_figures(facts),
        *indicator_figures(facts, rules),
    )
