"""（四）服务和自治: series of services, service points, volunteer teams."""

from services.workstation.reporting.domain import Source, percent
from services.workstation.reporting.figures.services import SERVICE_POINTS
from services.workstation.reporting.writer import Writer
from shared.kernel.text import Text


def write_services(writer: Writer) -> None:
    """The section with the table of service points."""
    writer.heading(2, Text("（四）服务和自治", "4. Services and self-governance"))
    writer.paragraph(_series(writer), _points(writer), _teams(writer))
    _table(writer)


def _series(writer: Writer) -> Text | None:
    series = writer.report.facts.services.series
    if not series:
        return None
    return Text(
        f"社区服务涵盖{'、'.join(series)}等{len(series)}个系列。",
        f"Services come in {len(series)} series: {', '.join(series)}.",
    )


def _points(writer: Writer) -> Text:
    return Text(
        f"各类服务阵地建设情况见{writer.next_table.zh}。",
        f"{writer.next_table.en} counts the service points.",
    )


def _teams(writer: Writer) -> Text | None:
    teams = writer.report.facts.services.volunteer_teams
    if not teams:
        return None
    return Text(
        f"现有登记在册的社区志愿者服务队伍{len(teams)}支：{'、'.join(teams)}。",
        f"{len(teams)} volunteer teams are registered: {', '.join(teams)}.",
    )


def _table(writer: Writer) -> None:
    communities = len(writer.report.facts.communities)
    rows = []
    for key, label in SERVICE_POINTS.values():
        count = writer.report.figure(f"services.counts.{key}").value
        of_streets = key == "street_service_centres"
        cover = percent(count, communities) if isinstance(count, int) else None
        rows.append(
            (
                writer.say(label),
                writer.shown(f"services.counts.{key}"),
                "—" if of_streets else cover or "—",
            )
        )
    writer.table(
        Text("社区服务阵地", "Service points"),
        (
            (Text("类别", "Kind"), 6, False),
            (Text("数量（个）", "Number"), 3, True),
            (Text("与社区总数之比", "Per 100 communities"), 4, True),
        ),
        rows,
        Source.SERVICES,
    )
