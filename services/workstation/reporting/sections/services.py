"""（四）服务和自治: series of services, service points, volunteer teams."""

from services.workstation.reporting.domain import Source, percent
from services.workstation.reporting.facts import ServicePointKind
from services.workstation.reporting.figures.services import SERVICE_POINTS, service_points
from services.workstation.reporting.wording import number
from services.workstation.reporting.writer import Writer
from shared.kernel.text import Text


def write_services(writer: Writer) -> None:
    """The section with the table of service points."""
    writer.heading(2, Text("（四）社区服务和自治", "4. Services and self-governance"))
    writer.paragraph(_series(writer), _points(writer), _teams(writer))
    if writer.report.facts.services.points:
        _table(writer)


def _series(writer: Writer) -> Text:
    series = writer.report.facts.services.series
    if not series:
        return Text("社区服务系列无记录。", "There is no record of the series of services.")
    return Text(
        f"社区服务涵盖{'、'.join(series)}等{len(series)}个系列。",
        f"Services come in {len(series)} series: {', '.join(series)}.",
    )


def _points(writer: Writer) -> Text:
    if not writer.report.facts.services.points:
        return Text("各类服务阵地无记录。", "There is no record of service points.")
    table = writer.next_table
    parts = [
        Text(
            f"{label.zh}{writer.shown(f'services.counts.{key}')}个",
            f"{label.en} {writer.shown(f'services.counts.{key}')}",
        )
        for key, label in SERVICE_POINTS.values()
    ]
    return Text(
        f"已建成{'、'.join(part.zh for part in parts)}（见{table.zh}）。",
        f"There are: {', '.join(part.en for part in parts)} ({table.en}).",
    )


def _teams(writer: Writer) -> Text:
    teams = writer.report.facts.services.volunteer_teams
    if not teams:
        return Text("社区志愿者服务队伍无记录。", "There is no record of volunteer teams.")
    return Text(
        f"登记在册的社区志愿者服务队伍{len(teams)}支：{'、'.join(teams)}。",
        f"{len(teams)} volunteer teams are registered: {', '.join(teams)}.",
    )


def _table(writer: Writer) -> None:
    facts = writer.report.facts
    writer.table(
        Text("社区服务阵地", "Service points"),
        (
            (Text("类别", "Kind"), 6, False),
            (Text("数量（个）", "Number"), 3, True),
            (Text("与社区总数之比", "Of the communities"), 4, True),
        ),
        [
            (
                writer.say(label),
                number(service_points(facts, kind)),
                "—"
                if kind is ServicePointKind.STREET_SERVICE_CENTRE
                else percent(service_points(facts, kind), len(facts.communities)) or "—",
            )
            for kind, (_, label) in SERVICE_POINTS.items()
        ],
        Source.SERVICES,
        Source.COMMUNITIES,
    )
