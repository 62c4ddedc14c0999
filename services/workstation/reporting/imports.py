"""Files that reporting takes in: what only surveys know."""

from collections.abc import Mapping
from typing import Any

from services.workstation.reporting.models import SurveyFinding
from shared.imports.parsing import choice, civil_date, integer, text
from shared.imports.records import Records, Values, rejected
from shared.imports.table import Column, Rejected, Template
from shared.kernel.text import Text

INDICATORS = {
    "常规检查次数": "regular_inspections",
    "检查内容": "inspection_subjects",
    "创建活动": "campaign_subjects",
    "计生考核级别": "family_planning_levels",
    "计生考核轮次": "family_planning_rounds",
    "挂牌数": "plaques",
    "台账本数": "ledger_books",
    "抽调率（千分比）": "secondment_per_mille",
}
APPROXIMATIONS = {"约": "about", "余": "more_than", "近": "nearly"}


def _finding(values: Mapping[str, Any], _references: Any) -> Values | Rejected:
    if (values["value"] is None) == (values["items"] is None):
        return rejected(
            "value",
            "survey_told",
            Text(zh="数值和名目必须且只能填一项。", en="Give either a number or names."),
            Text(zh="请只填其中一项。", en="Fill exactly one of the two."),
        )
    return dict(values)


SURVEY_FINDINGS = Records(
    template=Template(
        "survey_findings",
        Text(zh="调查结果", en="survey findings"),
        (
            Column("surveyed_on", Text("调查日期", "Surveyed on"), civil_date, "2023-12-31"),
            Column("indicator", Text("指标", "Indicator"), choice(INDICATORS), "台账本数"),
            Column("value", Text("数值", "Number"), integer(0, 1_000_000), "60", required=False),
            Column(
                "approximation",
                Text("约数", "Approximation"),
                choice(APPROXIMATIONS),
                "",
                required=False,
            ),
            Column(
                "items",
                Text("名目", "Names"),
                text(500),
                "",
                Text(zh="用分号分隔", en="Separated by semicolons"),
                required=False,
            ),
            Column("source", Text("来源", "Source"), text(200), "社区建设调研报告"),
        ),
    ),
    model=SurveyFinding,
    key=("surveyed_on", "indicator"),
    resolve=_finding,
)
