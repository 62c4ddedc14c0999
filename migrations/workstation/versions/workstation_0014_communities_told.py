"""The gateway hears of communities that were recorded before it listened"""

from alembic import op

from migrations.platform_tables import run

revision = "workstation_0014"
down_revision = "workstation_0013"

TELL = """
INSERT INTO outbox_delivery (district, destination, event_id, subject)
SELECT district, 'gateway', id, subject FROM outbox_event AS event
WHERE type = 'cn.shequ.registry.community.recorded' AND NOT EXISTS (
    SELECT 1 FROM outbox_delivery AS told
    WHERE told.district = event.district AND told.destination = 'gateway'
      AND told.event_id = event.id)
ORDER BY id
"""


def upgrade() -> None:
    """Put them on their way, district by district; the worker's sweep takes them up."""
    codes = [row.code for row in op.get_bind().exec_driver_sql("SELECT code FROM district")]
    for code in codes:
        run([f"SET LOCAL app.district = '{code}'", TELL])
