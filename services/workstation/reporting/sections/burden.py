"""Problems one and two: work handed down without money, inspections, plaques and ledgers."""

from services.workstation.reporting.domain import Source
from services.workstation.reporting.facts import SurveyValue
from services.workstation.reporting.wording import NO_RECORD, told
from services.workstation.reporting.writer import Writer
from shared.kernel.text import Text


def write_inspections(writer: Writer) -> None:
    """Problem one."""
    writer.heading(2, Text("（一）社区工作体制机制", "1. Work without money, and inspections"))
    writer.paragraph(_unfunded(writer), _inspections(writer), _family_planning(writer))


def write_plaques(writer: Writer) -> None:
    """Problem two, with the table of what one community bears."""
    writer.heading(2, Text("（二）牌子和台账", "2. Plaques and ledgers"))
    writer.paragraph(_plaques(writer))
    _table(writer)


def _unfunded(writer: Writer) -> Text:
    survey = writer.report.facts.survey
    if survey.tasks is None or survey.unfunded_tasks is None:
        return Text(
            "部门下派工作及其经费拨付情况无记录，暂不能以指标反映“费随事转”的落实情况。",
            "Delegated tasks and the money for them are not recorded.",
        )
    tasks, unfunded = told(survey.tasks), told(survey.unfunded_tasks)
    return Text(
        f"一个社区承接部门下派工作{tasks.zh}项，其中未随事拨付经费的{unfunded.zh}项。",
        f"A community carries {tasks.en} delegated tasks, {unfunded.en} of them without money.",
    )


def _inspections(writer: Writer) -> Text:
    survey = writer.report.facts.survey
    if survey.regular_inspections is None:
        return Text("检查考核次数无记录。", "There is no record of inspections.")
    count = told(survey.regular_inspections)
    subjects, campaigns = survey.inspection_subjects, survey.campaign_subjects
    zh = f"据调查，一个社区每年接受常规检查考核{count.zh}次"
    zh += f"，涉及{'、'.join(subjects)}等{len(subjects)}类" if subjects else ""
    zh += f"；另有{'、'.join(campaigns)}等{len(campaigns)}类专门创建活动" if campaigns else ""
    en = f"A community is inspected {count.en} times a year"
    en += f" in {len(subjects)} subjects ({', '.join(subjects)})" if subjects else ""
    en += f"; {len(campaigns)} campaigns come on top ({', '.join(campaigns)})" if campaigns else ""
    return Text(f"{zh}。", f"{en}.")


def _family_planning(writer: Writer) -> Text | None:
    survey = writer.report.facts.survey
    levels, rounds = survey.family_planning_levels, survey.family_planning_rounds
    if not levels or not rounds:
        return None
    return Text(
        f"仅计生一项，就有{'、'.join(levels)}{len(levels)}级考核，"
        f"分{'、'.join(rounds)}等{len(rounds)}种。",
        f"Family planning alone is assessed on {len(levels)} levels ({', '.join(levels)}) in "
        f"{len(rounds)} rounds ({', '.join(rounds)}).",
    )


def _plaques(writer: Writer) -> Text:
    survey = writer.report.facts.survey
    if survey.plaques is None and survey.ledger_books is None:
        return Text("社区牌子和台账数量无记录。", "There is no record of plaques and ledgers.")
    zh, en = [], []
    if survey.plaques is not None:
        zh.append(f"一个社区挂牌{told(survey.plaques).zh}块")
        en.append(f"a community shows {told(survey.plaques).en} plaques")
    if survey.ledger_books is not None:
        zh.append(f"一个社区半年形成工作台账{told(survey.ledger_books).zh}本")
        en.append(f"half a year's ledgers of a community fill {told(survey.ledger_books).en} books")
    return Text(
        f"据调查，{'，'.join(zh)}（见{writer.next_table.zh}）。",
        f"By survey {' and '.join(en)} ({writer.next_table.en}).",
    )


def _table(writer: Writer) -> None:
    survey = writer.report.facts.survey
    counted = (
        (Text("常规检查考核（次/年）", "Inspections a year"), survey.regular_inspections),
        (Text("挂牌（块）", "Plaques"), survey.plaques),
        (Text("工作台账（本/半年）", "Ledger books a half year"), survey.ledger_books),
        (Text("部门下派工作（项）", "Delegated tasks"), survey.tasks),
        (Text("其中未拨付经费（项）", "of them without money"), survey.unfunded_tasks),
    )
    if all(value is None for _, value in counted):
        return
    writer.table(
        Text("社区工作负担", "The burden of communities"),
        (
            (Text("指标", "Indicator"), 5, False),
            (Text("每个社区", "One community"), 3, True),
            (Text("按社区总数推算全区", "All communities at that rate"), 4, True),
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
        Source.COMMUNITIES,
    )


def _of_all(writer: Writer, value: SurveyValue | None) -> str:
    communities = len(writer.report.facts.communities)
    if value is None or not communities:
        return "—"
    total = SurveyValue(value=value.value * communities, approximation=value.approximation)
    return writer.say(told(total))
