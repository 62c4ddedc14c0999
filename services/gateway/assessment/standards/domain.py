"""The unified standard: its items, what they weigh, how they are measured, what stands against
publishing one. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.auth.principal import Role
from shared.kernel.issue import Decision, Issue
from shared.kernel.text import Text
from shared.procedures.procedure import Procedure, Step
from shared.rulebook.rule import RuleValue

HUNDREDTHS = 100
"""Weights and scores are integers in hundredths of a point, so that they close exactly."""


class ItemKind(StrEnum):
    """What is measured. The value of each is an integer: 0 or 1; hundredths of a percent; points
    of a scale; a number of things."""

    BOOLEAN = "boolean"
    RATIO = "ratio"
    SCALE = "scale"
    COUNT = "count"


class Verification(StrEnum):
    """How an item is found: read from the ledger, seen on site, rated by residents."""

    LEDGER = "ledger"
    ON_SITE = "on_site"
    RESIDENTS = "residents"


class Relation(StrEnum):
    """What the unified item is of the department's: the same, a part of it, more than it, or
    something that only meets it."""

    EQUAL = "equal"
    SUBSET = "subset"
    SUPERSET = "superset"
    INTERSECTS = "intersects"


COVERING = frozenset({Relation.EQUAL, Relation.SUPERSET})
"""Relations in which the unified item answers all that the department asks."""


class StandardState(StrEnum):
    """States of a version of a standard."""

    DRAFT = "draft"
    ABANDONED = "abandoned"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    RETIRED = "retired"


_GROUP = frozenset({Role.LEADING_GROUP})
_S = StandardState
STANDARD = Procedure(
    name="assessment_standard",
    states={
        _S.DRAFT: Text("草案", "draft"),
        _S.ABANDONED: Text("放弃", "abandoned"),
        _S.PUBLISHED: Text("已发布", "published"),
        _S.SUPERSEDED: Text("已被新版替代", "superseded"),
        _S.RETIRED: Text("废止", "retired"),
    },
    actions={
        "publication": Text("发布", "publish"),
        "abandonment": Text("放弃", "abandon"),
        "supersession": Text("由新版替代", "supersede"),
        "retirement": Text("废止", "retire"),
    },
    steps=(
        Step(_S.DRAFT, "publication", "published", _S.PUBLISHED, _GROUP),
        Step(
            _S.DRAFT, "abandonment", "abandoned", _S.ABANDONED,
            _GROUP | {Role.CIVIL_AFFAIRS}, reason=True,
        ),
        Step(_S.PUBLISHED, "supersession", "superseded", _S.SUPERSEDED),
        Step(_S.PUBLISHED, "retirement", "retired", _S.RETIRED, _GROUP, reason=True),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a standard.

    `weight` is in hundredths of a point. A value at `zero_at` earns nothing, one at `full_at` all
    of the weight, between them in proportion; with `zero_at` above `full_at` less is better.
    `element` is the code of the ledger's data element that answers it. A result holds
    `validity_days` from the day it was found. `two_person` findings need a second assessor.
    """

    code: str
    title: str
    subject: str
    kind: ItemKind
    weight: int
    zero_at: int
    full_at: int
    verification: Verification
    element: str | None
    two_person: bool
    veto: bool
    validity_days: int
    legal_basis: str

    @property
    def measure(self) -> tuple[object, ...]:
        """What makes it the same measure in another version, where its weight may differ."""
        return (
            self.code, self.title, self.kind, self.zero_at, self.full_at, self.verification,
            self.element, self.validity_days,
        )  # fmt: skip


LIMITS: Mapping[ItemKind, tuple[int, int]] = {
    ItemKind.BOOLEAN: (0, 1),
    ItemKind.RATIO: (0, 10_000),
    ItemKind.SCALE: (0, 100),
    ItemKind.COUNT: (0, 1_000_000),
}
"""The least and the greatest value of each kind."""


@dataclass(frozen=True, slots=True)
class PublishedItem:
    """An item of a published version. `origin_id` is the same in all versions in which its
    measure is, so that results outlive a new version that only weighs them differently."""

    id: UUID
    standard_id: UUID
    origin_id: UUID
    item: Item


def publication_issues(
    items: Sequence[Item], *, scale: RuleValue, veto: RuleValue
) -> Decision[tuple[Issue, ...]]:
    """Everything that stands against publishing these items as a standard, each with its remedy.

    `scale` is the rule `inspection.score_scale` in points; `veto` is `inspection.veto_items`:
    false means that a veto needs a cited legal basis.
    """
    issues = [*_codes(items), *_weights(items, scale)]
    for at, item in enumerate(items):
        issues += _measure(at, item)
        if item.veto and not veto.flag() and not item.legal_basis.strip():
            issues.append(veto_without_basis(f"/items/{at}/legal_basis", item.code, veto))
    return Decision(tuple(issues), (scale.applied, veto.applied))


def veto_without_basis(pointer: str, code: str, rule: RuleValue) -> Issue:
    """A veto item for which no law is cited."""
    return Issue(
        code="veto_without_basis",
        pointer=pointer,
        detail=Text(
            zh=f"“{code}”设为一票否决，但没有法律法规依据（{rule.source}）。",
            en=f"“{code}” is a veto item without a legal basis ({rule.source}).",
        ),
        remedy=Text(
            zh="请写明设定一票否决的法律、法规及条款，或取消一票否决。",
            en="Cite the law and article that sets the veto, or make it an ordinary item.",
        ),
        rules=(rule.applied,),
    )


def _codes(items: Sequence[Item]) -> list[Issue]:
    seen: set[str] = set()
    issues = []
    for at, item in enumerate(items):
        if item.code in seen:
            issues.append(
                Issue(
                    code="item_code_repeated",
                    pointer=f"/items/{at}/code",
                    detail=Text(
                        zh=f"代码 {item.code} 重复。", en=f"The code {item.code} stands twice."
                    ),
                    remedy=Text(zh="请换一个代码。", en="Give it another code."),
                )
            )
        seen.add(item.code)
    return issues


def _weights(items: Sequence[Item], scale: RuleValue) -> list[Issue]:
    whole = scale.integer() * HUNDREDTHS
    total = sum(item.weight for item in items)
    if items and total == whole:
        return []
    difference = whole - total
    return [
        Issue(
            code="weights_not_closed",
            pointer="/items",
            detail=Text(
                zh=f"各项权重合计 {points(total)} 分，应为 {points(whole)} 分。",
                en=f"The weights add up to {points(total)} points; they have to make "
                f"{points(whole)}.",
            ),
            remedy=Text(
                zh=f"请{'补足' if difference > 0 else '减去'} {points(abs(difference))} 分。",
                en=f"{'Add' if difference > 0 else 'Take off'} {points(abs(difference))} points.",
            ),
            rules=(scale.applied,),
        )
    ]


def _measure(at: int, item: Item) -> list[Issue]:
    issues = []
    least, most = LIMITS[item.kind]
    if item.zero_at == item.full_at or not all(
        least <= value <= most for value in (item.zero_at, item.full_at)
    ):
        issues.append(
            Issue(
                code="measure_impossible",
                pointer=f"/items/{at}/full_at",
                detail=Text(
                    zh=f"“{item.code}”零分值 {item.zero_at} 与满分值 {item.full_at} 须不同，"
                    f"且在 {least} 至 {most} 之间。",
                    en=f"“{item.code}”: the value for nothing, {item.zero_at}, and for all, "
                    f"{item.full_at}, must differ and lie between {least} and {most}.",
                ),
                remedy=Text(zh="请更正这两个值。", en="Mend the two values."),
            )
        )
    if (item.verification is Verification.LEDGER) != (item.element is not None):
        issues.append(
            Issue(
                code="element_mismatch",
                pointer=f"/items/{at}/element",
                detail=Text(
                    zh=f"“{item.code}”：由台账核验的项目、且只有这种项目，须指明数据项。",
                    en=f"“{item.code}”: exactly the items read from the ledger name an element.",
                ),
                remedy=Text(
                    zh="请填写数据项代码，或改为实地核验。",
                    en="Give the element's code, or verify it on site.",
                ),
            )
        )
    return issues


def points(hundredths: int) -> str:
    """Hundredths of a point as people write them: 8750 is 87.5."""
    whole, rest = divmod(hundredths, HUNDREDTHS)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
