"""The burden as a workbook: a row for each community, each street and the total."""

from collections.abc import Callable
from typing import NamedTuple

from services.gateway.burden.schemas import Burden, Sums
from shared.kernel.text import Language, Text
from shared.web.workbooks import Columns, workbook

TITLE = Text("减负情况", "Burden")
_TOTAL = Text("合计", "Total")


class Line(NamedTuple):
    """A row: a community, a street (without `community`), or the total."""

    street: str
    community: str
    of: Sums


def _number(name: str, part: str) -> Callable[[Line], object]:
    return lambda line: getattr(getattr(line.of, name), part)


COLUMNS: Columns[Line] = (
    (Text("街道", "Street"), lambda line: line.street),
    (Text("社区", "Community"), lambda line: line.community),
    (Text("申请检查", "Inspections requested"), _number("inspections", "before")),
    (Text("实际检查", "Visits"), _number("inspections", "after")),
    (Text("检查项目", "Items asked"), _number("items", "before")),
    (Text("共享结果", "By shared results"), _number("items", "shared")),
    (Text("台账已有", "From the ledger"), _number("items", "from_ledger")),
    (Text("不予检查", "Refused"), _number("items", "refused")),
    (Text("现场检查项目", "Items that needed a visit"), _number("items", "after")),
    (Text("表格索要数据", "Values asked by forms"), _number("values", "before")),
    (Text("新采集数据", "Values collected anew"), _number("values", "after")),
    (Text("表格", "Forms"), _number("values", "forms")),
    (Text("免填表格", "Forms avoided"), _number("values", "forms_avoided")),
    (Text("年初室外牌子", "Plaques outdoors before"), _number("plaques_outdoors", "before")),
    (Text("现有室外牌子", "Plaques outdoors after"), _number("plaques_outdoors", "after")),
    (Text("目录外要求", "Off-catalogue demands"), _number("off_catalogue", "reported")),
    (Text("其中属实", "Of them upheld"), _number("off_catalogue", "upheld")),
    (Text("无经费任务", "Unfunded tasks"), lambda line: line.of.unfunded_tasks),
)


def sheet_of(found: Burden, language: Language) -> bytes:
    """The workbook."""
    lines = [Line(row.street_name, row.community_name, row) for row in found.communities]
    lines += [Line(row.street_name, "", row) for row in found.streets]
    lines.append(Line(_TOTAL.in_language(language), "", found.total))
    return workbook(TITLE, COLUMNS, lines, language)
