"""What a tour adds up."""

from dataclasses import dataclass, field
from typing import Any

from services.cli.tours.stage import Stage
from shared.kernel.money import Money
from shared.kernel.text import Text


@dataclass
class Told:
    """What was refused, by rule, and what was paid, in fen."""

    refusals: dict[str, int] = field(default_factory=dict)
    paid: int = 0

    def refused(self, stage: Stage, problem: dict[str, Any]) -> None:
        """Tell a refusal and count it."""
        stage.tell_refusal(problem)
        for error in problem["errors"] or [problem]:
            self.refusals[error["code"]] = self.refusals.get(error["code"], 0) + 1


async def sum_up(stage: Stage, told: Told) -> None:
    """The end of the story: this tour, and the year so far."""
    stage.chapter(Text("小结", "All in all"))
    codes = ", ".join(f"{code} ×{number}" for code, number in sorted(told.refusals.items()))
    stage.tell(
        Text(
            zh=f"本次演示：拒绝 {sum(told.refusals.values())} 处（{codes}），"
            f"支付 {Money(told.paid)} 元。",
            en=f"This tour: {sum(told.refusals.values())} grounds of refusal ({codes}), "
            f"{Money(told.paid)} yuan paid.",
        )
    )
    refused = await stage.act_as("leading").everything("/v1/admission/dispatch-refusals?limit=200")
    statement = await stage.get("finance", "/v1/workstation/funds/statement?by=source")
    work = next((row for row in statement["rows"] if row["key"] == "item"), statement["total"])
    stage.tell(
        Text(
            zh=f"今年以来：拒绝下派 {len(refused)} 次；准入事项支付 {Money(work['paid'])} 元，"
            f"待支付 {Money(work['payable'])} 元；账目差额 {statement['reconciliation']}。",
            en=f"This year: {len(refused)} dispatches refused; {Money(work['paid'])} yuan paid for "
            f"admitted items, {Money(work['payable'])} to be paid; the books are off by "
            f"{statement['reconciliation']}.",
        )
    )
    reuse = (await stage.get("civil", "/v1/workstation/ledger/reuse"))["total"]
    stage.tell(
        Text(
            zh=f"报表：社区共被要求 {reuse['values']} 个数据，台账直接提供 {reuse['from_ledger']} 个，"
            f"并入已有补采 {reuse['joined']} 个，只补采 {reuse['asked']} 个；"
            f"社区免填报表 {reuse['forms_avoided']} 份（共 {reuse['forms']} 份）。",
            en=f"Forms: of {reuse['values']} values asked of communities the ledger gave "
            f"{reuse['from_ledger']}, {reuse['joined']} joined a question that stood already, "
            f"{reuse['asked']} were asked; {reuse['forms_avoided']} of {reuse['forms']} forms were "
            "avoided.",
        )
    )
