"""Files that posts takes in."""

from collections.abc import Mapping
from typing import Any

from services.workstation.posts.domain import Basis
from services.workstation.posts.models import Post
from services.workstation.registry.public import community_ids
from shared.imports.parsing import choice, civil_date, code, text
from shared.imports.records import Records, Values, ends_before_start, unknown
from shared.imports.table import Column, Rejected, Template
from shared.kernel.text import Text

BASES = {"换届核定": Basis.ELECTION.value, "工作需要": Basis.WORK.value}


def _post(values: Mapping[str, Any], communities: Mapping[str, Any]) -> Values | Rejected:
    community = communities.get(values["community_code"])
    if community is None:
        what = Text(zh="社区", en="community")
        return unknown("community_code", what, values["community_code"])
    if values["ended_on"] is not None and values["ended_on"] < values["approved_on"]:
        return ends_before_start("ended_on")
    kept = {name: value for name, value in values.items() if name != "community_code"}
    return {**kept, "community_id": community}


POSTS = Records(
    template=Template(
        "posts",
        Text(zh="核定岗位", en="approved posts"),
        (
            Column("code", Text("岗位编号", "Post code"), code(), "421002001001-1"),
            Column("community_code", Text("社区代码", "Community code"), code(), "421002001001"),
            Column("basis", Text("核定依据", "Basis"), choice(BASES), "换届核定"),
            Column("approved_on", Text("核定日期", "Approved on"), civil_date, "2021-12-01"),
            Column("document", Text("文件", "Document"), text(200), "沙区政发〔2021〕20号"),
            Column("ended_on", Text("撤销日期", "Ended on"), civil_date, "", required=False),
        ),
    ),
    model=Post,
    key=("code",),
    load=community_ids,
    resolve=_post,
)
