"""The community-building report of the whole demo district, against the limit of one second.

    python -m benchmarks.report [--scale 1.0]

Brings in every record of the demo district with its households (207,500 at scale 1.0; residents
are not counted by the report), then times the report from the first query to its JSON, and its
documents.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.districts import DISTRICT, bring_in, settled_district
from services.cli.demo.files import DATA
from services.cli.demo.generator import generate
from services.workstation.reporting.document import Document
from services.workstation.reporting.docx import docx_of
from services.workstation.reporting.pdf import pdf_of
from services.workstation.reporting.queries import community_building_report
from services.workstation.reporting.schemas import ReportView
from services.workstation.reporting.sections import document_of
from services.workstation.rulebook import RULES
from shared.db.database import Database
from shared.rulebook.rulebook import Rulebook
from tests.support.databases import migrated_server

LIMIT_SECONDS = 1.0
ROUNDS = 9
DAY = date(2023, 12, 31)


async def _json(database: Database, rulebook: Rulebook) -> tuple[float, Document]:
    """Median seconds from the first query to the JSON, and the document."""
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        async with database.read(DISTRICT) as session:
            report = await community_building_report(session, rulebook, DISTRICT, DAY, today=DAY)
        document = document_of(report)
        ReportView.of(report, document.title, "zh").model_dump_json()
        times.append(time.perf_counter() - began)
    return median(times), document


def _seconds(render: Callable[[Document], bytes], document: Document) -> float:
    render(document)
    began = time.perf_counter()
    render(document)
    return time.perf_counter() - began


async def _measure(url: str) -> tuple[float, Document]:
    database = Database(url, schema="workstation")
    rulebook = Rulebook.from_files(*RULES)
    try:
        return await _json(database, rulebook)
    finally:
        await database.close()


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--scale", type=float, default=1.0)
    scale = arguments.parse_args().scale
    with tempfile.TemporaryDirectory(prefix="shequ-bench-") as name:
        folder = Path(name)
        with migrated_server(folder / "postgres") as server:
            url, kept = server.url("workstation"), (folder / "files").as_uri()
            asyncio.run(settled_district(url, kept, records=True))
            households, _ = generate(folder, DATA / DISTRICT / "communities.csv", scale)
            began = time.perf_counter()
            asyncio.run(bring_in(url, kept, "households", households))
            print(f"households imported in {time.perf_counter() - began:.0f} s")
            seconds, document = asyncio.run(_measure(url))
    print(f"report, JSON  {seconds:6.3f} s   ({seconds / LIMIT_SECONDS:.0%} of the limit)")
    print(f"report, docx  {_seconds(docx_of, document):6.3f} s")
    print(f"report, PDF   {_seconds(pdf_of, document):6.3f} s")


if __name__ == "__main__":
    main()
