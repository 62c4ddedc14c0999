"""Residents' groups and their representatives, and the supervision committee. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.committee.organisation.domain import Kinship
from shared.kernel.issue import Issue
from shared.kernel.text import Text


def representation_advice(
    households: int, representatives: int, leaders: int, least: int, most: int
) -> tuple[Issue, ...]:
    """What a group of so many households lacks: one representative for every `least` to `most`
    households, as a rule (组织法 13), and a leader chosen from among them."""
    issues = []
    fewest, largest = -(-households // most), max(1, households // least)
    if not min(fewest, largest) <= representatives <= largest:
        issues.append(
            Issue(
                code="group_representatives",
                detail=Text(
                    zh=f"{households} 户，有居民代表 {representatives} 人；一般每 {least}–{most} "
                    f"户推选一人，即 {min(fewest, largest)}–{largest} 人。",
                    en=f"{households} households have {representatives} representatives; usual is "
                    f"one for {least}–{most}, that is {min(fewest, largest)}–{largest}.",
                ),
                remedy=Text(
                    zh="请由居民小组推选或调整；确有实际需要的可保留。",
                    en="The group chooses more or fewer; real need may justify the number.",
                ),
            )
        )
    if representatives and not leaders:
        issues.append(
            Issue(
                code="group_without_leader",
                detail=Text(zh="居民小组没有组长。", en="The group has no leader."),
                remedy=Text(
                    zh="请由居民小组从居民代表中推选组长（组织法 13）。",
                    en="The group chooses one of its representatives (组织法 13).",
                ),
            )
        )
    return tuple(issues)


@dataclass(frozen=True, slots=True)
class Supervisor:
    """A member of the supervision committee 居务监督委员会; `person` the resident, where known."""

    id: UUID
    name: str
    person: UUID | None


@dataclass(frozen=True, slots=True)
class Seated:
    """A member of the residents' committee, for comparison."""

    id: UUID
    name: str
    person: UUID | None


def supervision_issues(
    supervisors: Sequence[Supervisor], seated: Sequence[Seated], kinships: Collection[Kinship]
) -> tuple[Issue, ...]:
    """Who may not supervise: members of the committee and their near kin (组织法 36).

    A member is known by the resident's id, or by name where one of the two has no id.
    """
    issues = []
    confirmed = {
        frozenset((kinship.one, kinship.other)) for kinship in kinships if kinship.confirmed
    }
    remedy = Text(
        zh="请由居民会议或居民代表会议另行推选。",
        en="The residents' or representatives' meeting chooses somebody else.",
    )
    for supervisor in supervisors:
        for member in seated:
            if _the_same(supervisor, member):
                detail = Text(
                    zh=f"{supervisor.name}是居委会成员，不得担任居务监督委员会成员。",
                    en=f"{supervisor.name} is a member of the committee and may not supervise it.",
                )
                issues.append(Issue(code="supervisor_is_member", detail=detail, remedy=remedy))
            elif frozenset((supervisor.id, member.id)) in confirmed:
                detail = Text(
                    zh=f"{supervisor.name}是居委会成员{member.name}的近亲属，不得担任居务监督委员会成员。",
                    en=f"{supervisor.name} is near kin of {member.name}, a member of the "
                    "committee, and may not supervise it.",
                )
                issues.append(Issue(code="supervisor_is_kin", detail=detail, remedy=remedy))
    return tuple(issues)


def _the_same(supervisor: Supervisor, member: Seated) -> bool:
    if supervisor.person is not None and member.person is not None:
        return supervisor.person == member.person
    return supervisor.name == member.name
