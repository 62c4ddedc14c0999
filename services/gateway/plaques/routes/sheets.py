"""The inventory of many communities in one CSV or XLSX sheet."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response, UploadFile

from services.gateway.plaques import access
from services.gateway.plaques.schemas import InventorySheetReport
from services.gateway.plaques.sheets import MOST_ROWS, TEMPLATE, InventorySheet
from shared.auth.policy import Reach
from shared.files.checking import XLSX
from shared.imports.models import ImportMode
from shared.imports.reading import rows_of
from shared.imports.sheets import checked_sheet, faults_shown, on_disk, template_file
from shared.imports.table import Counts
from shared.procedures.acting import Acting
from shared.web.authentication import permits
from shared.web.errors import language_of
from shared.web.unit_of_work import UnitOfWorkRoute

MAX_SHEET_BYTES = 4 << 20
router = APIRouter(
    prefix="/v1/plaques/inventory/sheets", tags=["plaques"], route_class=UnitOfWorkRoute
)
Record = Annotated[Reach, permits(access.RECORD)]


@router.get(
    "/template",
    operation_id="plaques_inventory_template",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"example": "社区代码,牌子名称,…"}, XLSX: {}}}},
)
async def template(
    request: Request,
    _reach: Record,
    format: Annotated[str, Query(pattern="^(csv|xlsx)$")] = "xlsx",
) -> Response:
    """A sheet to fill in, a plaque a row. 下载牌子清单模板。"""
    return template_file(TEMPLATE, "plaques", format, language_of(request))


@router.post("", operation_id="plaques_inventory_sheet", max_body_size=MAX_SHEET_BYTES)
async def take_sheet(
    request: Request,
    act: Acting,
    reach: Record,
    file: UploadFile,
    mode: Annotated[ImportMode, Form()] = ImportMode.ALL_OR_NOTHING,
    dry_run: Annotated[bool, Form()] = False,
) -> InventorySheetReport:
    """Take in the inventory of communities as it was found, at most 5000 plaques; every fault is
    named by row and column. The same sheet again changes nothing; photographs are added one by
    one. 批量登记牌子。"""
    sheet = InventorySheet(reach, act.today)
    known = await sheet.prepare(act.session, act.actor.district)
    async with on_disk(file) as path:
        good, faults = checked_sheet(rows_of(path), sheet, known, most_rows=MOST_ROWS)
    rejected = len({one.row for one in faults})
    taken = not dry_run and not (faults and mode is ImportMode.ALL_OR_NOTHING)
    counts = Counts()
    if taken:
        counts = await sheet.apply(act.session, act.actor, [row for _, row in good], known)
    return InventorySheetReport(
        taken=taken,
        rows=len(good) + rejected,
        created=counts.created,
        unchanged=counts.unchanged,
        rejected=rejected,
        findings=faults_shown(TEMPLATE, faults, language_of(request)),
    )
