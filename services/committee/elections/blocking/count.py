"""Until somebody takes office (组织法 19, 25). Pure."""

from datetime import timedelta

from services.committee.elections.blocking.facts import Facts, missing
from shared.kernel.issue import Issue


def before_closing(facts: Facts) -> list[Issue]:
    return [
        missing(
            "station_open",
            f"{station.code} 尚未结束投票。",
            f"{station.code} is not closed.",
            "请清点剩余选票后关闭（stations/{id}/closing）。",
            "Count its left-over ballots and close it (stations/{id}/closing).",
        )
        for station in facts.stations
        if not station.closed
    ]


def before_result(facts: Facts) -> list[Issue]:
    issues = [
        missing(
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
            missing(
                "marked_twice",
                f"有 {facts.open_conflicts} 名选民在两个投票站领票，尚未处理。",
                f"Electors given ballots at two stations, not decided on yet: {facts.open_conflicts}.",
                "请查明并记录处理意见（mark-conflicts）。",
                "Find out why and record what was decided (mark-conflicts).",
            )
        )
    return issues


def before_answer(facts: Facts) -> list[Issue]:
    question = facts.question
    if question is None:
        return []
    return [
        missing(
            "votes_do_not_decide",
            question.zh,
            question.en,
            "请按本省选举办法作出决定，并注明依据（seat-decisions）。",
            "Decide as the province's rule prescribes, and record it with its source "
            "(seat-decisions).",
        )
    ]


def before_second_ballot(facts: Facts) -> list[Issue]:
    if facts.second_candidates:
        return []
    return [
        missing(
            "nobody_left",
            "第一次投票未当选的人员中没有可作候选人的。",
            "None of those who were not elected can stand.",
            "请以缺额结束（vacancies），再依法补选。",
            "Close with vacant seats (vacancies) and hold a by-election.",
        )
    ]


def before_accession(facts: Facts) -> list[Issue]:
    """That there is a committee whose term they may begin or join."""
    into = facts.taking_office
    assert into is not None
    if not into.committee:
        return [
            missing(
                "no_committee",
                "本社区没有登记居民委员会。",
                "No residents' committee of the community is on record.",
                "请先登记居民委员会，再办理就任。",
                "Enter it first, then let them take office.",
            )
        ]
    if into.by_election and not into.term_runs:
        return [
            missing(
                "no_running_term",
                "本届任期已满，补选当选人无从就任。",
                "The committee's term is over, so nobody can join it.",
                "请组织换届选举。",
                "Hold a renewal.",
            )
        ]
    if not into.by_election and into.latest_start and into.latest_start >= facts.today:
        return [
            missing(
                "term_exists",
                f"最近一届自 {into.latest_start} 起任职，新一届应在其后开始。",
                f"The latest term began on {into.latest_start}; the next begins after it.",
                f"请于 {into.latest_start + timedelta(days=1)} 起办理就任。",
                f"Let them take office from {into.latest_start + timedelta(days=1)} on.",
            )
        ]
    return []
