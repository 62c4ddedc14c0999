"""Version 1 of the import tables, for every service that takes files in."""

from migrations.platform_tables import run
from shared.db.security import HOUSEKEEPING, OFFICIAL, district_tables

TABLES = """
CREATE TABLE import (
    district char(6) NOT NULL, id uuid NOT NULL,
    kind text NOT NULL, file_name text NOT NULL, file_key text NOT NULL, sha256 text NOT NULL,
    mode text NOT NULL, dry_run boolean NOT NULL,
    checkpoint integer NOT NULL, created integer NOT NULL, updated integer NOT NULL,
    unchanged integer NOT NULL, rejected integer NOT NULL, finding_counts jsonb NOT NULL,
    created_by uuid, created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT import_pkey PRIMARY KEY (district, id),
    CONSTRAINT import_mode_check CHECK (mode IN ('all_or_nothing', 'good_rows'))
);
CREATE INDEX import_created_idx ON import (district, created_at);
CREATE TABLE import_finding (
    district char(6) NOT NULL, id uuid NOT NULL,
    import_id uuid NOT NULL, row integer NOT NULL, "column" text NOT NULL, code text NOT NULL,
    detail jsonb NOT NULL, remedy jsonb NOT NULL,
    CONSTRAINT import_finding_pkey PRIMARY KEY (district, id),
    CONSTRAINT import_finding_district_import_id_fkey FOREIGN KEY (district, import_id)
        REFERENCES import (district, id)
);
CREATE INDEX import_finding_row_idx ON import_finding (district, import_id, row, id)
"""


def create_import_tables(service: str) -> None:
    """Create them. Findings are a report on a file, made anew when an import is resumed."""
    run(TABLES)
    run(district_tables(service, f"shequ_{service}", ["import"], OFFICIAL))
    run(district_tables(service, f"shequ_{service}", ["import_finding"], HOUSEKEEPING))
