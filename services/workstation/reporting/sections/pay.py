"""（二）工作、工资待遇: staff by whereabouts, funding rates, base pay and insurances."""

from decimal import Decimal
from itertools import zip_longest

from services.workstation.reporting.document import Chart, Series
from services.workstation.reporting.domain import FEN_PER_YUAN, Source, percent, yuan
from services.workstation.reporting.figures.staff import ON_APPROVED_POSTS, WHEREABOUTS, persons
from services.workstation.reporting.wording import number
from services.workstation.reporting.writer import Writer
from shared.kernel.text import Text


def write_pay(writer: Writer) -> None:
    """The section with the chart of staff and the table of rates."""
    writer.heading(2, Text("（二）工作、工资待遇", "2. Staff and pay"))
    chart = _chart(writer)
    writer.paragraph(_staff(writer, writer.see(chart)))
    writer.picture(Text("社区工作人员去向构成", "Staff by where they are"), chart, Source.STAFF)
    rows = _rows(writer)
    writer.paragraph(_rates(writer), _insurances(writer))
    if rows:
        _table(writer, rows)


def _staff(writer: Writer, see: Text) -> Text:
    facts, shown = writer.report.facts, writer.shown
    if not facts.staff:
        return Text("社区工作人员无记录。", "There is no record of staff.")
    on_posts = persons(facts, ON_APPROVED_POSTS)
    return Text(
        f"全区现有社区工作人员{shown('staff.total')}人。其中，核定岗位人员{on_posts}人："
        f"在岗{shown('staff.on_duty')}人，借调街道{shown('staff.seconded_to_street')}人，"
        f"离岗退养{shown('staff.off_post_retired')}人，"
        f"借调区直{shown('staff.seconded_to_district')}人；"
        f"街道、社区自聘{shown('staff.self_hired')}人{see.zh}。",
        f"The communities' staff is {shown('staff.total')}. {on_posts} hold approved posts: "
        f"{shown('staff.on_duty')} on duty, {shown('staff.seconded_to_street')} seconded to "
        f"streets, {shown('staff.off_post_retired')} off post, "
        f"{shown('staff.seconded_to_district')} seconded to the district; "
        f"{shown('staff.self_hired')} are self-hired{see.en}.",
    )


def _chart(writer: Writer) -> Chart:
    facts = writer.report.facts
    numbers = tuple(persons(facts, {where}) for where in WHEREABOUTS)
    unit = writer.say(Text("人", ""))
    return Chart(
        categories=tuple(writer.say(label) for label in WHEREABOUTS.values()),
        series=(
            Series(
                name="",
                values=numbers,
                labels=tuple(
                    f"{count}{unit} ({percent(count, sum(numbers)) or '—'})" for count in numbers
                ),
            ),
        ),
        axis=writer.say(Text("人数", "People")),
        horizontal=True,
    )


def _rates(writer: Writer) -> Text:
    shown, per_post = writer.shown, writer.report.facts.funding_rates.per_post
    if per_post.after is None:
        return Text("岗位经费标准无记录。", "There is no record of the rate per post.")
    since = per_post.after.since
    now = shown(f"{_PER_POST}.after", writer.say(_YUAN))
    table = writer.next_table
    zh, en = f"自{since.year}年{since.month}月起，", f"Since {since:%Y-%m} "
    if per_post.before is None:
        return Text(
            f"{zh}财政按每个岗位每年{now}拨付岗位经费，各项标准见{table.zh}。",
            f"{en}a post gets {now} a year ({table.en}).",
        )
    before = shown(f"{_PER_POST}.before", writer.say(_YUAN))
    rise = _rise(writer, _PER_POST)
    return Text(
        f"{zh}财政拨付的岗位经费由每个岗位每年{before}调整为{now}，增幅{rise}，"
        f"各项标准见{table.zh}。",
        f"{en}a post gets {now} a year, formerly {before}: a rise of {rise} ({table.en}).",
    )


def _insurances(writer: Writer) -> Text | None:
    insurances = writer.report.facts.pay.insurances
    if not insurances:
        return None
    names = writer.shown("pay.insurances")
    return Text(
        f"社区工作人员纳入社会保险{len(insurances)}项：{names}。",
        f"Staff are insured in {len(insurances)} branches: {names}.",
    )


def _rows(writer: Writer) -> list[tuple[str, ...]]:
    rates = [
        (
            writer.say(label),
            writer.shown(f"{key}.before"),
            writer.shown(f"{key}.after"),
            _rise(writer, key),
        )
        for key, label in _RATES.items()
        if writer.knows(f"{key}.before") or writer.knows(f"{key}.after")
    ]
    return rates + _steps(writer)


def _steps(writer: Writer) -> list[tuple[str, ...]]:
    before, after = writer.report.facts.pay.before, writer.report.facts.pay.after
    pairs = zip_longest(before.fen if before else (), after.fen if after else ())
    return [
        (
            writer.say(
                Text(f"月基本工资第{step}档（元/月）", f"Base pay, step {step} (yuan a month)")
            ),
            number(yuan(old)) if old is not None else "—",
            number(yuan(new)) if new is not None else "—",
            "—" if old is None or new is None else _grown(old, new),
        )
        for step, (old, new) in enumerate(pairs, start=1)
    ]


def _table(writer: Writer, rows: list[tuple[str, ...]]) -> None:
    writer.table(
        Text("经费和月基本工资标准", "Funding rates and base pay"),
        (
            (Text("项目", "Rate"), 6, False),
            (Text("调整前", "Before"), 4, True),
            (Text("调整后", "Now"), 5, True),
            (Text("增幅", "Rise"), 3, True),
        ),
        rows,
        Source.FUNDING_RATES,
        Source.PAY,
    )


_YUAN = Text("元", " yuan")
_PER_POST = "funding.per_post_per_year"
_RATES = {
    _PER_POST: Text("每个岗位（元/年）", "Per post (yuan a year)"),
    "funding.per_community_per_year": Text("每个社区（元/年）", "Per community (yuan a year)"),
    "funding.per_factory_community_per_year": Text(
        "每个厂居（元/年）", "Per factory community (yuan a year)"
    ),
}


def _rise(writer: Writer, key: str) -> str:
    before = writer.report.figure(f"{key}.before").value
    after = writer.report.figure(f"{key}.after").value
    if not isinstance(before, int | Decimal) or not isinstance(after, int | Decimal):
        return "—"
    return _grown(int(before * FEN_PER_YUAN), int(after * FEN_PER_YUAN))


def _grown(before: int, after: int) -> str:
    """By how much an amount in fen has grown; whole percents without decimals."""
    return (percent(after - before, before) or "—").replace(".0%", "%")
