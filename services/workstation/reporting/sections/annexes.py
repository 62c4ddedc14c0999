"""附件: every figure with what it takes to check it, and the rules that were applied."""

from services.workstation.posts.public import QuotaBand
from services.workstation.reporting.domain import Figure, ReportRules
from services.workstation.reporting.wording import UNITS, number
from services.workstation.reporting.writer import SOURCES, Writer
from shared.kernel.text import Text


def write_annexes(writer: Writer) -> None:
    """Annex 1: all figures. Annex 2: rules."""
    writer.annex(Text("指标明细", "All figures"))
    writer.table(
        Text("全部指标", "All figures"),
        (
            (Text("序号", "No."), 4, True),
            (Text("指标", "Figure"), 14, False),
            (Text("数值", "Value"), 11, False),
            (Text("单位", "Unit"), 6, False),
            (Text("分子／分母", "Fraction"), 7, True),
            (Text("说明", "Note"), 15, False),
            (Text("数据来源", "Source"), 8, False),
            (Text("指标代码", "Key"), 16, False),
        ),
        [_figure(writer, at, figure) for at, figure in enumerate(writer.report.figures, start=1)],
    )
    writer.annex(Text("适用标准", "Standards applied"))
    writer.table(
        Text("计算所适用的标准", "Standards applied"),
        (
            (Text("标准", "Standard"), 8, False),
            (Text("取值", "Value"), 10, False),
            (Text("依据", "Source"), 8, False),
            (Text("施行日期", "In force from"), 5, False),
            (Text("标准代码", "Key"), 9, False),
        ),
        [_rule(writer, *rule) for rule in _rules(writer.report.rules)],
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


def _rules(rules: ReportRules) -> tuple[tuple[str, Text, Text], ...]:
    bands = [_band(band) for band in rules.quota]
    return (
        (
            "facilities.premises_min_m2",
            Text("社区办公服务用房面积", "Area of premises"),
            Text(f"不少于{rules.premises_min_m2}平方米", f"at least {rules.premises_min_m2} m²"),
        ),
        (
            "posts.workstation_quota",
            Text("社区岗位数", "Posts of a community"),
            Text("；".join(band.zh for band in bands), "; ".join(band.en for band in bands)),
        ),
    )


def _band(band: QuotaBand) -> Text:
    first, last = band.households_from, band.households_below
    if last is None:
        return Text(f"{first}户以上{band.posts}个", f"{first} households or more: {band.posts}")
    if first == 0:
        return Text(f"不足{last}户{band.posts}个", f"fewer than {last} households: {band.posts}")
    return Text(
        f"{first}至{last - 1}户{band.posts}个", f"{first} to {last - 1} households: {band.posts}"
    )


def _rule(writer: Writer, key: str, name: Text, value: Text) -> tuple[str, ...]:
    applied = next((rule for rule in writer.report.rules.applied if rule.key == key), None)
    return (
        writer.say(name),
        writer.say(value),
        "" if applied is None else applied.source,
        "" if applied is None else applied.in_force_from.isoformat(),
        key,
    )
