"""Reading `rules.yaml` strictly: every fault is named, with its file and place."""

import re
from collections.abc import Hashable, Iterable, Mapping
from datetime import date, datetime
from typing import Any, cast, get_args

import yaml

from shared.kernel.issue import Certainty, Issue
from shared.kernel.text import Text
from shared.rulebook.errors import InvalidRulebook
from shared.rulebook.rule import Plain, RuleValue

_KEY = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")
_REQUIRED = ("value", "unit", "in_force_from", "source", "certainty")
_FIELDS = (*_REQUIRED, "until", "note")


def fault(pointer: str, detail: Text, remedy: Text) -> Issue:
    """A fault of a rulebook."""
    return Issue("rule_invalid", detail, remedy, pointer)


def read_rules(text: str, origin: str) -> tuple[RuleValue, ...]:
    """The dated values in the text of a rules file, by key and first day.

    `origin` names the file in pointers, `origin#/key/number/field`. Raises InvalidRulebook with
    all faults at once.
    """
    content = _parse(text, origin)
    issues: list[Issue] = []
    values: list[RuleValue] = []
    if not isinstance(content, dict):
        raise InvalidRulebook([_not_a_mapping(f"{origin}#")])
    for key, entries in content.items():
        pointer = f"{origin}#/{key}"
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            issues.append(_bad_key(pointer))
        elif not isinstance(entries, list) or not entries:
            issues.append(_not_a_list(pointer))
        else:
            faults = [_faults_of(entry, f"{pointer}/{at}") for at, entry in enumerate(entries)]
            issues += [issue for of_entry in faults for issue in of_entry]
            values += [
                _value_of(key, entry)
                for entry, of_entry in zip(entries, faults, strict=True)
                if not of_entry
            ]
    issues += overlaps(values, origin)
    if issues:
        raise InvalidRulebook(issues)
    return tuple(sorted(values, key=lambda value: (value.key, value.in_force_from)))


def overlaps(values: Iterable[RuleValue], origin: str) -> list[Issue]:
    """A fault for each value that begins before the one before it, of the same rule and
    district, may end: on the same first day, or on or before its `until`."""
    issues = []
    latest: dict[tuple[str, str | None], RuleValue] = {}
    for value in sorted(values, key=lambda value: value.in_force_from):
        earlier = latest.get((value.key, value.district))
        if earlier and (
            value.in_force_from == earlier.in_force_from
            or (earlier.until is not None and value.in_force_from <= earlier.until)
        ):
            issues.append(
                fault(
                    f"{origin}#/{value.key}",
                    Text(
                        zh=f"自 {earlier.in_force_from} 与自 {value.in_force_from} 起的两个值"
                        "在时间上重叠。",
                        en=f"The values from {earlier.in_force_from} and from "
                        f"{value.in_force_from} overlap.",
                    ),
                    Text(
                        zh="请让前一个值的 until 早于后一个值的 in_force_from。",
                        en="Let the earlier one's `until` lie before the later one's "
                        "`in_force_from`.",
                    ),
                )
            )
        latest[value.key, value.district] = value
    return issues


class _StrictLoader(yaml.SafeLoader):
    """Plain YAML in which a mapping may not name a key twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable) or key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands here twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def _parse(text: str, origin: str) -> object:
    try:
        return yaml.load(text, _StrictLoader)  # noqa: S506 (a subclass of SafeLoader)
    except (yaml.YAMLError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise InvalidRulebook(
            [
                fault(
                    f"{origin}#",
                    Text(zh=f"无法读取：{reason}。", en=f"It cannot be read: {reason}."),
                    Text(zh="请更正该处的 YAML。", en="Mend the YAML there."),
                )
            ]
        ) from error


def _value_of(key: str, entry: Mapping[str, Any]) -> RuleValue:
    return RuleValue(
        key=key,
        value=cast(Plain, entry["value"]),
        unit=entry["unit"],
        in_force_from=entry["in_force_from"],
        until=entry.get("until"),
        source=entry["source"],
        certainty=cast(Certainty, entry["certainty"]),
        note=entry.get("note", ""),
    )


def _faults_of(entry: object, pointer: str) -> list[Issue]:
    if not isinstance(entry, dict):
        return [_not_a_mapping(pointer)]
    remedies: dict[str, Text] = {}
    for field in (field for field in entry if field not in _FIELDS):
        remedies[str(field)] = Text(
            zh=f"没有这个字段，可用的字段：{'、'.join(_FIELDS)}。",
            en=f"There is no such field; the fields are {', '.join(_FIELDS)}.",
        )
    for field in _REQUIRED:
        if field not in entry:
            remedies[field] = Text(zh="请补上这个字段。", en="Add this field.")
    for field in ("unit", "source", "note"):
        written = entry.get(field, "given elsewhere")
        if not isinstance(written, str) or not written.strip():
            remedies[field] = Text(zh="请写成文字，不可为空。", en="Write a text, not empty.")
    for field in ("in_force_from", "until"):
        if field in entry and not _is_day(entry[field]):
            remedies[field] = Text(zh="请写成日期 2026-01-01。", en="Write a day as 2026-01-01.")
    if not remedies and "until" in entry and entry["until"] < entry["in_force_from"]:
        remedies["until"] = Text(
            zh="最后一日不能早于 in_force_from。",
            en="The last day may not be before `in_force_from`.",
        )
    if "certainty" in entry and entry["certainty"] not in get_args(Certainty):
        remedies["certainty"] = Text(
            zh=f"请写 {'、'.join(get_args(Certainty))} 之一。",
            en=f"Write one of {', '.join(get_args(Certainty))}.",
        )
    if "value" in entry and not _is_plain(entry["value"]):
        remedies["value"] = Text(
            zh="请写整数、文字、true/false 或由它们组成的列表、映射；"
            '小数和比例写成文字，如 "1/3"。',
            en="Write an integer, a text, true or false, or a list or mapping of these; write "
            'decimals and shares as texts, such as "1/3".',
        )
    return [
        fault(f"{pointer}/{field}", Text(zh="内容有误。", en="This is not valid."), remedy)
        for field, remedy in remedies.items()
    ]


def _is_plain(value: object) -> bool:
    if isinstance(value, list):
        return all(_is_plain(item) for item in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(item) for key, item in value.items())
    return isinstance(value, (bool, int, str))


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _not_a_mapping(pointer: str) -> Issue:
    return fault(
        pointer,
        Text(zh="此处应为映射。", en="This should be a mapping."),
        Text(zh="请按“字段: 值”书写。", en="Write it as `field: value` lines."),
    )


def _bad_key(pointer: str) -> Issue:
    return fault(
        pointer,
        Text(zh="规则名称不合规范。", en="The key has not the form of a rule's key."),
        Text(
            zh="请写作 capability.name（小写字母、数字和下划线）。",
            en="Write it as capability.name in lower-case letters, digits and underscores.",
        ),
    )


def _not_a_list(pointer: str) -> Issue:
    return fault(
        pointer,
        Text(zh="规则应有至少一个带日期的值。", en="A rule has a list of at least one value."),
        Text(
            zh="请列出各个值，每个以“- value:”开头。",
            en="List its values, each beginning with `- value:`.",
        ),
    )
