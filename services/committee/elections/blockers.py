"""What is missing for an election's next step, and how to mend it. Pure.

The steps themselves ask this, so what it does not name cannot be refused for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.committee.elections import calendar
from services.committee.elections.calendar import Periods
from services.committee.elections.domain import Contest, Form, StationKind
from services.committee.elections.procedure import State
from shared.kernel.issue import Issue
from shared.kernel.text import Text


@dataclass(frozen=True, slots=True)
class StationFacts:
    """A polling station of the round."""

    code: str
    kind: StationKind
    scrutineers: int
    ballots: int
    closed: bool
    agreed: bool
    voided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """An election as it stands on a day, as far as its next step depends on it."""

    state: State
    today: date
    form: Form
    first_round: bool
    ballot_on: date
    periods: Periods
    posts_missing: tuple[str, ...]
    electors: int
    voters: int
    published_on: date | None
    open_objections: int
    open_nominations: int
    contests: tuple[Contest, ...]
    standing: Mapping[str, int]
    margin: int
    thin_nominations: int
    met: bool
    unpublished_proxies: int
    stations: tuple[StationFacts, ...]
    scrutineers_min: int
    mobile_boxes: bool
    open_conflicts: int
    question: Text | None
    second_candidates: int


def _issue(code: str, zh: str, en: str, remedy_zh: str, remedy_en: str) -> Issue:
    return Issue(code=code, detail=Text(zh, en), remedy=Text(remedy_zh, remedy_en))


def blockers(facts: Facts) -> tuple[Issue, ...]:
    """Everything that stands in the way of the next step; nothing when it may be taken."""
    check = _CHECKS.get(facts.state)
    return tuple(check(facts)) if check else ()


def too_few_candidates(contest: Contest, standing: int, margin: int) -> Issue:
    """组织法 18: more candidates than seats, by the margin that the rule asks."""
    need = contest.seats + margin
    name = contest.office.label
    return _issue(
        "too_few_candidates",
        f"{name.zh}应选 {contest.seats} 人，候选人 {standing} 人，须至少 {need} 人（组织法第十八条）。",
        f"For {contest.seats} seats ({name.en}) there are {standing} candidates and must be {need} "
        "(组织法 18).",
        "请继续提名候选人。",
        "Have more candidates nominated.",
    )


def _committee(facts: Facts) -> list[Issue]:
    return [
        _issue(
            "election_committee_incomplete",
            f"居民选举委员会缺少{_POSTS[post].zh}（组织法第十五条）。",
            f"The election committee lacks its {_POSTS[post].en} (组织法 15).",
            "请依次递补或另行推选（committee）。",
            "Let an alternate succeed, or have somebody chosen (committee).",
        )
        for post in facts.posts_missing
    ]


_POSTS = {
    "chair": Text("主任", "chair"),
    "vice_chair": Text("副主任", "vice chair"),
    "member": Text("委员", "member"),
}


def _before_registration(facts: Facts) -> list[Issue]:
    return _committee(facts)


def _before_publication(facts: Facts) -> list[Issue]:
    issues = _committee(facts)
    last = calendar.last_publication_day(facts.ballot_on, facts.periods)
    if facts.electors == 0:
        issues.append(
            _issue(
                "nobody_registered",
                "尚未登记选民。",
                "Nobody is registered.",
                "请先登记选民（roll）。",
                "Register electors (roll).",
            )
        )
    elif facts.voters == 0:
        issues.append(
            _issue(
                "no_voters",
                f"尚未登记{facts.form.voters.zh}。",
                f"No {facts.form.voters.en} are named.",
                "请指定各户的代表或居民代表（roll/voters）。",
                "Name them (roll/voters).",
            )
        )
    if facts.today > last:
        issues.append(
            _issue(
                "published_too_late",
                f"名单应在选举日 {facts.ballot_on} 的二十日前即 {last} 或之前公布（组织法第十七条）。",
                f"The roll had to be published by {last}, before election day {facts.ballot_on} "
                "(组织法 17).",
                f"请把选举日推迟到 {calendar.first_election_day(facts.today, facts.periods)} 或之后"
                "（postponement）。",
                "Move election day to "
                f"{calendar.first_election_day(facts.today, facts.periods)} or later "
                "(postponement).",
            )
        )
    return issues


def _before_freeze(facts: Facts) -> list[Issue]:
    issues = []
    assert facts.published_on is not None
    first = calendar.first_freeze_day(facts.published_on, facts.periods)
    if facts.today < first:
        issues.append(
            _issue(
                "objections_still_possible",
                f"异议期到 {first - timedelta(days=1)} 为止（组织法第十七条）。",
                f"Objections may be made until {first - timedelta(days=1)} (组织法 17).",
                f"请于 {first} 起确定名单。",
                f"Freeze the roll from {first} on.",
            )
        )
    if facts.open_objections:
        issues.append(
            _issue(
                "objections_undecided",
                f"还有 {facts.open_objections} 件异议未处理。",
                f"{facts.open_objections} objections are not decided.",
                "请作出处理决定并公布（roll/objections）。",
                "Decide on them (roll/objections).",
            )
        )
    return issues


def _before_candidacy(facts: Facts) -> list[Issue]:
    issues = _committee(facts)
    if facts.open_nominations:
        issues.append(
            _issue(
                "nominations_open",
                f"还有 {facts.open_nominations} 件提名未审查或未经本人接受。",
                f"{facts.open_nominations} nominations are not reviewed or not accepted.",
                "请审查资格并记录本人意愿（nominations）。",
                "Review them, and record whether the person accepts (nominations).",
            )
        )
    if facts.thin_nominations:
        issues.append(
            _issue(
                "nominators_lost",
                f"有 {facts.thin_nominations} 件提名因名单变更，联名选民已不足。",
                f"{facts.thin_nominations} nominations no longer have enough electors, as the roll "
                "was changed.",
                "请撤回该提名后重新提名。",
                "Withdraw such a nomination and nominate anew.",
            )
        )
    issues += [
        too_few_candidates(contest, facts.standing.get(contest.name, 0), facts.margin)
        for contest in facts.contests
        if facts.standing.get(contest.name, 0) < contest.seats + facts.margin
    ]
    return issues


def _before_opening(facts: Facts) -> list[Issue]:
    issues = _committee(facts)
    if facts.first_round:
        issues += [
            too_few_candidates(contest, facts.standing.get(contest.name, 0), facts.margin)
            for contest in facts.contests
            if facts.standing.get(contest.name, 0) < contest.seats + facts.margin
        ]
        if not facts.met:
            issues.append(
                _issue(
                    "not_met",
                    "候选人尚未与居民见面（组织法第十八条）。",
                    "The candidates have not met the residents (组织法 18).",
                    "请组织见面会并记录日期（meeting）。",
                    "Hold the meeting and record its day (meeting).",
                )
            )
    if facts.unpublished_proxies:
        issues.append(
            _issue(
                "proxies_unpublished",
                f"有 {facts.unpublished_proxies} 件委托投票尚未公布（组织法第十九条）。",
                f"{facts.unpublished_proxies} proxies are not published (组织法 19).",
                "请公布委托人和受托人名单（proxies/publication）。",
                "Publish the list (proxies/publication).",
            )
        )
    issues += _stations(facts)
    earliest = facts.ballot_on
    if facts.published_on is not None:
        published = calendar.first_election_day(facts.published_on, facts.periods)
        earliest = max(earliest, published)
    if facts.today < earliest:
        issues.append(
            _issue(
                "not_yet_the_day",
                f"投票日是 {earliest}。",
                f"The vote is on {earliest}.",
                f"请于 {earliest} 开始投票。",
                f"Open it on {earliest}.",
            )
        )
    return issues


def _stations(facts: Facts) -> list[Issue]:
    if not facts.stations:
        return [
            _issue(
                "no_stations",
                "尚未设立投票站。",
                "There is no polling station.",
                "请设立投票站并登记监票人（stations）。",
                "Set one up with its scrutineers (stations).",
            )
        ]
    issues = []
    for station in facts.stations:
        if station.scrutineers < facts.scrutineers_min:
            issues.append(
                _issue(
                    "too_few_scrutineers",
                    f"{station.code} 的监票人 {station.scrutineers} 名，须 {facts.scrutineers_min} 名。",
                    f"{station.code} has {station.scrutineers} scrutineers and needs "
                    f"{facts.scrutineers_min}.",
                    "请补足监票人。",
                    "Add scrutineers.",
                )
            )
        if station.ballots == 0:
            issues.append(
                _issue(
                    "station_without_ballots",
                    f"{station.code} 尚未领取选票。",
                    f"{station.code} has no ballots.",
                    "请按号段发放选票（stations/{id}/ballots）。",
                    "Give it ballots by their serials (stations/{id}/ballots).",
                )
            )
        if station.kind is StationKind.MOBILE_BOX and not facts.mobile_boxes:
            issues.append(
                _issue(
                    "no_mobile_boxes",
                    f"本区规则不设流动票箱：{station.code}。",
                    f"The district's rule allows no mobile boxes: {station.code}.",
                    "请改设投票站。",
                    "Set up a station instead.",
                )
            )
    return issues


def _before_closing(facts: Facts) -> list[Issue]:
    return [
        _issue(
            "station_open",
            f"{station.code} 尚未结束投票。",
            f"{station.code} is not closed.",
            "请清点剩余选票后关闭（stations/{id}/closing）。",
            "Count its left-over ballots and close it (stations/{id}/closing).",
        )
        for station in facts.stations
        if not station.closed
    ]


def _before_result(facts: Facts) -> list[Issue]:
    issues = [
        _issue(
            "not_counted",
            f"{station.code} 的两份计票表尚未一致。",
            f"{station.code} has no two count sheets that agree.",
            "请由两人分别录入计票表（count-sheets）。",
            "Have two persons enter their sheets (count-sheets).",
        )
        for station in facts.stations
        if not station.agreed and not station.voided
    ]
    if facts.open_conflicts:
        issues.append(
            _issue(
                "marked_twice",
                f"有 {facts.open_conflicts} 名选民在两个投票站领票，尚未处理。",
                f"{facts.open_conflicts} electors were given ballots at two stations; this is not "
                "decided.",
                "请查明并记录处理意见（mark-conflicts）。",
                "Find out why and record what was decided (mark-conflicts).",
            )
        )
    return issues


def _before_answer(facts: Facts) -> list[Issue]:
    question = facts.question
    if question is None:
        return []
    return [
        _issue(
            "votes_do_not_decide",
            question.zh,
            question.en,
            "请按本省选举办法作出决定，并注明依据（seat-decisions）。",
            "Decide as the province's rule prescribes, and record it with its source "
            "(seat-decisions).",
        )
    ]


def _before_second_ballot(facts: Facts) -> list[Issue]:
    if facts.second_candidates:
        return []
    return [
        _issue(
            "nobody_left",
            "第一次投票未当选的人员中没有可作候选人的。",
            "None of those who were not elected can stand.",
            "请以缺额结束（vacancies），再依法补选。",
            "Close with vacant seats (vacancies) and hold a by-election.",
        )
    ]


_CHECKS: Mapping[State, Callable[[Facts], list[Issue]]] = {
    State.RESOLVED: _before_registration,
    State.REGISTERING: _before_publication,
    State.ROLL_PUBLISHED: _before_freeze,
    State.ROLL_FROZEN: _before_candidacy,
    State.CANDIDATES_PUBLISHED: _before_opening,
    State.VOTING: _before_closing,
    State.COUNTING: _before_result,
    State.UNDECIDED: _before_answer,
    State.SECOND_BALLOT_DUE: _before_second_ballot,
}
