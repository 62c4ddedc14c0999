"""What stands against a definition: its own faults, and elements that it resembles. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from services.workstation.ledger.domain import OwnerKind, ValueType
from shared.kernel.issue import Issue
from shared.kernel.similarity import similarity
from shared.kernel.text import Text
from shared.rulebook.rule import RuleValue

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Defined:
    """An element as its definition reads."""

    code: str
    title: str
    definition: str
    owner_name: str


def definition_issues(values: Mapping[str, Any]) -> list[Issue]:
    """What does not fit together in a definition: its choices, its owner."""
    issues = []
    choices = values["choices"]
    if (values["type"] == ValueType.CHOICE) != bool(choices) or len(set(choices)) < len(choices):
        issues.append(
            Issue(
                code="choices_misfit",
                pointer="/choices",
                detail=Text(
                    zh="选项与类型不符，或有重复。",
                    en="The choices do not fit the type, or one stands twice.",
                ),
                remedy=Text(
                    zh="类型为 choice 时填写各不相同的选项，其他类型不填。",
                    en="Give different choices for the type `choice`, none for any other.",
                ),
            )
        )
    return issues + owner_issues(values)


def owner_issues(values: Mapping[str, Any]) -> list[Issue]:
    """An owner that is a department is named by its id, any other is not."""
    department = values["owner_kind"] == OwnerKind.DEPARTMENT
    if department == (values["owner_department_id"] is not None):
        return []
    return [
        Issue(
            code="owner_misfit",
            pointer="/owner/department_id",
            detail=Text(
                zh="采集方与部门编号不符。", en="The kind of owner and department_id do not fit."
            ),
            remedy=Text(
                zh="采集方为部门时填写 department_id，其他采集方不填。",
                en="Give department_id for a department, and for no other owner.",
            ),
        )
    ]


def similar_issues(
    asked: Defined, standing: Collection[Defined], rule: RuleValue
) -> tuple[Issue, ...]:
    """The elements that a new one resembles in title, or in title and definition, most alike
    first."""
    least = rule.fraction()
    found = []
    for other in standing:
        whole = similarity(asked.title + asked.definition, other.title + other.definition)
        share = max(whole, similarity(asked.title, other.title))
        if share >= least:
            found.append((share, other))
    found.sort(key=lambda pair: (-pair[0], pair[1].code))
    return tuple(
        Issue(
            code="element_similar",
            pointer="/definition",
            detail=Text(
                zh=f"与数据项 {other.code}“{other.title}”（{other.owner_name}采集）相近，"
                f"相似度 {int(share * 100)}%。",
                en=f"It resembles {other.code} “{other.title}”, collected by {other.owner_name}; "
                f"{int(share * 100)} % alike.",
            ),
            remedy=Text(
                zh="请向其采集方申请授权使用；确有区别的，在 differs_because 中写明区别后再提交。",
                en="Ask its owner for a grant. If it does differ, say how in `differs_because` and "
                "send it again.",
            ),
            rules=(rule.applied,),
        )
        for share, other in found[:_SHOWN]
    )
