"""Problem three: people who hold a community's post and work elsewhere, and empty posts."""

from services.workstation.reporting.document import Chart, Series
from services.workstation.reporting.domain import Source, percent
from services.workstation.reporting.facts import Whereabouts
from services.workstation.reporting.figures.indicators import empty_posts
from services.workstation.reporting.figures.posts import approved_posts
from services.workstation.reporting.figures.staff import ON_APPROVED_POSTS, persons
from services.workstation.reporting.wording import labels_of, number, signed
from services.workstation.reporting.writer import Writer
from shared.kernel.text import Text


def write_mixed_posts(writer: Writer) -> None:
    """The problem with its table and the chart of seconded and self-hired staff."""
    writer.heading(2, Text("（三）人员混岗和空岗", "3. Mixed and empty posts"))
    if not writer.report.facts.staff:
        writer.paragraph(
            Text("社区工作人员去向无记录。", "There is no record of where staff work.")
        )
        return
    writer.paragraph(_empty(writer), _seconded(writer))
    _table(writer)
    chart = _chart(writer)
    writer.paragraph(_self_hired(writer, writer.see(chart)))
    writer.picture(
        Text("各街道（乡镇）借调和自聘人员", "Seconded and self-hired by street"),
        chart,
        Source.STAFF,
    )


def _empty(writer: Writer) -> Text:
    shown, table = writer.shown, writer.next_table
    mixed, empty = shown("indicators.posts.mixed"), shown("indicators.posts.empty")
    approved, rate = shown("posts.approved_now"), shown("indicators.posts.empty_rate")
    return Text(
        f"{approved}个核定岗位中，本社区无人在岗的空岗{empty}个，空岗率{rate}；"
        f"占用社区岗位而借调到街道、区直工作的混岗人员{mixed}人（见{table.zh}）。",
        f"Of {approved} approved posts {empty} have nobody on duty in their community ({rate}); "
        f"{mixed} people hold a community's post and work elsewhere ({table.en}).",
    )


def _seconded(writer: Writer) -> Text:
    note = writer.report.figure("staff.secondment_rate").note or Text("", "")
    seconded = writer.shown("staff.seconded_to_street")
    rate = writer.shown("staff.secondment_rate")
    return Text(
        f"各街道共借调社区工作人员{seconded}人，借调率为{rate}。关于借调率的口径：{note.zh}。",
        f"The streets have seconded {seconded} people, a rate of {rate}. On the rate: {note.en}.",
    )


def _self_hired(writer: Writer, see: Text) -> Text:
    share, count = (
        writer.shown("indicators.posts.self_hired_rate"),
        writer.shown("staff.self_hired"),
    )
    return Text(
        f"同时，街道、社区自聘{count}人，占工作人员总数的{share}，各街道借调与自聘人数不一{see.zh}。",
        f"{count} people are self-hired, {share} of the staff{see.en}.",
    )


def _table(writer: Writer) -> None:
    streets: list[tuple[str | None, str]] = [
        (street.name, street.name) for street in writer.report.facts.streets
    ]
    streets.append((None, writer.say(Text("合计", "Total"))))
    writer.table(
        Text("各街道（乡镇）混岗、空岗情况", "Mixed and empty posts by street"),
        (
            (Text("街道（乡镇）", "Street"), 5, False),
            (Text("核定岗位", "Approved"), 4, True),
            (Text("在岗", "On duty"), 3, True),
            (Text("借调街道", "To street"), 4, True),
            (Text("借调区直", "To district"), 4, True),
            (Text("离岗退养", "Off post"), 4, True),
            (Text("缺额", "Vacant"), 3, True),
            (Text("空岗", "Empty"), 3, True),
            (Text("空岗率", "Share"), 4, True),
        ),
        [_row(writer, street, title) for street, title in streets],
        Source.STAFF,
        Source.COMMUNITIES,
        total=True,
    )


def _row(writer: Writer, street: str | None, title: str) -> tuple[str, ...]:
    facts = writer.report.facts
    approved, empty = approved_posts(facts, street), empty_posts(facts, street)
    return (
        title,
        number(approved),
        number(persons(facts, {Whereabouts.ON_DUTY}, street)),
        number(persons(facts, {Whereabouts.SECONDED_TO_STREET}, street)),
        number(persons(facts, {Whereabouts.SECONDED_TO_DISTRICT}, street)),
        number(persons(facts, {Whereabouts.OFF_POST}, street)),
        signed(approved - persons(facts, ON_APPROVED_POSTS, street)).lstrip("+"),
        signed(empty).lstrip("+"),
        percent(empty, approved) or "—",
    )


def _chart(writer: Writer) -> Chart:
    facts = writer.report.facts
    numbers = {
        label: tuple(persons(facts, {where}, street.name) for street in facts.streets)
        for where, label in {
            Whereabouts.SECONDED_TO_STREET: Text("借调街道", "Seconded to the street"),
            Whereabouts.SELF_HIRED: Text("自聘", "Self-hired"),
        }.items()
    }
    return Chart(
        categories=tuple(street.name for street in facts.streets),
        series=tuple(
            Series(name=writer.say(label), values=values, labels=labels_of(values))
            for label, values in numbers.items()
        ),
        axis=writer.say(Text("人数", "People")),
    )
