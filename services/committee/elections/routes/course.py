"""How an election goes on: blockers, periods, history, result, log."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from services.committee.elections import access, calendar, chain, journal, repository
from services.committee.elections.acting import Act
from services.committee.elections.blockers import blockers as missing
from services.committee.elections.facts import facts_of
from services.committee.elections.models import (
    Candidate,
    Election,
    ElectionLogEntry,
    SeatDecision,
)
from services.committee.elections.outcome import Open, open_question, why_void
from services.committee.elections.procedure import ELECTION, State
from services.committee.elections.routes.context import elections_router, reading
from services.committee.elections.ruling import Ruling
from services.committee.elections.schemas.elections import (
    BlockersView,
    DecisionView,
    ElectedView,
    LogEntryView,
    Milestone,
    QuestionView,
    ResultView,
    RoundView,
)
from shared.audit.record import Actor
from shared.auth.policy import Reach
from shared.db.database import ReadSession
from shared.procedures.taking import StepView, steps_of
from shared.rulebook.in_force import RulesInForce
from shared.web.authentication import PublicReading, Reading, open_to_all, permits
from shared.web.errors import language_of
from shared.web.paging import Page, Paging
from shared.web.problem import ProblemError, RuleView

router: APIRouter = elections_router()
_PUBLIC = [open_to_all(access.READ)]
Course = Annotated[Reach, permits(access.READ_COURSE)]


async def _looking(
    session: AsyncSession, request: Request, id: UUID, reach: Reach | None = None
) -> tuple[Act, Election]:
    """The election as use cases see it, by nobody who acts."""
    row = await repository.election_row(session, id, reach)
    found = await session.get_one(Election, (row.district, id))
    rules: RulesInForce = request.app.state.rules
    act = Act(
        session=session,
        actor=Actor.platform(row.district),
        roles=frozenset(),
        rulebook=rules.of_all,
        now=request.app.state.clock.now(),
        demonstrations=False,
    )
    return act, found


@router.get("/{id}/blockers", operation_id="elections_blockers")
async def blockers(id: UUID, session: Reading, request: Request, reach: Course) -> BlockersView:
    """What is missing for the next step, and how to mend it. 缺少的事项。"""
    async with reading(session) as looking:
        act, election = await _looking(looking, request, id, reach)
        issues = missing(await facts_of(act, election))
    language = language_of(request)
    return BlockersView(
        state=State(election.state),
        state_name=ELECTION.states[election.state].in_language(language),
        today=act.today(election),
        demo=election.demo,
        next=sorted({step.action for step in ELECTION.possible(election.state)}),
        blockers=[ProblemError.of(issue, language) for issue in issues],
    )


@router.get("/{id}/calendar", operation_id="elections_calendar", dependencies=_PUBLIC)
async def periods(id: UUID, session: PublicReading) -> list[Milestone]:
    """The statutory periods of the election, as far as its days are known. 法定期限。"""
    row = await repository.election_row(session, id)
    ruling = Ruling(row.rules)
    lengths = ruling.periods
    latest = calendar.last_publication_day(row.election_day, lengths)
    found: list[tuple[str, str, date | None, date | None]] = [
        ("roll_publication", "roll_published_days", None, latest)
    ]
    if row.roll_published_on is not None:
        window = calendar.objection_window(row.roll_published_on, lengths)
        freeze = calendar.first_freeze_day(row.roll_published_on, lengths)
        earliest = calendar.first_election_day(row.roll_published_on, lengths)
        found += [
            ("objections", "objection_days", window.first, window.last),
            ("freeze", "objection_days", freeze, None),
            ("vote", "roll_published_days", max(earliest, row.election_day), None),
        ]
    if row.elected_on is not None:
        window = calendar.handover_window(row.elected_on, lengths)
        found.append(("handover", "handover_days", window.first, window.last))
    return [
        Milestone(name=name, first=first, last=last, source=ruling.kept[rule]["source"])
        for name, rule, first, last in found
    ]


@router.get("/{id}/history", operation_id="elections_history")
async def history(id: UUID, session: Reading, reach: Course) -> list[StepView]:
    """Every step of an election, oldest first. 办理经过。"""
    await repository.election_row(session, id, reach)
    return await steps_of(session, ELECTION, id)


@router.get("/{id}/result", operation_id="elections_result", dependencies=_PUBLIC)
async def result(id: UUID, session: PublicReading, request: Request) -> ResultView:
    """What was voted in each round, decisions where the votes did not decide, and who holds which
    office. 选举结果。"""
    async with reading(session) as looking:
        act, election = await _looking(looking, request, id)
        asked = await open_question(act, election)
        rounds = await repository.rounds(looking, election)
        void = {one.round: await why_void(act, election, one) for one in rounds}
        community = await repository.community_of(looking, election)
    names = await _names(session, id)
    language = language_of(request)
    decided = await session.execute(
        select(*(getattr(SeatDecision, name) for name in DecisionView.model_fields))
        .where(SeatDecision.election_id == id)
        .order_by(SeatDecision.id)
    )
    elected = [
        (round.round, one) for round in rounds for one in (round.outcome or {}).get("elected", [])
    ]
    return ResultView(
        state=State(election.state),
        demo=election.demo,
        rounds=[
            RoundView.model_validate(
                {
                    "round": one.round,
                    "nature": one.nature,
                    "reason": one.reason,
                    "ballot_on": one.ballot_on,
                    "contests": one.contests,
                    "announced_on": one.announced_on,
                    "result": _published(one.outcome),
                    "invalid": [ProblemError.of(issue, language) for issue in void[one.round]],
                }
            )
            for one in rounds
        ],
        decisions=[DecisionView.model_validate(row, from_attributes=True) for row in decided],
        elected=[
            ElectedView(
                person=one["person"],
                name=names[one["person"]],
                position=one["position"],
                round=number,
                votes=one["votes"],
                certificate=f"{community.code}-{election.election_day:%Y}-{place:02d}",
            )
            for place, (number, one) in enumerate(elected, 1)
        ],
        question=asked.text.in_language(language) if asked else None,
        open_question=_question(asked, election) if asked else None,
    )


def _question(asked: Open, election: Election) -> QuestionView:
    question = asked.question
    rule = Ruling(election.rules).applied("over_election")
    return QuestionView.model_validate(
        {
            "contest": question.contest,
            "position": asked.contest.office,
            "step": question.step,
            "question": question.kind,
            "take": question.take,
            "among": [
                {"person": person, "name": asked.names[person], "votes": asked.votes[person]}
                for person in question.among
            ],
            "rules": [RuleView.of(one) for one in rule],
        }
    )


def _published(outcome: dict[str, Any] | None) -> dict[str, Any] | None:
    if outcome is None:
        return None
    return {name: value for name, value in outcome.items() if name not in {"offered", "left_out"}}


async def _names(session: ReadSession, id: UUID) -> dict[str, str]:
    rows = await session.execute(
        select(Candidate.person_id, Candidate.name).where(Candidate.election_id == id)
    )
    return {str(row.person_id): row.name for row in rows}


@router.get("/{id}/log", operation_id="elections_log", dependencies=_PUBLIC)
async def log(id: UUID, session: PublicReading, page: Paging) -> Page[LogEntryView]:
    """The public log, oldest entry first; `log/export` is the file that anyone can verify.
    公开选举日志。"""
    await repository.election_row(session, id)
    columns = [getattr(ElectionLogEntry, name) for name in LogEntryView.model_fields]
    query = select(*columns).where(ElectionLogEntry.election_id == id)
    rows = (await session.execute(page.apply(query, ElectionLogEntry.sequence))).all()
    return page.page(
        rows,
        lambda row: (row.sequence,),
        lambda row: LogEntryView.model_validate(row, from_attributes=True),
    )


@router.get(
    "/{id}/log/export",
    operation_id="elections_export_log",
    dependencies=_PUBLIC,
    response_class=Response,
    responses={
        200: {
            "content": {
                "application/json": {"example": {"format": chain.FORMAT, "roll": [], "entries": []}}
            }
        }
    },
)
async def export_log(id: UUID, session: PublicReading) -> Response:
    """The whole log with the frozen roll as one file, for `./shequ verify-election`.
    导出选举日志。"""
    row = await repository.election_row(session, id)
    entries = await journal.entries_of(session, id)
    roll = await journal.frozen_roll(session, id)
    name = f"election-{row.community_code}-{row.election_day}.json"
    return Response(
        chain.export(roll, entries),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
