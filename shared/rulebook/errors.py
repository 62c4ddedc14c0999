"""What can be wrong with a rulebook or with a question to it."""

from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches

from shared.kernel.errors import DomainError, Invalid, NotFound
from shared.kernel.issue import Issue
from shared.kernel.text import Text


class InvalidRulebook(Invalid):
    """A rules file or an override is faulty; `issues` names every fault by file and pointer."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        super().__init__(
            code="rulebook_invalid",
            detail=Text(
                zh="规则数据有误，未采用。请按 errors 中的提示修改。",
                en="The rules are not valid and were not taken. Mend what `errors` names.",
            ),
            issues=issues,
        )

    def __str__(self) -> str:
        return "\n".join(
            [
                super().__str__(),
                *(f"  {at.pointer}: {at.detail.en} {at.remedy.en}" for at in self.issues),
            ]
        )


class UnknownRule(NotFound):
    """No rule has this key."""

    def __init__(self, key: str, known: Iterable[str]) -> None:
        near = get_close_matches(key, list(known), n=3)
        super().__init__(
            code="rule_unknown",
            detail=Text(
                zh=f"没有名为“{key}”的规则。"
                + (f"是否要找：{'、'.join(near)}？" if near else "请核对规则名称。"),
                en=f"There is no rule “{key}”. "
                + (f"Did you mean {', '.join(near)}?" if near else "Check its name."),
            ),
        )


class NoRuleInForce(DomainError):
    """The rule exists, and has no value on the day asked for."""

    def __init__(self, key: str, district: str | None, day: date, first_day: date) -> None:
        self.key, self.district, self.day = key, district, day
        place = Text(f"（{district}）", f" in {district}") if district else Text("", "")
        if day < first_day:
            why = Text(
                f"它自 {first_day} 起才有规定。", f"Its first value is in force from {first_day}."
            )
        else:
            why = Text("已有的规定均已到期。", "The values it had have ended.")
        super().__init__(
            code="rule_not_in_force",
            detail=Text(
                zh=f"规则“{key}”{place.zh}在 {day} 没有有效的值。{why.zh}"
                "请领导小组补充一条覆盖该日的规定后再办理。",
                en=f"The rule “{key}”{place.en} has no value on {day}. {why.en} Have the Leading "
                "Group record one that covers the day, then try again.",
            ),
        )
