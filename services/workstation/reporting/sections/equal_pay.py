"""Problem four: the streets pay the same step differently (同城同工不同酬)."""

from services.workstation.reporting.domain import Source, yuan
from services.workstation.reporting.facts import StreetPay
from services.workstation.reporting.figures.indicators import pay_spreads
from services.workstation.reporting.wording import number
from services.workstation.reporting.writer import Writer
from shared.kernel.text import Text


def write_equal_pay(writer: Writer) -> None:
    """The problem with the table of each street's pay."""
    writer.heading(2, Text("（四）工资待遇执行标准", "4. Standards of pay"))
    paid = writer.report.facts.pay.by_street
    writer.paragraph(_base(writer), _streets(writer, paid))
    if paid:
        _table(writer, paid)


def _base(writer: Writer) -> Text | None:
    if not writer.knows("pay.monthly_base_steps.after"):
        return None
    steps = writer.shown("pay.monthly_base_steps.after")
    return Text(
        f"全区月工资基本标准为{steps}元。",
        f"The district's monthly base pay by step is {steps} yuan.",
    )


def _streets(writer: Writer, paid: tuple[StreetPay, ...]) -> Text:
    if not paid:
        return Text(
            "各街道实际执行的工资标准无记录，暂不能比较“同城同工不同酬”的差额。",
            "There is no record of what each street pays, so it cannot be compared.",
        )
    spread = writer.shown("indicators.pay.widest_spread")
    standards = writer.shown("indicators.pay.standards")
    table = writer.next_table
    if spread == "0":
        return Text(
            f"有工资标准记录的{len(paid)}个街道同档月工资没有差额（见{table.zh}）。",
            f"The {len(paid)} streets on record pay every step alike ({table.en}).",
        )
    return Text(
        f"有工资标准记录的{len(paid)}个街道共执行{standards}种标准，同档月工资最大相差"
        f"{spread}元，“同城同工不同酬”现象仍然存在（见{table.zh}）。",
        f"The {len(paid)} streets on record follow {standards} standards; the same step differs "
        f"by up to {spread} yuan a month ({table.en}).",
    )


def _table(writer: Writer, paid: tuple[StreetPay, ...]) -> None:
    steps = len(pay_spreads(writer.report.facts))
    spreads = writer.say(Text("最大差额", "Widest spread"))
    writer.table(
        Text("各街道月工资标准（元/月）", "Monthly pay by street (yuan)"),
        (
            (Text("街道", "Street"), 4, False),
            *((Text(f"第{step}档", f"Step {step}"), 3, True) for step in range(1, steps + 1)),
        ),
        [
            *((street.street, *(_yuan(fen) for fen in street.fen[:steps])) for street in paid),
            (spreads, *(_yuan(fen) for fen in pay_spreads(writer.report.facts))),
        ],
        Source.PAY,
        total=True,
    )


def _yuan(fen: int) -> str:
    return number(yuan(fen))
