"""Households and residents of a demo district, the same for the same scale.

Names and numbers are made up: the identity numbers are well formed and belong to nobody on
purpose, as any number of that form might.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

SEED = 421002
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "建国志明秀英丽华桂兰春梅文涛海燕小红玉珍永强立新晓梅国庆美玲金凤宏伟雪芳俊杰淑珍子涵浩宇"
ROADS = ("江津路", "北京路", "红门路", "园林路", "豉湖路", "塔桥路", "便河路", "太岳路")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SIZES = (1, 2, 3, 4, 5)
SIZE_WEIGHTS = (18, 30, 34, 12, 6)
BORN_ELSEWHERE = {"421002": "421022", "421003": "421087", "420106": "420116"}
"""Another region of first issue for each demo district, so that no number stands in two."""
HOUSEHOLDS_HEAD = ("社区代码", "户编号", "地址", "网格代码")
RESIDENTS_HEAD = ("社区代码", "户编号", "姓名", "身份证号", "电话", "居住类别")


def check_character(body: str) -> str:
    """The check character of the seventeen places before it (ISO 7064 MOD 11-2)."""
    total = sum(int(place) * weight for place, weight in zip(body, WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


class _Numbers:
    """Identity numbers, each once; 500 of each sex a day of birth and region."""

    def __init__(self) -> None:
        self._given: Counter[tuple[str, date, bool]] = Counter()

    def next(self, region: str, born: date, *, male: bool) -> str:
        while True:
            key = (region, born, male)
            place = self._given[key]
            if place < 500:
                break
            born -= timedelta(days=1)
        self._given[key] += 1
        sequence = 2 * place + (1 if male else 0)
        body = f"{region}{born:%Y%m%d}{sequence:03d}"
        return body + check_character(body)


def _ages(random: Random, size: int) -> Iterator[int]:
    """Ages of a household: a head, a partner of about that age, children or parents."""
    head = random.randint(26, 78)
    yield head
    if size > 1:
        yield max(20, head + random.randint(-5, 5))
    for _ in range(size - 2):
        yield max(0, head - random.randint(24, 32)) if random.random() < 0.8 else min(95, head + 26)


def generate(folder: Path, communities: Path, scale: float) -> tuple[Path, Path]:
    """Write households.csv and residents.csv for the active communities of a file; `scale` is the
    share of each community's official number of households (at least one is written)."""
    households, residents = folder / "households.csv", folder / "residents.csv"
    numbers = _Numbers()
    with (
        communities.open(encoding="utf-8", newline="") as source,
        households.open("w", encoding="utf-8", newline="") as household_file,
        residents.open("w", encoding="utf-8", newline="") as resident_file,
    ):
        homes = csv.writer(household_file, lineterminator="\n")
        people = csv.writer(resident_file, lineterminator="\n")
        homes.writerow(HOUSEHOLDS_HEAD)
        people.writerow(RESIDENTS_HEAD)
        for row in csv.DictReader(source):
            if row["状态"] != "现设":
                continue
            code = row["社区代码"]
            random = Random(f"{SEED}:{code}")
            for place in range(max(1, round(int(row["户数"]) * scale))):
                household = f"{place + 1:06d}"
                address = (
                    f"{random.choice(ROADS)}{random.randint(1, 200)}号{random.randint(1, 12)}栋"
                    f"{random.randint(1, 4)}单元{random.randint(1, 18)}{random.randint(1, 4):02d}室"
                )
                homes.writerow((code, household, address, ""))
                surname = random.choice(SURNAMES)
                size = random.choices(SIZES, SIZE_WEIGHTS)[0]
                for member, age in enumerate(_ages(random, size)):
                    born = date(2023, 12, 31) - timedelta(days=365 * age + random.randint(0, 364))
                    family = random.choice(SURNAMES) if member == 1 else surname
                    given = random.randrange(0, len(GIVEN), 2)
                    region = code[:6] if random.random() < 0.85 else BORN_ELSEWHERE[code[:6]]
                    male = random.random() < 0.5 if member > 1 else member == 0
                    phone = f"13{random.randint(10**8, 10**9 - 1)}" if age > 14 else ""
                    people.writerow(
                        (
                            code,
                            household,
                            family + GIVEN[given : given + 2],
                            numbers.next(region, born, male=male),
                            phone,
                            random.choices(("户籍且常住", "户籍", "常住"), (70, 12, 18))[0],
                        )
                    )
    return households, residents
