"""Citizens' identity numbers 公民身份号码: GB 11643-1999, check character after ISO 7064 MOD 11-2.

Eighteen places: six of the region where it was first issued (GB/T 2260 as of then), eight of the
birth date, three of the sequence (odd for men, even for women), one check character.
"""

import re
from dataclasses import dataclass
from datetime import date
from operator import mul
from typing import Literal

from shared.kernel.issue import Issue
from shared.kernel.text import Text

Sex = Literal["male", "female"]

# Regions below the province are merged and renamed, and old numbers keep the old code, so only
# the province level can be checked. 83 is what residence permits for Taiwan residents carry
# (港澳台居民居住证申领发放办法 8); holders from Hong Kong and Macao have 81 and 82.
PROVINCES = {
    "11": Text("北京市", "Beijing"),
    "12": Text("天津市", "Tianjin"),
    "13": Text("河北省", "Hebei"),
    "14": Text("山西省", "Shanxi"),
    "15": Text("内蒙古自治区", "Inner Mongolia"),
    "21": Text("辽宁省", "Liaoning"),
    "22": Text("吉林省", "Jilin"),
    "23": Text("黑龙江省", "Heilongjiang"),
    "31": Text("上海市", "Shanghai"),
    "32": Text("江苏省", "Jiangsu"),
    "33": Text("浙江省", "Zhejiang"),
    "34": Text("安徽省", "Anhui"),
    "35": Text("福建省", "Fujian"),
    "36": Text("江西省", "Jiangxi"),
    "37": Text("山东省", "Shandong"),
    "41": Text("河南省", "Henan"),
    "42": Text("湖北省", "Hubei"),
    "43": Text("湖南省", "Hunan"),
    "44": Text("广东省", "Guangdong"),
    "45": Text("广西壮族自治区", "Guangxi"),
    "46": Text("海南省", "Hainan"),
    "50": Text("重庆市", "Chongqing"),
    "51": Text("四川省", "Sichuan"),
    "52": Text("贵州省", "Guizhou"),
    "53": Text("云南省", "Yunnan"),
    "54": Text("西藏自治区", "Tibet"),
    "61": Text("陕西省", "Shaanxi"),
    "62": Text("甘肃省", "Gansu"),
    "63": Text("青海省", "Qinghai"),
    "64": Text("宁夏回族自治区", "Ningxia"),
    "65": Text("新疆维吾尔自治区", "Xinjiang"),
    "71": Text("台湾省", "Taiwan"),
    "81": Text("香港特别行政区", "Hong Kong"),
    "82": Text("澳门特别行政区", "Macao"),
    "83": Text("台湾居民居住证", "residence permit for Taiwan residents"),
}

_FORM = re.compile(r"[0-9]{17}[0-9X]")
_FIRST_GENERATION = re.compile(r"[0-9]{15}")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_SUM_OF_ZEROS = ord("0") * sum(_WEIGHTS)


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A well-formed identity number and what it says of its holder.

    `number` has an upper-case X; `region` is the six-digit code of first issue, which need not be
    one of today's.
    """

    number: str
    born: date
    sex: Sex
    region: str


def check_character(first_seventeen: str) -> str:
    """The eighteenth character that belongs to seventeen ASCII digits."""
    total = sum(map(mul, _WEIGHTS, first_seventeen.encode())) - _SUM_OF_ZEROS
    return _CHECK_CHARACTERS[total % 11]


def read_identity_number(
    written: str, today: date, pointer: str = ""
) -> IdentityNumber | tuple[Issue, ...]:
    """The number as read, or everything that is wrong with it.

    A lower-case x and spaces around the number are taken. `today` is the day up to which a birth
    is believed; `pointer` goes into the issues. That a number is well formed does not mean that
    it was ever issued.
    """
    number = written.strip().upper()
    if not _FORM.fullmatch(number):
        return (_malformed(number, pointer),)
    issues = []
    if number[:2] not in PROVINCES:
        issues.append(_unknown_region(number[:2], pointer))
    born = _date_in(number)
    if born is None or born > today:
        issues.append(_impossible_birth(number[6:14], today, pointer))
    if check_character(number[:17]) != number[17]:
        issues.append(_wrong_check_character(pointer))
    if issues or born is None:
        return tuple(issues)
    sex: Sex = "male" if int(number[16]) % 2 else "female"
    return IdentityNumber(number, born, sex, number[:6])


def _date_in(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def _malformed(number: str, pointer: str) -> Issue:
    if _FIRST_GENERATION.fullmatch(number):
        return Issue(
            code="identity_number_first_generation",
            detail=Text(
                zh="这是 15 位的第一代身份证号码，自 2013 年 1 月 1 日起已停用。",
                en="This is a first-generation number of 15 digits, which lapsed on 1 January "
                "2013.",
            ),
            remedy=Text(
                zh="请按现行身份证填写 18 位号码。",
                en="Enter the 18 places of the present identity card.",
            ),
            pointer=pointer,
        )
    return Issue(
        code="identity_number_malformed",
        detail=Text(
            zh=f"公民身份号码应为 17 位数字加 1 位数字或 X，现为 {len(number)} 个字符。",
            en="An identity number has 17 digits and then a digit or X; this has "
            f"{len(number)} characters.",
        ),
        remedy=Text(
            zh="请对照身份证补齐或更正，不要带空格和横线。",
            en="Complete or correct it from the card, without spaces or dashes.",
        ),
        pointer=pointer,
    )


def _unknown_region(prefix: str, pointer: str) -> Issue:
    return Issue(
        code="identity_number_region_unknown",
        detail=Text(
            zh=f"前两位 {prefix} 不是任何省级行政区的代码。",
            en=f"The first two digits, {prefix}, are no province's code.",
        ),
        remedy=Text(zh="请对照身份证核对前六位。", en="Check the first six digits on the card."),
        pointer=pointer,
    )


def _impossible_birth(digits: str, today: date, pointer: str) -> Issue:
    return Issue(
        code="identity_number_birth_impossible",
        detail=Text(
            zh=f"第 7–14 位 {digits} 不是有效的出生日期，或晚于 {today}。",
            en=f"Places 7–14, {digits}, are no date of birth, or one later than {today}.",
        ),
        remedy=Text(
            zh="请对照身份证核对第 7–14 位（年月日）。",
            en="Check places 7–14 (year, month, day) on the card.",
        ),
        pointer=pointer,
    )


def _wrong_check_character(pointer: str) -> Issue:
    return Issue(
        code="identity_number_check_failed",
        detail=Text(
            zh="校验码不符，号码中至少有一位录错。",
            en="The check character does not fit: at least one place was mistyped.",
        ),
        remedy=Text(
            zh="请对照身份证逐位核对，特别留意相邻两位是否颠倒。",
            en="Compare it with the card place by place; look for two neighbours swapped.",
        ),
        pointer=pointer,
    )
