"""（三）基础设施: investment, works, premises against the standard, rooms and plans."""

from services.workstation.reporting.document import Chart, Series
from services.workstation.reporting.domain import Source, percent, wan_yuan
from services.workstation.reporting.figures.facilities import (
    LARGE_PREMISES_M2,
    MIDDLE_PREMISES_M2,
    MONEY_SOURCES,
    below_standard,
    invested_fen,
    premises_between,
)
from services.workstation.reporting.wording import number
from services.workstation.reporting.writer import Writer
from shared.kernel.text import Text


def write_facilities(writer: Writer) -> None:
    """The section with the charts of investment and of premises."""
    writer.heading(2, Text("（三）基础设施", "3. Facilities"))
    writer.paragraph(_invested(writer))
    _chart_of_investment(writer)
    writer.paragraph(_works(writer), _rooms(writer), _one_stop(writer))
    writer.paragraph(_premises(writer), _standard(writer))
    _chart_of_premises(writer)
    writer.paragraph(_planned(writer))


def _invested(writer: Writer) -> Text | None:
    facts = writer.report.facts
    if not facts.facilities.investments:
        return None
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
        f"（见{writer.next_picture.zh}）。",
        f"{total} ten thousand yuan were invested: {', '.join(part.en for part in parts)} "
        f"({writer.next_picture.en}).",
    )


def _chart_of_investment(writer: Writer) -> None:
    facts = writer.report.facts
    amounts = tuple(invested_fen(facts, source) for source in MONEY_SOURCES)
    unit = writer.say(Text("万元", ""))
    writer.picture(
        Text("社区设施建设资金来源", "Investment by source"),
        Chart(
            name="investment",
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
        ),
        Source.FACILITIES,
    )


def _works(writer: Writer) -> Text:
    done, shown = writer.report.facts.facilities, writer.shown
    centres_zh = _with_names("新建街道社区服务中心", done.centres_new)
    rebuilt_zh = _with_names("改扩建街道社区服务中心", done.centres_rebuilt)
    return Text(
        f"{centres_zh}，{rebuilt_zh}；新建社区办公服务用房"
        f"{shown('facilities.office_premises.new')}个，"
        f"改扩建{shown('facilities.office_premises.rebuilt')}个。",
        f"{len(done.centres_new)} street service centres were built and "
        f"{len(done.centres_rebuilt)} rebuilt, {shown('facilities.office_premises.new')} "
        f"premises built and {shown('facilities.office_premises.rebuilt')} rebuilt.",
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


def _one_stop(writer: Writer) -> Text:
    count = writer.shown("facilities.one_stop_communities")
    return Text(
        f"{count}个社区推行了“一站式”服务。", f"{count} communities offer one-stop service."
    )


def _premises(writer: Writer) -> Text:
    over, middle = (
        writer.shown("facilities.premises_over_300_m2"),
        writer.shown("facilities.premises_250_to_300_m2"),
    )
    return Text(
        f"社区办公服务用房面积在300平方米以上的社区{over}个，250—300平方米的社区{middle}个"
        f"（见{writer.next_picture.zh}）。",
        f"{over} communities have premises of 300 m² and more, {middle} of 250 to 300 m² "
        f"({writer.next_picture.en}).",
    )


def _standard(writer: Writer) -> Text:
    facts, minimum = writer.report.facts, writer.report.rules.premises_min_m2
    below = below_standard(facts, minimum)
    share = percent(below, len(facts.communities)) or "—"
    return Text(
        f"按不低于{minimum}平方米的标准，尚未达标的社区{below}个，占{share}。",
        f"Against the standard of {minimum} m² {below} communities fall short ({share}).",
    )


def _chart_of_premises(writer: Writer) -> None:
    facts = writer.report.facts
    unrecorded = sum(community.premises_m2 is None for community in facts.communities)
    bands = {
        Text("300平方米以上", "300 m² and more"): premises_between(facts, LARGE_PREMISES_M2),
        Text("250—300平方米", "250 to 300 m²"): premises_between(
            facts, MIDDLE_PREMISES_M2, LARGE_PREMISES_M2
        ),
        Text("不足250平方米", "below 250 m²"): premises_between(facts, 0, MIDDLE_PREMISES_M2),
    }
    if unrecorded:
        bands[Text("无面积记录", "no recorded area")] = unrecorded
    numbers = tuple(bands.values())
    unit = writer.say(Text("个", ""))
    writer.picture(
        Text("社区办公服务用房面积分布", "Communities by area of premises"),
        Chart(
            name="premises",
            categories=tuple(writer.say(band) for band in bands),
            series=(
                Series(
                    name="",
                    values=numbers,
                    labels=tuple(
                        f"{count}{unit} ({percent(count, sum(numbers)) or '—'})"
                        for count in numbers
                    ),
                ),
            ),
            axis=writer.say(Text("社区数（个）", "Communities")),
        ),
        Source.COMMUNITIES,
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
