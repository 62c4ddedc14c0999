"""Turns pydantic's findings into issues that a clerk can act on, in both languages."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError

from shared.kernel.issue import Issue
from shared.kernel.text import Text

_Maker = Callable[[Mapping[str, Any]], tuple[Text, Text]]


def _fixed(zh: str, en: str, remedy_zh: str, remedy_en: str) -> _Maker:
    def make(context: Mapping[str, Any]) -> tuple[Text, Text]:
        return (
            Text(zh=zh.format_map(context), en=en.format_map(context)),
            Text(zh=remedy_zh.format_map(context), en=remedy_en.format_map(context)),
        )

    return make


_KNOWN: dict[str, _Maker] = {
    "missing": _fixed("缺少必填项。", "This field is required.", "请填写此项。", "Fill it in."),
    "extra_forbidden": _fixed(
        "没有这个字段。",
        "There is no such field.",
        "请删除它或核对拼写。",
        "Remove it or check its spelling.",
    ),
    "string_too_short": _fixed(
        "内容太短。",
        "The text is too short.",
        "请至少填写 {min_length} 个字符。",
        "Use at least {min_length} characters.",
    ),
    "string_too_long": _fixed(
        "内容太长。",
        "The text is too long.",
        "请不超过 {max_length} 个字符。",
        "Use at most {max_length} characters.",
    ),
    "string_pattern_mismatch": _fixed(
        "格式不正确。",
        "The text is not in the required form.",
        "请按格式 {pattern} 填写。",
        "Follow the form {pattern}.",
    ),
    "string_type": _fixed("应为文字。", "This must be text.", "请改为文字。", "Use text."),
    "greater_than_equal": _fixed(
        "数值太小或日期太早。",
        "The number is too small, or the day too early.",
        "请不小于 {ge}。",
        "Use at least {ge}.",
    ),
    "less_than_equal": _fixed(
        "数值太大或日期太晚。",
        "The number is too large, or the day too late.",
        "请不大于 {le}。",
        "Use at most {le}.",
    ),
    "less_than": _fixed(
        "数值太大或日期太晚。",
        "The number is too large, or the day too late.",
        "请小于 {lt}。",
        "Use less than {lt}.",
    ),
    "greater_than": _fixed(
        "数值太小。", "The number is too small.", "请大于 {gt}。", "Use more than {gt}."
    ),
    "enum": _fixed(
        "不是可选的值。",
        "This is not one of the choices.",
        "可选：{expected}。",
        "Choose {expected}.",
    ),
    "literal_error": _fixed(
        "不是可选的值。",
        "This is not one of the choices.",
        "可选：{expected}。",
        "Choose {expected}.",
    ),
    "json_invalid": _fixed(
        "请求体不是有效的 JSON。",
        "The body is not valid JSON.",
        "请检查括号、引号和编码（UTF-8）。",
        "Check brackets, quotes and the encoding (UTF-8).",
    ),
    "too_long": _fixed(
        "项数太多。",
        "There are too many items.",
        "请不超过 {max_length} 项，多的分次提交。",
        "Send at most {max_length} at a time.",
    ),
    "too_short": _fixed(
        "项数太少。",
        "There are too few items.",
        "请至少填写 {min_length} 项。",
        "Give at least {min_length}.",
    ),
}

_FAMILIES: tuple[tuple[str, _Maker], ...] = (
    (
        "uuid",
        _fixed(
            "不是有效的编号。",
            "This is not a valid id.",
            "请使用系统返回的编号。",
            "Use an id that the platform gave you.",
        ),
    ),
    (
        "date",
        _fixed(
            "不是有效的日期。",
            "This is not a valid date.",
            "请写成 2026-01-31 这样的日期。",
            "Write it like 2026-01-31.",
        ),
    ),
    (
        "int",
        _fixed("应为整数。", "This must be a whole number.", "请填写整数。", "Use a whole number."),
    ),
    (
        "bool",
        _fixed(
            "应为是或否。",
            "This must be true or false.",
            "请填写 true 或 false。",
            "Use true or false.",
        ),
    ),
    ("list", _fixed("应为列表。", "This must be a list.", "请改为列表。", "Use a list.")),
    (
        "model",
        _fixed("应为对象。", "This must be an object.", "请改为 JSON 对象。", "Use a JSON object."),
    ),
    (
        "dict",
        _fixed("应为对象。", "This must be an object.", "请改为 JSON 对象。", "Use a JSON object."),
    ),
)

_OTHER = _fixed(
    "值不符合要求。",
    "The value is not acceptable.",
    "请对照 /docs 中此字段的说明修改。",
    "See this field's description in /docs.",
)


def pointer_of(location: tuple[int | str, ...]) -> str:
    """The JSON pointer of a fault; in query, path and headers the place stands first.

    >>> pointer_of(("body", "names", 0))
    '/names/0'
    """
    parts = location[1:] if location and location[0] == "body" else location
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def issues_of(error: RequestValidationError) -> tuple[Issue, ...]:
    """One issue for each finding; the value given is not repeated, it may be personal."""
    return tuple(_issue(found) for found in error.errors())


def _issue(found: Mapping[str, Any]) -> Issue:
    kind = str(found["type"])
    make = _KNOWN.get(kind) or next(
        (maker for prefix, maker in _FAMILIES if kind.startswith(prefix)), _OTHER
    )
    detail, remedy = make(found.get("ctx") or {})
    location = tuple(found["loc"])
    if kind == "json_invalid":  # its place is a character of the body, not a field
        location = location[:1]
    return Issue(code=kind, detail=detail, remedy=remedy, pointer=pointer_of(location))
