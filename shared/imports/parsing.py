"""Turns the text of a cell into a value; what cannot be read says how to mend it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from shared.imports.table import BadCell, Parse
from shared.kernel.errors import Invalid
from shared.kernel.money import Money
from shared.kernel.text import Text

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,15}", re.ASCII)
_AREA = re.compile(r"\d{1,9}(\.\d{1,2})?", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_YES = {"是": True, "yes": True, "true": True, "1": True, "否": False, "no": False}
_YES |= {"false": False, "0": False}


def text(longest: int) -> Parse:
    """Text of at most so many characters, without control characters."""

    def parse(cell: str) -> str:
        if len(cell) > longest:
            raise BadCell(
                "too_long",
                Text(zh=f"超过 {longest} 个字符。", en=f"Longer than {longest} characters."),
                Text(zh="请缩短。", en="Shorten it."),
            )
        if _CONTROL.search(cell):
            raise BadCell(
                "control_character",
                Text(zh="含有不可见的控制字符。", en="Holds an invisible control character."),
                Text(zh="请删除后重新输入。", en="Delete it and type it again."),
            )
        return cell

    return parse


def code(longest: int = 40) -> Parse:
    """A code: letters, digits, `-`, `_`, `.`."""
    form = re.compile(rf"[A-Za-z0-9._-]{{1,{longest}}}", re.ASCII)

    def parse(cell: str) -> str:
        if not form.fullmatch(cell):
            raise BadCell(
                "code_malformed",
                Text(zh="编码格式不正确。", en="The code is malformed."),
                Text(
                    zh=f"请使用不超过 {longest} 位的字母、数字、点、横线或下划线。",
                    en=f"Use up to {longest} letters, digits, dots, dashes or underscores.",
                ),
            )
        return cell

    return parse


def integer(least: int, greatest: int) -> Parse:
    """A whole number within bounds; `12.0`, as spreadsheets write it, is 12."""

    def parse(cell: str) -> int:
        plain = cell.replace(",", "").removesuffix(".0")
        if not _INTEGER.fullmatch(plain) or not least <= int(plain) <= greatest:
            raise BadCell(
                "not_an_integer",
                Text(
                    zh=f"应为 {least} 到 {greatest} 之间的整数。",
                    en=f"Must be a whole number from {least} to {greatest}.",
                ),
                Text(zh="请改为整数。", en="Use a whole number."),
            )
        return int(plain)

    return parse


def civil_date(cell: str) -> date:
    """A day from 1900 to 2199: 2023-07-01, 2023/7/1, 2023.7.1 or 2023年7月1日."""
    found = _DATE.fullmatch(cell)
    if found is not None and "1900" <= found[1] < "2200":
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            pass
    raise BadCell(
        "not_a_date",
        Text(zh="不是有效的日期。", en="Not a valid date."),
        Text(zh="请写成 2023-07-01。", en="Write it like 2023-07-01."),
    )


def square_metres(cell: str) -> int:
    """An area in square metres with up to two decimals, as hundredths of a square metre."""
    plain = cell.replace(",", "")
    if not _AREA.fullmatch(plain):
        raise BadCell(
            "not_an_area",
            Text(zh="面积格式不正确。", en="Not an area."),
            Text(
                zh="请填写平方米数，最多两位小数。", en="Give square metres, two decimals at most."
            ),
        )
    whole, _, part = plain.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


def yuan(cell: str) -> int:
    """An amount in yuan with up to two decimals, as fen."""
    try:
        amount = Money.parse(cell.replace(",", ""))
    except Invalid:
        amount = None
    if amount is None or amount.fen < 0:
        raise BadCell(
            "not_an_amount",
            Text(zh="金额格式不正确。", en="Not an amount of money."),
            Text(
                zh="请填写以元为单位的数字，最多两位小数。",
                en="Give yuan as a number, two decimals at most.",
            ),
        )
    return amount.fen


def choice(values: Mapping[str, Any]) -> Parse:
    """One of the titles (or values) given."""
    known = {**values, **{str(value): value for value in values.values()}}

    def parse(cell: str) -> Any:
        if cell not in known:
            offered = "、".join(values)
            raise BadCell(
                "not_a_choice",
                Text(zh="不是可选的值。", en="Not one of the choices."),
                Text(zh=f"可选：{offered}。", en=f"Choose one of: {', '.join(known)}."),
            )
        return known[cell]

    return parse


def yes_no(cell: str) -> bool:
    """是 or 否, yes or no."""
    found = _YES.get(cell.lower())
    if found is None:
        raise BadCell(
            "not_yes_or_no",
            Text(zh="应填“是”或“否”。", en="Must be yes or no."),
            Text(zh="请填写“是”或“否”。", en="Write yes or no."),
        )
    return found
