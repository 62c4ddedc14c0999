"""Until the vote opens (组织法 18, 19). Pure."""

from services.committee.elections import calendar
from services.committee.elections.blocking.facts import Facts, missing
from services.committee.elections.blocking.roll import committee
from services.committee.elections.domain import Contest, StationKind
from shared.kernel.issue import Issue


def too_few_candidates(contest: Contest, standing: int, margin: int) -> Issue:
    """组织法 18: more candidates than seats, by the margin that the rule asks."""
    need = contest.seats + margin
    name = contest.office.label
    return missing(
        "too_few_candidates",
        f"{name.zh}应选 {contest.seats} 人，候选人 {standing} 人，须至少 {need} 人（组织法第十八条）。",
        f"Seats ({name.en}): {contest.seats}; candidates: {standing}; there must be {need} (组织法 18).",
        "请继续提名候选人。",
        "Have more candidates nominated.",
    )


def before_candidacy(facts: Facts) -> list[Issue]:
    issues = committee(facts)
    if facts.open_nominations:
        issues.append(
            missing(
                "nominations_open",
                f"还有 {facts.open_nominations} 件提名未审查或未经本人接受。",
                f"Nominations not reviewed or not answered: {facts.open_nominations}.",
                "请审查资格并记录本人意愿（nominations）。",
                "Review them, and record whether the person accepts (nominations).",
            )
        )
    if facts.thin_nominations:
        issues.append(
            missing(
                "nominators_lost",
                f"有 {facts.thin_nominations} 件提名因名单变更，联名选民已不足。",
                f"Nominations that lost electors by changes of the roll and have too few: "
                f"{facts.thin_nominations}.",
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


def before_opening(facts: Facts) -> list[Issue]:
    issues = committee(facts)
    if facts.first_round:
        issues += [
            too_few_candidates(contest, facts.standing.get(contest.name, 0), facts.margin)
            for contest in facts.contests
            if facts.standing.get(contest.name, 0) < contest.seats + facts.margin
        ]
        if not facts.met:
            issues.append(
                missing(
                    "not_met",
                    "候选人尚未与居民见面（组织法第十八条）。",
                    "The candidates have not met the residents (组织法 18).",
                    "请组织见面会并记录日期（meeting）。",
                    "Hold the meeting and record its day (meeting).",
                )
            )
    if facts.unpublished_proxies:
        issues.append(
            missing(
                "proxies_unpublished",
                f"有 {facts.unpublished_proxies} 件委托投票尚未公布（组织法第十九条）。",
                f"Proxies not published: {facts.unpublished_proxies} (组织法 19).",
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
            missing(
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
            missing(
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
                missing(
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
                missing(
                    "station_without_ballots",
                    f"{station.code} 尚未领取选票。",
                    f"{station.code} has no ballots.",
                    "请按号段发放选票（stations/{id}/ballots）。",
                    "Give it ballots by their serials (stations/{id}/ballots).",
                )
            )
        if station.kind is StationKind.MOBILE_BOX and not facts.mobile_boxes:
            issues.append(
                missing(
                    "no_mobile_boxes",
                    f"本区规则不设流动票箱：{station.code}。",
                    f"The district's rule allows no mobile boxes: {station.code}.",
                    "请改设投票站。",
                    "Set up a station instead.",
                )
            )
    return issues
