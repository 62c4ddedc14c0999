"""Numbers in a text that belong to a person and not before the public (个人信息保护法 28, 51).

Identity numbers are known by their form and check character, telephone numbers by the numbering
plan of mainland China: mobile ones of eleven digits, fixed ones with their area code.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from shared.kernel.identity_number import check_character
from shared.kernel.issue import Issue
from shared.kernel.masking import mask_identity_number, mask_phone
from shared.kernel.text import Text


class PersonalNumber(StrEnum):
    """What kind of number it is."""

    IDENTITY = "identity_number"
    PHONE = "phone_number"


NAMES = {
    PersonalNumber.IDENTITY: Text("身份证号码", "an identity number"),
    PersonalNumber.PHONE: Text("电话号码", "a telephone number"),
}
_BETWEEN = r"[\s\-—－·.,，、]{0,2}"
_IDENTITY = re.compile(rf"(?<!\d)\d(?:{_BETWEEN}\d){{16}}{_BETWEEN}[\dXx](?!\d)")
_MOBILE = re.compile(rf"(?<!\d)(?:\+?86{_BETWEEN})?1[3-9]\d(?:{_BETWEEN}\d){{8}}(?!\d)")
_FIXED = re.compile(r"(?<!\d)[(（]?0\d{2,3}[)）]?[\s\-—－]{0,2}[2-9]\d{6,7}(?!\d)")


@dataclass(frozen=True, slots=True)
class Found:
    """A number from place `start` up to `end` of a text, counted from 0, and how it is masked."""

    kind: PersonalNumber
    start: int
    end: int
    masked: str


def personal_numbers(text: str) -> tuple[Found, ...]:
    """Every identity and telephone number in a text, in order; none overlaps another.

    Full-width digits and digits set apart by spaces or dashes are read as well.
    """
    plain = "".join(_narrow(sign) for sign in text)
    found: list[Found] = []
    for kind, pattern in (
        (PersonalNumber.IDENTITY, _IDENTITY),
        (PersonalNumber.PHONE, _MOBILE),
        (PersonalNumber.PHONE, _FIXED),
    ):
        for match in pattern.finditer(plain):
            number = "".join(sign for sign in match.group().upper() if sign in "0123456789X")
            if kind is PersonalNumber.IDENTITY and check_character(number[:17]) != number[17]:
                continue
            if any(match.start() < one.end and one.start < match.end() for one in found):
                continue
            found.append(Found(kind, match.start(), match.end(), _masked(kind, number)))
    return tuple(sorted(found, key=lambda one: one.start))


def masked_text(text: str) -> str:
    """The text with each such number masked."""
    parts, done = [], 0
    for one in personal_numbers(text):
        parts += [text[done : one.start], one.masked]
        done = one.end
    return "".join([*parts, text[done:]])


def personal_number_issues(texts: Iterable[tuple[str, str]]) -> tuple[Issue, ...]:
    """What stands against publishing texts, given as (JSON pointer, text). No issue repeats the
    number itself."""
    return tuple(
        Issue(
            code="personal_data_in_text",
            pointer=pointer,
            detail=Text(
                zh=f"第 {one.start + 1}–{one.end} 个字是{NAMES[one.kind].zh}（{one.masked}），"
                "公开后任何人都能看到。",
                en=f"Places {one.start + 1}–{one.end} are {NAMES[one.kind].en} ({one.masked}), "
                "which anybody could read.",
            ),
            remedy=Text(
                zh="请删去；或再次提交并填写 mask_personal_data: true，由平台打码后公开。",
                en="Leave it out, or send it again with `mask_personal_data: true` to have it "
                "masked before it is published.",
            ),
        )
        for pointer, text in texts
        for one in personal_numbers(text)
    )


def _narrow(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    return plain if len(plain) == 1 else sign


def _masked(kind: PersonalNumber, number: str) -> str:
    if kind is PersonalNumber.IDENTITY:
        return mask_identity_number(number)
    return mask_phone(number[-11:] if number.startswith("86") and len(number) == 13 else number)
