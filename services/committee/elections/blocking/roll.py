"""Until the roll is frozen (组织法 15, 17). Pure."""

from datetime import timedelta

from services.committee.elections import calendar
from services.committee.elections.blocking.facts import Facts, missing
from services.committee.elections.domain import Office
from shared.kernel.issue import Issue


def committee(facts: Facts) -> list[Issue]:
    return [
        missing(
            "election_committee_incomplete",
            f"居民选举委员会缺少{Office(post).label.zh}（组织法第十五条）。",
            f"The election committee lacks its {Office(post).label.en} (组织法 15).",
            "请依次递补或另行推选（committee）。",
            "Let an alternate succeed, or have somebody chosen (committee).",
        )
        for post in facts.posts_missing
    ]


def before_registration(facts: Facts) -> list[Issue]:
    return committee(facts)


def before_publication(facts: Facts) -> list[Issue]:
    issues = committee(facts)
    last = calendar.last_publication_day(facts.ballot_on, facts.periods)
    if facts.electors == 0:
        issues.append(
            missing(
                "nobody_registered",
                "尚未登记选民。",
                "Nobody is registered.",
                "请先登记选民（roll）。",
                "Register electors (roll).",
            )
        )
    elif facts.voters == 0:
        issues.append(
            missing(
                "no_voters",
                f"尚未登记{facts.form.voters.zh}。",
                f"No {facts.form.voters.en} are named.",
                "请指定各户的代表或居民代表（roll/voters）。",
                "Name them (roll/voters).",
            )
        )
    if facts.today > last:
        issues.append(
            missing(
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


def before_freeze(facts: Facts) -> list[Issue]:
    issues = []
    assert facts.published_on is not None
    first = calendar.first_freeze_day(facts.published_on, facts.periods)
    if facts.today < first:
        issues.append(
            missing(
                "objections_still_possible",
                f"异议期到 {first - timedelta(days=1)} 为止（组织法第十七条）。",
                f"Objections may be made until {first - timedelta(days=1)} (组织法 17).",
                f"请于 {first} 起确定名单。",
                f"Freeze the roll from {first} on.",
            )
        )
    if facts.open_objections:
        issues.append(
            missing(
                "objections_undecided",
                f"还有 {facts.open_objections} 件异议未处理。",
                f"Objections not decided: {facts.open_objections}.",
                "请作出处理决定并公布（roll/objections）。",
                "Decide on them (roll/objections).",
            )
        )
    return issues
