"""An election's rows as the facts that its next step depends on."""

from services.committee.elections import repository
from services.committee.elections.acting import Act
from services.committee.elections.blockers import blockers
from services.committee.elections.blocking.facts import Facts, StationFacts, TakingOffice
from services.committee.elections.domain import ElectionKind, Form, Nature, StationKind
from services.committee.elections.models import Election, ElectionRound
from services.committee.elections.outcome import contests_of, open_question
from services.committee.elections.procedure import ELECTION, State
from services.committee.elections.ruling import Ruling
from services.committee.organisation import public as organisation
from shared.kernel.errors import Conflict
from shared.kernel.issue import Issue
from shared.kernel.text import Text

POSTS = ("chair", "vice_chair", "member")


async def facts_of(act: Act, election: Election) -> Facts:
    """What the next step depends on; a fixed number of queries, however large the election."""
    session = act.session
    round = await repository.round_of(session, election)
    ruling = Ruling(election.rules)
    opened = await repository.open_counts(session, election)
    committee = await repository.members(session, election)
    held = {one.post for one in committee if one.left_on is None}
    asked = await open_question(act, election)
    return Facts(
        state=State(election.state),
        today=act.today(election),
        form=Form(election.form),
        first_round=round.nature == Nature.FIRST and round.reason is None,
        ballot_on=round.ballot_on,
        periods=ruling.periods,
        posts_missing=tuple(post for post in POSTS if post not in held),
        electors=opened["electors"],
        voters=opened["voters"],
        published_on=election.roll_published_on,
        open_objections=opened["objections"],
        open_nominations=opened["nominations"],
        contests=contests_of(round.contests),
        standing=await _standing(act, election),
        margin=ruling.integer("candidates_margin"),
        thin_nominations=await repository.thin_nominations(
            session, election, ruling.integer("joint_nomination_min")
        ),
        met=election.met_on is not None,
        unpublished_proxies=opened["proxies"],
        stations=await _stations(act, election),
        scrutineers_min=ruling.integer("scrutineers_min"),
        mobile_boxes=bool(ruling.value("mobile_boxes")),
        open_conflicts=opened["conflicts"],
        question=asked.text if asked else None,
        second_candidates=_second(round),
        taking_office=await _taking_office(act, election),
    )


async def _standing(act: Act, election: Election) -> dict[str, int]:
    """How many stand for each contest: those nominated before, the candidates afterwards."""
    if election.state in (State.ROLL_FROZEN, State.ROLL_PUBLISHED):
        found = [
            row.contest for row in await repository.accepted_nominations(act.session, election)
        ]
    else:
        rows = await repository.candidates(act.session, election.id, election.round)
        found = [row.contest for row in rows]
    return {name: found.count(name) for name in set(found)}


async def _stations(act: Act, election: Election) -> tuple[StationFacts, ...]:
    rows = await act.session.execute(repository.stations(election.id, election.round))
    return tuple(
        StationFacts(
            code=row.code,
            kind=StationKind(row.kind),
            scrutineers=len(row.scrutineers),
            ballots=int(row.ballots),
            closed=row.closed_at is not None,
            agreed=row.agreed,
            voided=row.voided_because is not None,
        )
        for row in rows
    )


async def _taking_office(act: Act, election: Election) -> TakingOffice | None:
    if election.state != State.ELECTED:
        return None
    today = act.today(election)
    committee = await organisation.committee_facts(act.session, election.community_id, today)
    latest = await organisation.latest_start(act.session, committee.id) if committee else None
    return TakingOffice(
        by_election=election.kind == ElectionKind.BY_ELECTION,
        committee=committee is not None,
        term_runs=committee is not None and committee.term_id is not None,
        latest_start=latest,
    )


def _second(round: ElectionRound) -> int:
    offered = (round.outcome or {}).get("offered", [])
    return sum(len(one["candidates"]) for one in offered)


async def require_clear(act: Act, election: Election, action: str) -> None:
    """The step may be taken: by its state and the caller's role, and nothing blocks it.

    Raises Conflict `step_not_possible` or `blocked` with everything that is missing."""
    ELECTION.step(election.state, action, by=act.roles, reason="-")
    issues = blockers(await facts_of(act, election))
    if issues:
        raise blocked(action, issues)


def blocked(action: str, issues: tuple[Issue, ...]) -> Conflict:
    """That a step is blocked, with everything that is missing."""
    name = ELECTION.actions[action]
    return Conflict(
        code="blocked",
        detail=Text(
            zh=f"还不能“{name.zh}”，缺少 {len(issues)} 项。请按 errors 逐项办理。",
            en=f"One cannot “{name.en}” yet; `errors` says what is missing ({len(issues)}).",
        ),
        issues=issues,
    )
