"""Personal data as it is shown to those who need not see all of it (个人信息保护法 51).

Each function shows at most what is needed to recognise a person one already knows, and nothing
at all of a text that does not have the expected form.
"""

import re

# The names of housing estates, parks and shops end like those of districts and cities: 小区, 超市.
_AREA = re.compile(
    r"(?:[^\W\d路街巷弄号村]{2,8}?(?:省|自治区|特别行政区))?"
    r"(?:[^\W\d路街巷弄号村]{2,10}?(?:自治州|地区|(?<![超夜门])市(?!区)|盟))?"
    r"(?:[^\W\d路街巷弄号村]{1,10}?(?:市区|(?<![小园校社])区|县|(?<![超夜门])市|旗))?"
)


def mask_identity_number(number: str) -> str:
    """`421002********1234`: region and the last four places; other lengths wholly hidden."""
    return f"{number[:6]}********{number[-4:]}" if len(number) == 18 else "*" * len(number)


def mask_name(name: str) -> str:
    """`张**`: the first character of a name of two or more, one star for each other."""
    return name[:1] + "*" * (len(name) - 1) if len(name) > 1 else "*" * len(name)


def mask_phone(number: str) -> str:
    """`138****1234`; of a number of 8 places or more that is no mobile one, the last four."""
    if len(number) == 11 and number.startswith("1"):
        return f"{number[:3]}****{number[-4:]}"
    shown = number[-4:] if len(number) >= 8 else ""
    return "*" * (len(number) - len(shown)) + shown


def mask_address(address: str) -> str:
    """`湖北省荆州市沙市区****`: province, city and district; street and house are hidden."""
    found = _AREA.match(address)
    area = found.group() if found else ""
    return area if area == address else f"{area}****"
