"""Why a finding is refused, each with its remedy. Pure."""

from collections.abc import Sequence
from uuid import UUID

from shared.kernel.issue import Issue
from shared.kernel.text import Text


def item_unknown(pointer: str, code: str) -> Issue:
    """Neither an item of the standard nor one that the caller's department may assess here."""
    return Issue(
        code="item_unknown",
        pointer=pointer,
        detail=Text(
            zh=f"本次考核的标准和贵部门项目中都没有 {code}。",
            en=f"Neither the campaign's standard nor your department has an item {code}.",
        ),
        remedy=Text(zh="请使用标准的项目代码。", en="Use a code of the standard."),
    )


def item_not_asked(pointer: str, code: str) -> Issue:
    """No approved request of the visit needs the item found here."""
    return Issue(
        code="item_not_asked",
        pointer=pointer,
        detail=Text(
            zh=f"本次检查所服务的获准申请都不需要在该社区现场认定 {code}。",
            en=f"No approved request that the visit serves needs {code} found in this community.",
        ),
        remedy=Text(
            zh="请只检查获准的项目；共享成果和台账中已有的不再检查。",
            en="Assess what was approved; what is shared or in the ledger is not asked again.",
        ),
    )


def id_reused(pointer: str) -> Issue:
    """The client's id stands for another finding."""
    return Issue(
        code="finding_differs",
        pointer=pointer,
        detail=Text(
            zh="这个编号已用于另一条内容不同的认定。",
            en="This id stands for a finding with other content.",
        ),
        remedy=Text(
            zh="请为新的认定使用新的编号；更正请用 replaces 指明原认定。",
            en="Use a new id for a new finding; to mend one, name it in `replaces`.",
        ),
    )


def already_found(pointer: str, code: str) -> Issue:
    """The item has a live finding in this community and campaign."""
    return Issue(
        code="already_found",
        pointer=pointer,
        detail=Text(
            zh=f"本次考核中该社区的 {code} 已有认定。",
            en=f"{code} was found in this community already in this campaign.",
        ),
        remedy=Text(
            zh="如需更正，请在 replaces 中填写原认定的编号并写明理由。",
            en="To mend it, give its id in `replaces` and say why in `note`.",
        ),
    )


def replaced_unknown(pointer: str) -> Issue:
    """What is to be replaced is no finding of this item and community."""
    return Issue(
        code="replaced_unknown",
        pointer=pointer,
        detail=Text(
            zh="被更正的认定不存在，或不是同一社区的同一项目。",
            en="There is no such finding of the same item and community.",
        ),
        remedy=Text(zh="请核对编号。", en="Check the id."),
    )


def replaced_not_live(pointer: str) -> Issue:
    """What is to be replaced was replaced or contested already."""
    return Issue(
        code="replaced_not_live",
        pointer=pointer,
        detail=Text(
            zh="该认定已被更正或有异议，不能再更正。",
            en="That finding was replaced or contested already.",
        ),
        remedy=Text(
            zh="请更正现行的认定，或直接录入新的认定。",
            en="Replace the one that stands, or record a new one.",
        ),
    )


def replaced_without_reason(pointer: str) -> Issue:
    """A correction needs a reason."""
    return Issue(
        code="reason_missing",
        pointer=pointer,
        detail=Text(zh="更正认定须写明理由。", en="Replacing a finding needs a reason."),
        remedy=Text(zh="请在 note 中写明理由。", en="Give the reason in `note`."),
    )


def evidence_unknown(pointer: str, ids: Sequence[UUID]) -> Issue:
    """Files that are not the visit's."""
    listed = ", ".join(map(str, ids[:5]))
    return Issue(
        code="evidence_unknown",
        pointer=pointer,
        detail=Text(
            zh=f"本次检查没有这些佐证材料：{listed}。",
            en=f"The visit has no such files: {listed}.",
        ),
        remedy=Text(zh="请先上传。", en="Upload them first."),
    )


def entry_unknown(pointer: str, entries: Sequence[tuple[str, UUID]]) -> Issue:
    """Entries that the ledger does not have for the community."""
    listed = ", ".join(f"{element}/{entry}" for element, entry in entries[:5])
    return Issue(
        code="entry_unknown",
        pointer=pointer,
        detail=Text(
            zh=f"台账中该社区没有这些有效条目：{listed}。",
            en=f"The ledger has no such valid entries of the community: {listed}.",
        ),
        remedy=Text(zh="请引用台账中现行有效的条目。", en="Cite entries that count at present."),
    )
