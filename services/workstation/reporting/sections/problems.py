"""二、存在的主要问题: the survey report's four problems, told by indicators."""

from services.workstation.reporting.document import Chart, Series
from services.workstation.reporting.domain import Source, percent
from services.workstation.reporting.facts import Approximation, SurveyValue, Whereabouts
from services.workstation.reporting.figures.indicators import LENT, empty_posts, pay_spreads
from services.workstation.reporting.figures.posts import approved_posts
from services.workstation.reporting.figures.staff import ON_APPROVED_POSTS, persons
from services.workstation.reporting.sections.pay import labels_of, staff_by_street
from services.workstation.reporting.wording import NO_RECORD, number
from services.workstation.reporting.writer import Writer
from shared.kernel.text import Text


def write_problems(writer: Writer) -> None:
    """The four problems with their tables and the chart of seconded and self-hired staff."""
    writer.heading(2, Text("（一）社区工作体制机制", "1. Work without money, inspections"))
    writer.paragraph(_inspections(writer), _unfunded(writer))
    writer.heading(2, Text("（二）牌子和台账", "2. Plaques and ledgers"))
    writer.paragraph(_plaques(writer))
    _burden(writer)
    writer.heading(2, Text("（三）混岗和空岗", "3. Mixed and empty posts"))
    writer.paragraph(_empty(writer), _seconded(writer))
    _table_of_posts(writer)
    writer.paragraph(_self_hired(writer))
    _chart_of_streets(writer)
    writer.heading(2, Text("（四）工资待遇标准", "4. Standards of pay"))
    _pay(writer)


def told(value: SurveyValue) -> Text:
    """A surveyed number as it was told: 20余, 近20, 约20."""
    count = number(value.value)
    match value.approximation:
        case Approximation.MORE_THAN:
            return Text(f"{count}余", f"more than {count}")
        case Approximation.NEARLY:
            return Text(f"近{count}", f"nearly {count}")
        case Approximation.ABOUT:
            return Text(f"约{count}", f"about {count}")
    return Text(count, count)


def _inspections(writer: Writer) -> Text | None:
    survey = writer.report.facts.survey
    if survey.regular_inspections is None:
        return Text("检查考核次数无调查记录。", "No survey of inspections is recorded.")
    count = told(survey.regular_inspections)
    subjects, campaigns = survey.inspection_subjects, survey.campaign_subjects
    zh = f"据调查，一个社区每年接受常规检查考核{count.zh}次"
    zh += f"，涉及{'、'.join(subjects)}等{len(subjects)}类" if subjects else ""
    zh += f"；另有{'、'.join(campaigns)}等{len(campaigns)}类专门创建活动" if campaigns else ""
    en = f"A community is inspected {count.en} times a year"
    en += f" in {len(subjects)} subjects" if subjects else ""
    en += f", and {len(campaigns)} campaigns come on top" if campaigns else ""
    levels, rounds = survey.family_planning_levels, survey.family_planning_rounds
    if levels and rounds:
        zh += f"。仅计生考核就有{'、'.join(levels)}{len(levels)}级，{'、'.join(rounds)}等轮次"
        en += f". Family planning alone is assessed on {len(levels)} levels"
    return Text(f"{zh}。", f"{en}.")


def _unfunded(writer: Writer) -> Text:
    survey = writer.report.facts.survey
    if survey.tasks is None or survey.unfunded_tasks is None:
        return Text(
            "部门下派工作及其经费拨付情况尚无记录。",
            "Delegated tasks and their money are not recorded yet.",
        )
    tasks, unfunded = told(survey.tasks), told(survey.unfunded_tasks)
    return Text(
        f"一个社区承接部门下派工作{tasks.zh}项，其中未随事拨付经费的{unfunded.zh}项。",
        f"A community carries {tasks.en} delegated tasks, {unfunded.en} of them without money.",
    )


def _plaques(writer: Writer) -> Text:
    survey = writer.report.facts.survey
    if survey.plaques is None and survey.ledger_books is None:
        return Text("牌子和台账数量无调查记录。", "Plaques and ledgers are not recorded.")
    zh, en = [], []
    if survey.plaques is not None:
        zh.append(f"一个社区挂牌{told(survey.plaques).zh}块")
        en.append(f"a community shows {told(survey.plaques).en} plaques")
    if survey.ledger_books is not None:
        zh.append(f"半年形成工作台账{told(survey.ledger_books).zh}本")
        en.append(f"half a year's ledgers fill {told(survey.ledger_books).en} books")
    return Text(
        f"据调查，{'，'.join(zh)}，有关指标见{writer.next_table.zh}。",
        f"By survey {' and '.join(en)} ({writer.next_table.en}).",
    )


def _burden(writer: Writer) -> None:
    survey = writer.report.facts.survey
    counted = (
        (Text("常规检查考核（次/年）", "Inspections a year"), survey.regular_inspections),
        (Text("挂牌（块）", "Plaques"), survey.plaques),
        (Text("工作台账（本/半年）", "Ledger books a half year"), survey.ledger_books),
        (Text("下派工作（项）", "Delegated tasks"), survey.tasks),
        (Text("其中未拨付经费（项）", "of them without money"), survey.unfunded_tasks),
    )
    writer.table(
        Text("每个社区的工作负担", "The burden of one community"),
        (
            (Text("指标", "Indicator"), 5, False),
            (Text("调查值", "As surveyed"), 3, True),
            (Text("每工作日／全区合计估算", "Times the communities"), 4, True),
        ),
        [
            (
                writer.say(label),
                writer.say(told(value) if value else NO_RECORD),
                _of_all(writer, value),
            )
            for label, value in counted
        ],
        Source.SURVEY,
    )


def _of_all(writer: Writer, value: SurveyValue | None) -> str:
    if value is None:
        return "—"
    total = SurveyValue(
        value=value.value * len(writer.report.facts.communities),
        approximation=value.approximation,
    )
    return writer.say(told(total))


def _empty(writer: Writer) -> Text:
    facts = writer.report.facts
    approved, empty = approved_posts(facts), empty_posts(facts)
    mixed = persons(facts, LENT)
    vacant = approved - persons(facts, ON_APPROVED_POSTS)
    share = percent(empty, approved) or "—"
    return Text(
        f"全区核定岗位{approved}个，在岗{approved - empty}人，空岗{empty}个，空岗率{share}，其中缺额"
        f"{vacant}个；占用社区岗位而在街道、区直工作的混岗人员{mixed}人，分布见"
        f"{writer.next_table.zh}。",
        f"Of {approved} approved posts {approved - empty} are staffed on duty; {empty} are empty "
        f"({share}), {vacant} of them vacant. {mixed} people hold a community's post and work "
        f"elsewhere ({writer.next_table.en}).",
    )


def _seconded(writer: Writer) -> Text:
    rate = writer.report.figure("staff.secondment_rate")
    note = rate.note or Text("", "")
    seconded = writer.shown("staff.seconded_to_street")
    shown = writer.shown("staff.secondment_rate")
    return Text(
        f"各街道共借调社区工作人员{seconded}人，借调率为{shown}。借调率的口径：{note.zh}。",
        f"The streets have seconded {seconded} people, a rate of {shown}. On the rate: {note.en}.",
    )


def _self_hired(writer: Writer) -> Text:
    share = writer.shown("indicators.posts.self_hired_rate")
    return Text(
        f"街道、社区自聘{writer.shown('staff.self_hired')}人，占工作人员总数的{share}，"
        f"各街道借调与自聘情况见{writer.next_picture.zh}。",
        f"{writer.shown('staff.self_hired')} people are self-hired, {share} of the staff "
        f"({writer.next_picture.en}).",
    )


def _table_of_posts(writer: Writer) -> None:
    streets: list[tuple[str | None, str]] = [
        (street.name, street.name) for street in writer.report.facts.streets
    ]
    streets.append((None, writer.say(Text("合计", "Total"))))
    writer.table(
        Text("各街道（乡镇）混岗、空岗情况", "Mixed and empty posts by street"),
        (
            (Text("街道（乡镇）", "Street"), 4, False),
            (Text("核定岗位", "Approved"), 3, True),
            (Text("在岗", "On duty"), 2, True),
            (Text("借调街道", "To street"), 3, True),
            (Text("借调区直", "To district"), 3, True),
            (Text("离岗退养", "Off post"), 3, True),
            (Text("缺额", "Vacant"), 2, True),
            (Text("空岗", "Empty"), 2, True),
            (Text("空岗率", "Share"), 3, True),
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
        number(approved - persons(facts, ON_APPROVED_POSTS, street)),
        number(empty),
        percent(empty, approved) or "—",
    )


def _chart_of_streets(writer: Writer) -> None:
    seconded = staff_by_street(writer, Whereabouts.SECONDED_TO_STREET)
    self_hired = staff_by_street(writer, Whereabouts.SELF_HIRED)
    writer.picture(
        Text("各街道（乡镇）借调和自聘人员", "Seconded and self-hired by street"),
        Chart(
            name="streets",
            categories=tuple(street.name for street in writer.report.facts.streets),
            series=(
                Series(
                    name=writer.say(Text("借调街道", "Seconded to the street")),
                    values=seconded,
                    labels=labels_of(seconded),
                ),
                Series(
                    name=writer.say(Text("自聘", "Self-hired")),
                    values=self_hired,
                    labels=labels_of(self_hired),
                ),
            ),
            axis=writer.say(Text("人数", "People")),
        ),
        Source.STAFF,
    )


def _pay(writer: Writer) -> None:
    paid = writer.report.facts.pay.by_street
    if not paid:
        writer.paragraph(
            Text(
                "各街道实际执行的工资标准无记录，暂不能比较“同城同工不同酬”的差额。",
                "The pay of each street is not recorded, so it cannot be compared.",
            )
        )
        return
    spread, standards = (
        writer.shown("indicators.pay.widest_spread"),
        writer.shown("indicators.pay.standards"),
    )
    writer.paragraph(
        Text(
            f"{len(paid)}个街道有工资标准记录，共执行{standards}种标准，同档月工资最大相差"
            f"{spread}元（见{writer.next_table.zh}）。",
            f"{len(paid)} streets follow {standards} standards; the same step differs by up to "
            f"{spread} yuan a month ({writer.next_table.en}).",
        )
    )
    steps = len(pay_spreads(writer.report.facts))
    writer.table(
        Text("各街道月工资标准（元/月）", "Monthly pay by street (yuan)"),
        (
            (Text("街道", "Street"), 4, False),
            *((Text(f"第{step}档", f"Step {step}"), 3, True) for step in range(1, steps + 1)),
        ),
        [(street.street, *(number(fen // 100) for fen in street.fen[:steps])) for street in paid],
        Source.PAY,
    )
