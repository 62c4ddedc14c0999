"""The rulebook: every rule's dated values, and the districts' overrides."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.rulebook.errors import InvalidRulebook, NoRuleInForce, UnknownRule
from shared.rulebook.reading import fault, overlaps, read_rules
from shared.rulebook.rule import RuleValue

_DISTRICT = re.compile(r"[0-9]{6}")


class RulesFile(Protocol):
    """A file of rules: a `pathlib.Path`, or a resource of a package."""

    def read_text(self, encoding: str) -> str:
        """Its content."""
        ...


class Rulebook:
    """All rules, looked up by key, district and day. It does not change once made."""

    __slots__ = ("_of_all", "_of_districts")

    def __init__(
        self,
        of_all: Mapping[str, tuple[RuleValue, ...]],
        of_districts: Mapping[tuple[str, str], tuple[RuleValue, ...]],
    ) -> None:
        self._of_all = of_all
        self._of_districts = of_districts

    @classmethod
    def from_files(cls, *rules: RulesFile) -> "Rulebook":
        """The rules of several capabilities' files; see `from_texts`."""
        return cls.from_texts({str(file): file.read_text(encoding="utf-8") for file in rules})

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> "Rulebook":
        """The rules in several files' texts by file name.

        Raises InvalidRulebook with the faults of all files, a key in two files among them.
        """
        issues: list[Issue] = []
        of_all: dict[str, tuple[RuleValue, ...]] = {}
        origin_of: dict[str, str] = {}
        for origin, text in texts.items():
            try:
                found = _grouped(read_rules(text, origin))
            except InvalidRulebook as error:
                issues += error.issues
                continue
            for key, values in found.items():
                if key in of_all:
                    issues.append(
                        fault(
                            f"{origin}#/{key}",
                            Text(
                                zh=f"{origin_of[key]} 中已有这条规则。",
                                en=f"This rule stands in {origin_of[key]} already.",
                            ),
                            Text(zh="请只保留一处。", en="Keep it in one file."),
                        )
                    )
                of_all[key] = values
                origin_of[key] = origin
        if issues:
            raise InvalidRulebook(issues)
        return cls(of_all, {})

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all rules, in alphabetical order."""
        return tuple(sorted(self._of_all))

    def __contains__(self, key: str) -> bool:
        return key in self._of_all

    def with_overrides(self, overrides: Iterable[RuleValue]) -> "Rulebook":
        """This rulebook with the districts' overrides, in the place of any it had.

        Raises InvalidRulebook for one without a district, of an unknown rule, in another unit or
        of another type than the rule's latest value, or overlapping another of its district.
        """
        overrides = tuple(overrides)
        issues = overlaps(overrides, "overrides")
        for at, override in enumerate(overrides):
            for field, remedy in self._misfits(override).items():
                issues.append(
                    fault(
                        f"overrides#/{at}/{field}",
                        Text(zh="与规则不符。", en="It does not fit the rule."),
                        remedy,
                    )
                )
        if issues:
            raise InvalidRulebook(issues)
        of_districts: dict[tuple[str, str], tuple[RuleValue, ...]] = {}
        for override in sorted(overrides, key=lambda override: override.in_force_from):
            place = (override.key, override.district or "")
            of_districts[place] = (*of_districts.get(place, ()), override)
        return Rulebook(self._of_all, of_districts)

    def lookup(self, key: str, district: str | None, day: date) -> RuleValue:
        """The value of a rule in a district (None: for all) on a day.

        The district's own value goes before that of all for as long as it is in force. Raises
        UnknownRule, and NoRuleInForce where the rule has no value on that day.
        """
        of_all = self._of_all.get(key)
        if of_all is None:
            raise UnknownRule(key, self._of_all)
        own = self._of_districts.get((key, district), ()) if district else ()
        found = _in_force(own, day) or _in_force(of_all, day)
        if found is None:
            first_day = min(value.in_force_from for value in (*own, *of_all))
            raise NoRuleInForce(key, district, day, first_day)
        return found

    def history(self, key: str, district: str | None = None) -> tuple[RuleValue, ...]:
        """All values a rule ever had, that of all and the district's own, by first day.

        Raises UnknownRule.
        """
        of_all = self._of_all.get(key)
        if of_all is None:
            raise UnknownRule(key, self._of_all)
        own = self._of_districts.get((key, district), ()) if district else ()
        return tuple(sorted((*of_all, *own), key=lambda value: value.in_force_from))

    def _misfits(self, override: RuleValue) -> dict[str, Text]:
        if override.key not in self._of_all:
            return {"key": UnknownRule(override.key, self._of_all).detail}
        latest = self._of_all[override.key][-1]
        misfits = {}
        if override.district is None or not _DISTRICT.fullmatch(override.district):
            misfits["district"] = Text(
                zh="请写六位区划代码。", en="Give the district's six-digit code."
            )
        if override.unit != latest.unit:
            misfits["unit"] = Text(
                zh=f"请以 {latest.unit} 为单位。", en=f"Give it in {latest.unit}."
            )
        if type(override.value) is not type(latest.value):
            misfits["value"] = Text(
                zh=f"请按原值的形式填写，例如 {latest.value}。",
                en=f"Give it in the form of the present value, {latest.value}.",
            )
        if override.until is not None and override.until < override.in_force_from:
            misfits["until"] = Text(
                zh="最后一日不能早于 in_force_from。",
                en="The last day may not be before `in_force_from`.",
            )
        return misfits


def _grouped(values: Iterable[RuleValue]) -> dict[str, tuple[RuleValue, ...]]:
    grouped: dict[str, tuple[RuleValue, ...]] = {}
    for value in values:
        grouped[value.key] = (*grouped.get(value.key, ()), value)
    return grouped


def _in_force(values: tuple[RuleValue, ...], day: date) -> RuleValue | None:
    for value in reversed(values):
        if value.in_force_from <= day:
            return value if value.until is None or day <= value.until else None
    return None
