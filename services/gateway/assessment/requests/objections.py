"""What may stand against a request, each with its remedy. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from shared.kernel.issue import Issue, RuleApplied
from shared.kernel.text import Text
from shared.rulebook.rule import RuleValue

LONGEST_WINDOW = timedelta(days=366)


def basis_missing(rule: RuleValue) -> Issue:
    """No legal basis."""
    return Issue(
        code="legal_basis_missing",
        pointer="/legal_basis",
        detail=Text(zh="没有法律法规或文件依据。", en="No legal basis is given."),
        remedy=Text(
            zh="请写明法律、法规或上级文件的名称和条款。",
            en="Name the law, regulation or document, and its article.",
        ),
        rules=(rule.applied,),
    )


def comprehensive_limit(rule: RuleValue, year: int, references: Sequence[str]) -> Issue:
    """The department has its comprehensive inspections of the year already."""
    listed = "、".join(references)
    return Issue(
        code="comprehensive_limit",
        pointer="/comprehensive",
        detail=Text(
            zh=f"每个部门每年至多开展 {rule.integer()} 次综合性检查（{rule.source}）；"
            f"{year} 年已有：{listed}。",
            en=f"A department makes at most {rule.integer()} comprehensive inspection(s) a year "
            f"({rule.source}); in {year} there are: {', '.join(references)}.",
        ),
        remedy=Text(
            zh="请并入已有的综合检查，或把范围缩小为专项检查，或改到下一年度。",
            en="Join it to that one, narrow it to a subject, or move it to the next year.",
        ),
        rules=(rule.applied,),
    )


def window_over(end: date, rule: RuleValue) -> Issue:
    """The window lies in the past."""
    return Issue(
        code="window_past",
        pointer="/ends_on",
        detail=Text(
            zh=f"检查时段已于 {end} 前结束；检查须事先批准（{rule.source}）。",
            en=f"The window ended before {end}; inspections are approved before they start "
            f"({rule.source}).",
        ),
        remedy=Text(zh="请改为今后的时段。", en="Choose a window that lies ahead."),
        rules=(rule.applied,),
    )


def too_late(earliest: date, rule: RuleValue) -> Issue:
    """Applied for too short before the window."""
    return Issue(
        code="applied_too_late",
        pointer="/starts_on",
        detail=Text(
            zh=f"须提前 {rule.integer()} 个工作日申请，今天申请最早可从 {earliest} 起检查。",
            en=f"Requests come {rule.integer()} working days ahead; asked for today, the window "
            f"can begin on {earliest} at the earliest.",
        ),
        remedy=Text(
            zh=f"请把开始日期改为 {earliest} 或以后。",
            en=f"Let the window begin on {earliest} or later.",
        ),
        rules=(rule.applied,),
    )


def period_backwards() -> Issue:
    """The window ends before it begins."""
    return Issue(
        code="period_backwards",
        pointer="/ends_on",
        detail=Text(zh="结束日期须晚于开始日期。", en="It must end after it starts."),
        remedy=Text(zh="请更正日期。", en="Mend the days."),
    )


def window_too_long() -> Issue:
    """The window is longer than a year, over which working days and limits are counted."""
    return Issue(
        code="window_too_long",
        pointer="/ends_on",
        detail=Text(
            zh=f"检查时段最长 {LONGEST_WINDOW.days} 天。",
            en=f"A window has at most {LONGEST_WINDOW.days} days.",
        ),
        remedy=Text(
            zh="请缩短时段，或分年度申请。", en="Shorten it, or ask for each year by itself."
        ),
    )


def window_without_working_day() -> Issue:
    """Nobody works in the window."""
    return Issue(
        code="window_without_working_day",
        pointer="/ends_on",
        detail=Text(
            zh="检查时段内没有法定工作日。", en="There is no statutory working day in the window."
        ),
        remedy=Text(
            zh="请延长时段，使其至少含一个工作日。", en="Widen it to hold a working day at least."
        ),
    )


def item_repeated(pointer: str, code: str) -> Issue:
    """An item stands twice."""
    return Issue(
        code="item_repeated",
        pointer=pointer,
        detail=Text(zh=f"项目 {code} 重复。", en=f"The item {code} stands twice."),
        remedy=Text(zh="请去掉一个。", en="Leave one of them out."),
    )


def item_unknown(pointer: str, code: str) -> Issue:
    """An item that neither the standard nor the department has."""
    return Issue(
        code="item_unknown",
        pointer=pointer,
        detail=Text(
            zh=f"统一标准和本部门项目中都没有 {code}。",
            en=f"Neither the standard nor the department has an item {code}.",
        ),
        remedy=Text(
            zh="请使用统一标准的项目代码，或先提出部门项目并与统一标准建立对应关系。",
            en="Use a code of the standard, or propose an item of your own and map it first.",
        ),
    )


def item_unmapped(pointer: str, code: str, title: str) -> Issue:
    """An own item that has nothing to do with the standard yet."""
    return Issue(
        code="item_unmapped",
        pointer=pointer,
        detail=Text(
            zh=f"部门项目 {code}“{title}”尚未与现行统一标准建立对应关系。",
            en=f"The department's item {code} “{title}” is not mapped to the standard in force.",
        ),
        remedy=Text(
            zh="请在统一标准的 mappings 下说明它与哪个项目相同、包含或相交。",
            en="Say under the standard's `mappings` which item it equals, holds or meets.",
        ),
    )


def everything_refused(reasons: Sequence[str], rules: tuple[RuleApplied, ...]) -> Issue:
    """No item is left in any community."""
    return Issue(
        code="everything_refused",
        pointer="/items",
        detail=Text(
            zh=f"所有社区的所有项目都不予检查（{'、'.join(reasons)}），逐项原因见 screening。",
            en=f"Every item is refused in every community ({', '.join(reasons)}); the screening "
            "says why for each.",
        ),
        remedy=Text(
            zh="请查看已批准的检查和已报材料，改用共享结果或台账。",
            en="Read the inspections approved and the material handed in already instead.",
        ),
        rules=rules,
    )
