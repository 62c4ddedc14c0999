"""Whether the rules in force can be used for an election: well formed, and no laxer than the law.
Pure. The verifier refuses a log by laxer ones, so an election never begins by them."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from fractions import Fraction
from operator import eq, ge, le
from typing import Any

from services.committee.elections.round import OnOverElection, WomanRule
from shared.kernel.issue import Issue, RuleApplied
from shared.kernel.text import Text


def _positive(value: Fraction, _law: Fraction) -> bool:
    return value >= 1


_BOUNDS: Mapping[str, tuple[Callable[[Fraction, Fraction], bool], Text]] = {
    **dict.fromkeys(
        (
            "turnout",
            "elected",
            "second_ballot_floor",
            "roll_published_days",
            "objection_days",
            "candidates_margin",
            "seats_min",
        ),
        (ge, Text("不得低于", "at least")),
    ),
    **dict.fromkeys(
        ("objection_decision_days", "proxies_max", "seats_max", "handover_days"),
        (le, Text("不得高于", "at most")),
    ),
    **dict.fromkeys(
        ("joint_nomination_min", "elector_age", "worker_months"), (eq, Text("应为", "exactly"))
    ),
    **dict.fromkeys(
        ("second_ballot_margin", "scrutineers_min"), (_positive, Text("至少为 1；通行值", "1 or more; usual is"))
    ),
}  # fmt: skip
"""By a rule's name in an election, how its value compares with that of all districts."""
_CHOICES: Mapping[str, type[StrEnum]] = {"over_election": OnOverElection, "woman": WomanRule}


def rule_issues(
    rules: Mapping[str, RuleApplied], law: Mapping[str, RuleApplied]
) -> tuple[Issue, ...]:
    """What is wrong with an election's rules: not what is asked for, or laxer than the law's own
    values."""
    return tuple(
        _unfit(rule, wanted)
        for name, rule in rules.items()
        if (wanted := _wanted(name, rule.value, law[name].value)) is not None
    )


def _wanted(name: str, value: Any, law: Any) -> Text | None:
    """What a value should be; None where it is."""
    if name in _CHOICES:
        choices = [choice.value for choice in _CHOICES[name]]
        return None if value in choices else Text(*[f"{' / '.join(choices)}"] * 2)
    if name not in _BOUNDS:
        return None
    holds, words = _BOUNDS[name]
    try:
        number = Fraction(value)
    except (TypeError, ValueError, ZeroDivisionError):
        number = Fraction(-1)
    share = isinstance(law, str)
    fits = number >= 0 and (number <= 1 or not share) and holds(number, Fraction(law))
    return None if fits else Text(f"{words.zh} {law}", f"{words.en} {law}")


def _unfit(rule: RuleApplied, wanted: Text) -> Issue:
    return Issue(
        code="rule_unfit",
        detail=Text(
            zh=f"规则“{rule.key}”的值 {rule.value}（{rule.source}）不能用于选举：{wanted.zh}。",
            en=f"The rule “{rule.key}” has the value {rule.value} ({rule.source}) and cannot be used "
            f"for an election: it is to be {wanted.en}.",
        ),
        remedy=Text(
            zh="请领导小组更正或撤回本区的这条规定（rules/{key}/overrides）。",
            en="Have the Leading Group mend or withdraw the district's value "
            "(rules/{key}/overrides).",
        ),
        rules=(rule,),
    )
