"""（三）基础设施: investment, works, premises against the standard, rooms and plans."""

from services.workstation.reporting.document import Chart, Series
from services.workstation.reporting.domain import Source, percent, wan_yuan
from services.workstation.reporting.facts import CommunityFacts
from services.workstation.reporting.figures.facilities import (
    MONEY_SOURCES,
    AreaClass,
    area_classes,
    invested_fen,
)
from services.workstation.reporting.wording import labels_of, number
from services.workstation.reporting.writer import Writer
from shared.kernel.text import Text


def write_facilities(writer: Writer) -> None:
    """The section with the charts of investment and of premises."""
    writer.heading(2, Text("（三）社区基础设施", "3. Facilities"))
    money, premises = _chart_of_investment(writer), _chart_of_premises(writer)
    writer.paragraph(_invested(writer, writer.see(money)))
    writer.picture(Text("社区设施建设资金来源", "Investment by source"), money, Source.FACILITIES)
    writer.paragraph(_works(writer), _rooms(writer), _one_stop(writer))
    writer.paragraph(_premises(writer, writer.see(premises)), _standard(writer))
    minimum = writer.report.rules.premises_min_m2
    writer.picture(
        Text(
            f"各街道（乡镇）社区用房面积分布（达标面积{minimum}平方米）",
            f"Communities by area of premises (standard: {minimum} m²)",
        ),
        premises,
        Source.COMMUNITIES,
    )
    writer.paragraph(_planned(writer))


def _invested(writer: Writer, see: Text) -> Text:
    facts = writer.report.facts
    if not facts.facilities.investments:
        return Text("社区设施建设投入无记录。", "There is no record of investment in facilities.")
    parts = [
        Text(
            f"{label.zh}{number(wan_yuan(invested_fen(facts, source)))}万元",
            f"{label.en} {number(wan_yuan(invested_fen(facts, source)))}",
        )
        for source, label in MONEY_SOURCES.items()
    ]
    total = writer.shown("facilities.invested_wan_yuan.total")
    return Text(
        f"全区社区设施建设共投入资金{total}万元，其中{'，'.join(part.zh for part in parts)}"
        f"{see.zh}。",
        f"{total} ten thousand yuan were invested: {', '.join(part.en for part in parts)}{see.en}.",
    )


def _chart_of_investment(writer: Writer) -> Chart:
    facts = writer.report.facts
    amounts = tuple(invested_fen(facts, source) for source in MONEY_SOURCES)
    unit = writer.say(Text("万元", ""))
    return Chart(
        categories=tuple(writer.say(label) for label in MONEY_SOURCES.values()),
        series=(
            Series(
                name="",
                values=amounts,
                labels=tuple(
                    f"{number(wan_yuan(fen))}{unit} ({percent(fen, sum(amounts)) or '—'})"
                    for fen in amounts
                ),
            ),
        ),
        axis=writer.say(Text("万元", "Ten thousand yuan")),
        horizontal=True,
    )


def _works(writer: Writer) -> Text:
    done, shown = writer.report.facts.facilities, writer.shown
    if not any((done.centres_new, done.centres_rebuilt, done.premises_new, done.premises_rebuilt)):
        return Text("新建、改扩建项目无记录。", "There is no record of finished works.")
    new = _with_names("新建街道社区服务中心", done.centres_new)
    rebuilt = _with_names("改扩建街道社区服务中心", done.centres_rebuilt)
    return Text(
        f"{new}，{rebuilt}；新建社区办公服务用房"
        f"{shown('facilities.office_premises.new')}个，"
        f"改扩建{shown('facilities.office_premises.rebuilt')}个。",
        f"Street service centres: {len(done.centres_new)} built, {len(done.centres_rebuilt)} "
        f"rebuilt; premises: {shown('facilities.office_premises.new')} built, "
        f"{shown('facilities.office_premises.rebuilt')} rebuilt.",
    )


def _with_names(what: str, streets: tuple[str, ...]) -> str:
    names = f"（{'、'.join(f'{street}街道' for street in streets)}）" if streets else ""
    return f"{what}{len(streets)}个{names}"


def _rooms(writer: Writer) -> Text | None:
    groups = writer.report.facts.facilities.rooms
    if not groups:
        return None
    zh = "、".join(f"“{group.name}”（{'、'.join(group.rooms)}）" for group in groups)
    en = "; ".join(f"{group.name} ({', '.join(group.rooms)})" for group in groups)
    return Text(f"社区设施按{zh}配置。", f"Every community is to have: {en}.")


def _one_stop(writer: Writer) -> Text | None:
    if not writer.knows("facilities.one_stop_communities"):
        return None
    count = writer.shown("facilities.one_stop_communities")
    return Text(
        f"{count}个社区推行了“一站式”服务。", f"{count} communities offer one-stop service."
    )


def _premises(writer: Writer, see: Text) -> Text:
    facts, rules = writer.report.facts, writer.report.rules
    if not facts.communities:
        return Text("社区办公服务用房面积无记录。", "There is no record of areas of premises.")
    parts = [
        Text(
            f"{area.name.zh}的社区{writer.shown(f'facilities.{area.key}')}个",
            f"{area.name.en}: {writer.shown(f'facilities.{area.key}')}",
        )
        for area in area_classes(rules)
        if area.at_least > 0
    ]
    return Text(
        f"社区办公服务用房面积在{'，'.join(part.zh for part in parts)}{see.zh}。",
        f"Communities by the area of their premises: {', '.join(part.en for part in parts)}"
        f"{see.en}.",
    )


def _standard(writer: Writer) -> Text | None:
    if not writer.report.facts.communities:
        return None
    minimum = writer.report.rules.premises_min_m2
    below = writer.shown("facilities.below_standard")
    share = writer.shown("indicators.premises.below_standard_rate")
    return Text(
        f"按不低于{minimum}平方米的标准，尚未达标的社区{below}个，占{share}。",
        f"Against the standard of {minimum} m² {below} communities fall short ({share}).",
    )


def _chart_of_premises(writer: Writer) -> Chart:
    facts = writer.report.facts
    classes: list[tuple[Text, AreaClass | None]] = [
        (area.name, area) for area in area_classes(writer.report.rules)
    ]
    classes.append((Text("无面积记录", "no recorded area"), None))
    counted = [
        (
            name,
            tuple(
                sum(c.street == street.name and _within(c, area) for c in facts.communities)
                for street in facts.streets
            ),
        )
        for name, area in classes
    ]
    return Chart(
        categories=tuple(street.name for street in facts.streets),
        series=tuple(
            Series(name=writer.say(name), values=values, labels=labels_of(values))
            for name, values in counted
            if any(values)
        ),
        axis=writer.say(Text("社区数（个）", "Communities")),
        stacked=True,
    )


def _within(community: CommunityFacts, area: AreaClass | None) -> bool:
    if community.premises_m2 is None or area is None:
        return community.premises_m2 is None and area is None
    return area.at_least <= community.premises_m2 and (
        area.below is None or community.premises_m2 < area.below
    )


def _planned(writer: Writer) -> Text | None:
    if writer.report.facts.facilities.planned is None:
        return None
    shown = writer.shown
    communities, money, fund = (
        shown("facilities.planned_projects.communities"),
        shown("facilities.planned_projects.wan_yuan"),
        shown("facilities.planned_projects.reward_fund_wan_yuan"),
    )
    return Text(
        f"已申报建设项目涉及社区{communities}个，计划投入{money}万元；另筹措{fund}万元"
        "专项资金，对项目实施又快又好的街道“以奖代补”。",
        f"Projects for {communities} communities are applied for, {money} ten thousand yuan "
        f"planned; a fund of {fund} rewards the streets that build fast and well.",
    )
