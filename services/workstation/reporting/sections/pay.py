"""（二）工作待遇: staff by whereabouts, funding rates, base pay and insurances."""

from services.workstation.reporting.document import Chart, Series
from services.workstation.reporting.domain import Source, percent
from services.workstation.reporting.facts import Whereabouts
from services.workstation.reporting.figures.staff import ON_APPROVED_POSTS, WHEREABOUTS, persons
from services.workstation.reporting.wording import NO_RECORD, number
from services.workstation.reporting.writer import Writer
from shared.kernel.text import Text


def write_pay(writer: Writer) -> None:
    """The section with the chart of staff and the table of rates."""
    writer.heading(2, Text("（二）工作待遇", "2. Staff and pay"))
    writer.paragraph(_staff(writer))
    _chart_of_staff(writer)
    writer.paragraph(_rates(writer), _insurances(writer))
    _table_of_rates(writer)


def _staff(writer: Writer) -> Text:
    facts, shown, picture = writer.report.facts, writer.shown, writer.next_picture
    on_posts = persons(facts, ON_APPROVED_POSTS)
    return Text(
        f"全区现有社区工作人员{shown('staff.total')}人。其中，核定岗位人员{on_posts}人："
        f"在岗{shown('staff.on_duty')}人，借调街道{shown('staff.seconded_to_street')}人，"
        f"离岗退养{shown('staff.off_post_retired')}人，"
        f"借调区直{shown('staff.seconded_to_district')}人；"
        f"街道、社区自聘{shown('staff.self_hired')}人（见{picture.zh}）。",
        f"The communities' staff is {shown('staff.total')}. {on_posts} hold approved posts: "
        f"{shown('staff.on_duty')} on duty, {shown('staff.seconded_to_street')} seconded to "
        f"streets, {shown('staff.off_post_retired')} off post, "
        f"{shown('staff.seconded_to_district')} seconded to the district; "
        f"{shown('staff.self_hired')} are self-hired ({picture.en}).",
    )


def _chart_of_staff(writer: Writer) -> None:
    facts = writer.report.facts
    numbers = tuple(persons(facts, {where}) for where in WHEREABOUTS)
    everyone = sum(numbers)
    unit = writer.say(Text("人", ""))
    writer.picture(
        Text("社区工作人员去向构成", "Staff by where they are"),
        Chart(
            name="staff",
            categories=tuple(writer.say(label) for label in WHEREABOUTS.values()),
            series=(
                Series(
                    name="",
                    values=numbers,
                    labels=tuple(
                        f"{count}{unit} ({percent(count, everyone) or '—'})" for count in numbers
                    ),
                ),
            ),
            axis=writer.say(Text("人数", "People")),
            horizontal=True,
        ),
        Source.STAFF,
    )


def _rates(writer: Writer) -> Text | None:
    if not writer.knows("funding.per_post_per_year.before", "funding.per_post_per_year.after"):
        return None
    before, after = (
        writer.shown("funding.per_post_per_year.before"),
        writer.shown("funding.per_post_per_year.after"),
    )
    rise = percent_of_rise(writer)
    since = writer.report.facts.funding_rates.per_post.after
    start = "" if since is None else f"{since.since.year}年{since.since.month}月起，"
    return Text(
        f"{start}财政拨付的岗位经费由每岗位每年{before}元提高到{after}元，增幅{rise}，"
        f"各项标准见{writer.next_table.zh}。",
        f"The yearly rate per post rose from {before} to {after} yuan, by {rise} "
        f"({writer.next_table.en}).",
    )


def percent_of_rise(writer: Writer) -> str:
    """The rise in percent, whole percents without a decimal."""
    figure = writer.report.figure("funding.per_post_per_year.rise")
    if figure.numerator is None or figure.denominator is None:
        return writer.say(NO_RECORD)
    return (percent(figure.numerator, figure.denominator) or "—").replace(".0%", "%")


def _insurances(writer: Writer) -> Text | None:
    insurances = writer.report.facts.pay.insurances
    if not insurances:
        return None
    names = writer.shown("pay.insurances")
    return Text(
        f"社区工作人员纳入社会保险{len(insurances)}项：{names}。",
        f"Staff are insured in {len(insurances)} branches: {names}.",
    )


def _table_of_rates(writer: Writer) -> None:
    rows = [
        (
            writer.say(label),
            writer.shown(f"{key}.before"),
            writer.shown(f"{key}.after"),
            percent_of_rise(writer) if key == _PER_POST else _change(writer, key),
        )
        for key, label in _RATES.items()
        if writer.knows(f"{key}.before") or writer.knows(f"{key}.after")
    ]
    if not rows:
        return
    writer.table(
        Text("经费和月基本工资标准", "Funding rates and base pay"),
        (
            (Text("项目", "Rate"), 7, False),
            (Text("调整前", "Before"), 5, True),
            (Text("调整后", "Now"), 5, True),
            (Text("增幅", "Rise"), 2, True),
        ),
        rows,
        Source.FUNDING_RATES,
        Source.PAY,
    )


_PER_POST = "funding.per_post_per_year"
_RATES = {
    _PER_POST: Text("每个岗位（元/年）", "Per post (yuan a year)"),
    "funding.per_community_per_year": Text("每个社区（元/年）", "Per community (yuan a year)"),
    "funding.per_factory_community_per_year": Text(
        "每个厂居（元/年）", "Per factory community (yuan a year)"
    ),
    "pay.monthly_base_steps": Text("月基本工资各档（元/月）", "Base pay by step (yuan a month)"),
}


def _change(writer: Writer, key: str) -> str:
    before, after = (
        writer.report.figure(f"{key}.before").value,
        writer.report.figure(f"{key}.after").value,
    )
    if not isinstance(before, int) or not isinstance(after, int):
        return "—"
    return (percent(after - before, before) or "—").replace(".0%", "%")


def staff_by_street(writer: Writer, where: Whereabouts) -> tuple[int, ...]:
    """People of that whereabouts, street by street."""
    facts = writer.report.facts
    return tuple(persons(facts, {where}, street.name) for street in facts.streets)


def labels_of(numbers: tuple[int, ...]) -> tuple[str, ...]:
    """What stands at the ends of plain bars."""
    return tuple(number(count) for count in numbers)
