"""附件: every figure with what it takes to check it, and the rules that were applied."""

from services.workstation.reporting.domain import Figure
from services.workstation.reporting.wording import UNITS, number
from services.workstation.reporting.writer import SOURCES, Writer
from shared.kernel.text import Text


def write_annexes(writer: Writer) -> None:
    """Annex 1: all figures. Annex 2: rules."""
    writer.annex(Text("附件1　指标明细", "Annex 1　All figures"))
    writer.table(
        Text("全部指标", "All figures"),
        (
            (Text("序号", "No."), 3, True),
            (Text("指标", "Figure"), 14, False),
            (Text("数值", "Value"), 12, True),
            (Text("单位", "Unit"), 4, False),
            (Text("分子／分母", "Fraction"), 7, True),
            (Text("说明", "Note"), 16, False),
            (Text("数据来源", "Source"), 8, False),
            (Text("指标代码", "Key"), 17, False),
        ),
        [_figure(writer, at, figure) for at, figure in enumerate(writer.report.figures, start=1)],
    )
    writer.annex(Text("附件2　适用标准", "Annex 2　Standards applied"))
    writer.table(
        Text("计算所适用的标准", "Standards applied"),
        (
            (Text("标准", "Standard"), 8, False),
            (Text("取值", "Value"), 14, False),
            (Text("依据", "Source"), 10, False),
            (Text("施行日期", "In force from"), 5, False),
        ),
        _rules(writer),
    )


def _figure(writer: Writer, at: int, figure: Figure) -> tuple[str, ...]:
    fraction = ""
    if figure.numerator is not None and figure.denominator is not None:
        fraction = f"{number(figure.numerator)}/{number(figure.denominator)}"
    return (
        str(at),
        writer.say(figure.label),
        writer.shown(figure.key),
        writer.say(UNITS[figure.unit]),
        fraction,
        "" if figure.note is None else writer.say(figure.note),
        writer.say(SOURCES[figure.source]),
        figure.key,
    )


def _rules(writer: Writer) -> list[tuple[str, ...]]:
    rules = writer.report.rules
    bands = [
        Text(
            f"{band.households_from}户以上（含）"
            + ("" if band.households_below is None else f"、不足{band.households_below}户")
            + f"：{band.posts}人",
            f"from {band.households_from}"
            + ("" if band.households_below is None else f" to below {band.households_below}")
            + f" households: {band.posts}",
        )
        for band in rules.quota
    ]
    values = {
        "facilities.premises_min_m2": Text(
            f"社区办公服务用房不少于{rules.premises_min_m2}平方米",
            f"premises of at least {rules.premises_min_m2} m²",
        ),
        "posts.workstation_quota": Text(
            "；".join(band.zh for band in bands), "; ".join(band.en for band in bands)
        ),
    }
    sources = {rule.key: rule for rule in rules.applied}
    return [
        (
            key,
            writer.say(value),
            sources[key].source if key in sources else "",
            sources[key].in_force_from.isoformat() if key in sources else "",
        )
        for key, value in values.items()
    ]
