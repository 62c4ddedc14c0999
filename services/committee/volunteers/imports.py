"""Files that volunteers takes in: teams."""

from collections.abc import Mapping
from typing import Any

from services.committee.organisation.public import community_ids
from services.committee.volunteers.events import tell_of_teams
from services.committee.volunteers.models import Team
from shared.imports.parsing import civil_date, code, text
from shared.imports.records import Records, Values, ends_before_start, unknown
from shared.imports.table import Column, Rejected, Template
from shared.kernel.text import Text


def _team(values: Mapping[str, Any], communities: Mapping[str, Any]) -> Values | Rejected:
    community = None
    if values["community_code"] is not None:
        community = communities.get(values["community_code"])
        if community is None:
            what = Text(zh="社区", en="community")
            return unknown("community_code", what, values["community_code"])
    if values["ended_on"] is not None and values["ended_on"] < values["founded_on"]:
        return ends_before_start("ended_on")
    kept = {name: value for name, value in values.items() if name != "community_code"}
    return {**kept, "community_id": community}


TEAMS = Records(
    template=Template(
        "volunteer_teams",
        Text(zh="志愿服务队", en="volunteer teams"),
        (
            Column("code", Text("队伍代码", "Team code"), code(), "V001"),
            Column("name", Text("队伍名称", "Name"), text(80), "沙市老姨妈服务队"),
            Column(
                "community_code",
                Text("社区代码", "Community code"),
                code(),
                "",
                Text(zh="不属于某一社区的留空", en="Empty when it is not one community's"),
                required=False,
            ),
            Column("founded_on", Text("成立日期", "Founded on"), civil_date, "2008-03-05"),
            Column("ended_on", Text("解散日期", "Ended on"), civil_date, "", required=False),
        ),
    ),
    model=Team,
    key=("code",),
    load=community_ids,
    resolve=_team,
    changed=tell_of_teams,
)
