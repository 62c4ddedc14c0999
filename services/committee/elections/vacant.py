"""What a by-election may fill (组织法 24)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.committee.elections.acting import Act
from services.committee.elections.domain import Contest
from services.committee.organisation import public as organisation
from shared.kernel.errors import Conflict
from shared.kernel.issue import Issue, issue
from shared.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Vacant:
    """What is vacant in a community's running term, and whether a woman is among who stays."""

    term_id: UUID
    ends_on: date
    seats: Mapping[str, int]
    woman_sitting: bool


async def vacant_in(act: Act, community_id: UUID, day: date) -> Vacant:
    """What is vacant in a community's committee. Raises Conflict where nothing is."""
    committee = await organisation.committee_facts(act.session, community_id, day)
    if committee is None or committee.term_id is None or committee.ends_on is None:
        raise Conflict(
            code="no_running_term",
            detail=Text(
                zh="本社区没有在任的居民委员会，不能补选。请组织换届选举（kind=general）。",
                en="No committee of the community is in office, so nobody can join it. Hold a "
                "renewal instead (kind=general).",
            ),
        )
    seats = await organisation.vacant_seats(act.session, committee.id, day)
    if not seats:
        raise Conflict(
            code="nothing_vacant",
            detail=Text(
                zh="没有缺额，不需要补选。成员离任的，请先登记其辞职、罢免或职务终止。",
                en="No office is vacant, so nobody is elected. Record the resignation, recall or "
                "ending of an office first.",
            ),
        )
    woman = any(seat.sex is organisation.Sex.FEMALE for seat in committee.seats)
    by_position = {position.value: number for position, number in seats.items()}
    return Vacant(committee.term_id, committee.ends_on, by_position, woman)


def by_election_issues(contests: Sequence[Contest], filled: Vacant, day: date) -> list[Issue]:
    """Seats of a by-election that are not vacant, and a day on which the term is over."""
    issues = _more_than_vacant(contests, filled.seats)
    if day >= filled.ends_on:
        issues.append(
            issue(
                "term_over_by_then",
                "/election_day",
                f"本届任期到 {filled.ends_on} 为止，当选人无从就任。",
                f"The term ends on {filled.ends_on}: nobody could join it on that day.",
                "请提前选举日；来不及的，到期换届时一并选举。",
                "Choose an earlier day, or elect at the renewal that is due then.",
            )
        )
    return issues


def _more_than_vacant(contests: Sequence[Contest], vacant: Mapping[str, int]) -> list[Issue]:
    return [
        issue(
            "more_than_vacant",
            f"/seats/{contest.office}",
            f"{contest.office.label.zh}缺额 {vacant.get(contest.office, 0)} 人，不能补选 {contest.seats} 人。",
            f"{vacant.get(contest.office, 0)} seats ({contest.office.label.en}) are vacant, not "
            f"{contest.seats}.",
            "请按缺额填写，见 /v1/committee/vacancies。",
            "Give what is vacant; see /v1/committee/vacancies.",
        )
        for contest in contests
        if contest.seats > vacant.get(contest.office, 0)
    ]
