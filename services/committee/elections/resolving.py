"""From the resolution on: the election, its committee, its day, its end before time."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from services.committee.elections import calendar, repository
from services.committee.elections.acting import Act
from services.committee.elections.chain import Kind
from services.committee.elections.domain import (
    Contest,
    ElectionKind,
    Form,
    Nature,
    Office,
)
from services.committee.elections.journal import log, source
from services.committee.elections.models import Election, ElectionRound
from services.committee.elections.outcome import contest_json
from services.committee.elections.procedure import State
from services.committee.elections.ruling import Ruling, rules_on
from services.committee.elections.vacant import by_election_issues, vacant_in
from shared.auth.policy import Reach
from shared.kernel.clock import day_of
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue, issue
from shared.kernel.text import Text


async def resolve(act: Act, reach: Reach, values: Mapping[str, Any]) -> Election:
    """Begin an election as a meeting resolved (组织法 14, 15, 24). Raises Invalid with everything
    that is wrong, Conflict while another one runs in the community, and for a by-election where
    nothing is vacant."""
    community = await repository.require_reach(act.session, reach, values["community_id"])
    demo_today = values["demo_today"]
    if demo_today is not None and not act.demonstrations:
        raise Invalid(issues=(_no_demonstrations(),))
    today = demo_today or day_of(act.now)
    form, day = Form(values["form"]), values["election_day"]
    rules = rules_on(act.rulebook, act.actor.district, day, form)
    ruling = Ruling(rules)
    contests = tuple(
        Contest(office.value, office, values["seats"].get(office, 0))
        for office in Office
        if values["seats"].get(office, 0)
    )
    issues = _issues(values, contests, ruling, today)
    filled = None
    if values["kind"] == ElectionKind.BY_ELECTION:
        filled = await vacant_in(act, community.id, today)
        issues += by_election_issues(contests, filled, day)
    if issues:
        cited = () if filled else ruling.applied("seats_min", "seats_max")
        raise Invalid(issues=issues, rules=cited)
    made: Election | None = await act.session.scalar(
        insert(Election)
        .values(
            district=act.actor.district,
            id=new_id(),
            community_id=community.id,
            kind=values["kind"],
            form=form.value,
            contests=[contest_json(contest) for contest in contests],
            woman_sitting=filled is not None and filled.woman_sitting,
            term_id=filled.term_id if filled else None,
            election_day=day,
            resolved_on=values["resolved_on"],
            resolution=values["resolution"],
            document=values["document"],
            rules=rules,
            state=State.RESOLVED.value,
            round=1,
            secret=secrets.token_bytes(32),
            demo=demo_today is not None,
            demo_today=demo_today,
            log_count=0,
            created_by=act.actor.id,
            version=1,
        )
        .on_conflict_do_nothing()
        .returning(Election)
    )
    if made is None:
        raise _one_is_running()
    act.session.add(
        ElectionRound(
            district=made.district,
            election_id=made.id,
            round=1,
            nature=Nature.FIRST.value,
            ballot_on=day,
            contests=made.contests,
            left_out=[],
        )
    )
    await act.note(made, "resolved", form=form.value, election_day=day.isoformat())
    await log(
        act,
        made,
        Kind.OPENED,
        {
            "district": made.district,
            "election": str(made.id),
            "community": {"code": community.code, "name": community.name},
            "election_kind": made.kind,
            "form": made.form,
            "election_day": day.isoformat(),
            "contests": made.contests,
            "woman_sitting": made.woman_sitting,
            "electronic_ballots": False,
            "rules": ruling.in_log,
            "source": source(made.resolution, None),
        },
    )
    return made


async def postpone(act: Act, election: Election, day: date, reason: str, text: str) -> None:
    """Move the day of the present round's ballot, with the reason and who decided so. Raises
    Invalid for a day that has passed or is too soon after the roll was published."""
    round = await repository.round_of(act.session, election)
    periods = Ruling(election.rules).periods
    earliest = act.today(election)
    if election.roll_published_on is not None:
        earliest = max(earliest, calendar.first_election_day(election.roll_published_on, periods))
    if day < earliest:
        raise Invalid(issues=(_too_soon(earliest),))
    before = round.ballot_on
    await act.step(election, "postponement", reason=reason, told={"from": before.isoformat()})
    round.ballot_on = day
    if round.round == 1:
        election.election_day = day
    await log(
        act,
        election,
        Kind.POSTPONED,
        {
            "round": round.round,
            "ballot_on": day.isoformat(),
            "reason": reason,
            "source": source(text),
        },
    )


async def cancel(act: Act, election: Election, reason: str, text: str) -> None:
    """End an election before its time; its log stays."""
    await act.step(election, "cancellation", reason=reason)
    await log(act, election, Kind.CANCELLED, {"reason": reason, "source": source(text)})


async def set_demo_clock(act: Act, election: Election, today: date) -> None:
    """Move a demonstration's own clock forward. Raises Conflict for a real election, Invalid for
    a day before."""
    if election.demo_today is None:
        raise Conflict(
            code="no_demonstration",
            detail=Text(
                zh="这是真实选举，以系统日期为准，没有演示时钟。",
                en="This is a real election: it goes by the calendar and has no clock of its own.",
            ),
        )
    if today < election.demo_today:
        raise Invalid(issues=(_clock_backwards(election.demo_today),))
    election.demo_today = today
    await act.note(election, "demo_clock_moved", today=today.isoformat())


def _issues(
    values: Mapping[str, Any], contests: tuple[Contest, ...], ruling: Ruling, today: date
) -> list[Issue]:
    issues = []
    seats = sum(contest.seats for contest in contests)
    general = values["kind"] == ElectionKind.GENERAL
    least, most = ruling.integer("seats_min"), ruling.integer("seats_max")
    if general and not least <= seats <= most:
        issues.append(
            issue(
                "seats_out_of_range",
                "/seats",
                f"应选 {seats} 人，居民委员会由 {least} 至 {most} 人组成（组织法第八条）。",
                f"{seats} seats; a committee has {least} to {most} members (组织法 8).",
                "请更正应选名额。",
                "Mend the seats.",
            )
        )
    if general and values["seats"].get(Office.CHAIR, 0) != 1:
        issues.append(
            issue(
                "one_chair",
                "/seats/chair",
                "主任应选 1 人。",
                "There is one chair.",
                "请填写 1。",
                "Give 1.",
            )
        )
    if not contests:
        issues.append(
            issue(
                "no_seats", "/seats", "没有应选职务。", "There are no seats.",
                "请填写应选名额。", "Give the seats.",
            )
        )  # fmt: skip
    if values["resolved_on"] > today:
        issues.append(
            issue(
                "resolved_in_future",
                "/resolved_on",
                "决议日期晚于今天。",
                "The resolution lies in the future.",
                "请更正日期。",
                "Mend the day.",
            )
        )
    if values["election_day"] <= today:
        issues.append(_too_soon(today))
    return issues


def _too_soon(earliest: date) -> Issue:
    return issue(
        "election_day_too_soon",
        "/election_day",
        f"选举日不能早于 {earliest}。",
        f"The day may not be before {earliest}.",
        "请另定日期。",
        "Choose another day.",
    )


def _clock_backwards(today: date) -> Issue:
    return issue(
        "clock_backwards",
        "/today",
        f"演示时钟已到 {today}，只能向前。",
        f"The clock stands at {today} and only goes forward.",
        "请填写更晚的日期。",
        "Give a later day.",
    )


def _no_demonstrations() -> Issue:
    return issue(
        "no_demonstrations",
        "/demo_today",
        "本平台未开启演示选举。",
        "Demonstration elections are switched off here.",
        "请去掉 demo_today，按真实日期办理。",
        "Leave `demo_today` out.",
    )


def _one_is_running() -> Conflict:
    return Conflict(
        code="election_running",
        detail=Text(
            zh="本社区已有正在进行的选举。请先办完或取消。",
            en="An election is running in this community. Finish or cancel it first.",
        ),
    )
