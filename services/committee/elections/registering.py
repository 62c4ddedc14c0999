"""Registering electors, and who votes for a household or a residents' group (组织法 14, 16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from services.committee.elections import repository
from services.committee.elections.acting import Act
from services.committee.elections.chain import commitment
from services.committee.elections.domain import Basis, Form
from services.committee.elections.facts import require_clear
from services.committee.elections.identities import Identity, identity_of, salt_of
from services.committee.elections.models import Election, Elector
from services.committee.elections.procedure import State
from services.committee.elections.ruling import Ruling
from services.committee.elections.standing import Applicant, registration_issues
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of each person of a request, in its order: registered (with the elector's id),
    refused with the reasons, or registered before."""

    name: str
    state: str
    elector_id: UUID | None
    reasons: tuple[Issue, ...] = ()


async def begin(act: Act, election: Election) -> None:
    """Begin registration."""
    await require_clear(act, election, "registration")
    await act.step(election, "registration")


async def register(
    act: Act, election: Election, declaration: str, people: Sequence[Mapping[str, Any]]
) -> list[Registered]:
    """Register who says that they take part; whoever the law excludes is refused with the
    reasons, and that is kept too. Raises Invalid for malformed numbers, Conflict outside
    registration."""
    if election.state != State.REGISTERING:
        raise _not_registering()
    rows, results = await prepare(act, election, declaration, people)
    kept = await store(act, rows)
    answers = [
        one
        if one.elector_id is None or one.elector_id in kept
        else Registered(one.name, "registered_before", None)
        for one in results
    ]
    states = [one.state for one in answers]
    await act.note(
        election,
        "electors_registered",
        registered=states.count("registered"),
        refused=states.count("refused"),
    )
    return answers


async def store(act: Act, rows: Sequence[Mapping[str, Any]]) -> set[UUID]:
    """Insert electors; the ids of those who were not registered before. Raises Conflict when a
    household has its representative already."""
    if not rows:
        return set()
    made = await act.session.scalars(
        insert(Elector)
        .values(list(rows))
        .on_conflict_do_nothing(
            index_elements=["district", "election_id", "identity_hash"],
            index_where=text("state = 'registered'"),
        )
        .returning(Elector.id)
    )
    return set(made)


async def prepare(
    act: Act, election: Election, declaration: str, people: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], list[Registered]]:
    """The rows of some people, and what becomes of each. Raises Invalid for what is malformed."""
    ruling = Ruling(election.rules)
    day = (await repository.round_of(act.session, election)).ballot_on
    today = act.today(election)
    holders = {one.identity_hash: one.id for one in await repository.members(act.session, election)}
    issues: list[Issue] = []
    rows: list[dict[str, Any]] = []
    results: list[Registered] = []
    seen: set[bytes] = set()
    for at, person in enumerate(people):
        identity = identity_of(election, person["id_number"], today, f"/electors/{at}/id_number")
        issues += identity.issues
        issues += _unit_issues(Form(election.form), person, f"/electors/{at}")
        if identity.issues:
            continue
        if identity.hash in seen:
            results.append(Registered(person["name"], "registered_before", None))
            continue
        seen.add(identity.hash)
        against = registration_issues(
            Applicant(
                identity.born_on,
                Basis(person["basis"]),
                person["rights"],
                person["works_here_since"],
            ),
            election_day=day,
            age=ruling.integer("elector_age"),
            months=ruling.integer("worker_months"),
        )
        row = _row(act, election, person, identity, declaration, today, against)
        row["person_id"] = holders.get(identity.hash, row["id"])
        rows.append(row)
        results.append(
            Registered(
                person["name"],
                row["state"],
                None if against else row["id"],
                tuple(against),
            )
        )
    if issues:
        raise Invalid(issues=issues)
    return rows, results


async def withdraw(act: Act, election: Election, elector_id: UUID, reason: str) -> None:
    """Take a registration back before the roll is published. Raises NotFound, Conflict later."""
    if election.state != State.REGISTERING:
        raise _not_registering()
    found = await act.session.scalar(
        select(Elector).where(
            Elector.election_id == election.id,
            Elector.id == elector_id,
            Elector.state == "registered",
        )
    )
    if found is None:
        raise NotFound
    remove(found, act.today(election), reason)
    await act.note(election, "elector_withdrawn", found.id, reason=reason)


def remove(elector: Elector, today: date, reason: str) -> None:
    """Take an elector off the roll; the row stays."""
    elector.state, elector.removed_on, elector.removed_because = "removed", today, reason


async def name_voters(act: Act, election: Election, voters: Sequence[Mapping[str, Any]]) -> int:
    """Say which electors vote for which household or group, before the roll is published. Raises
    Conflict where all vote or a household has its representative, Invalid for unknown electors."""
    if election.state != State.REGISTERING:
        raise _not_registering()
    form = Form(election.form)
    if form is Form.ALL_ELECTORS:
        raise Conflict(
            code="all_vote",
            detail=Text(
                zh="本次选举由全体选民投票，不设代表，不需要办理此项。",
                en="All electors vote in this election; there are no representatives to name.",
            ),
        )
    ids = [one["elector_id"] for one in voters]
    found = {
        elector.id: elector
        for elector in await act.session.scalars(
            select(Elector).where(
                Elector.election_id == election.id,
                Elector.id.in_(ids),
                Elector.state == "registered",
            )
        )
    }
    issues = [_unknown(f"/voters/{at}/elector_id") for at, id in enumerate(ids) if id not in found]
    for at, one in enumerate(voters):
        elector = found.get(one["elector_id"])
        of_household = elector is not None and form is Form.HOUSEHOLD_REPRESENTATIVES
        if of_household and elector is not None and elector.household != one["unit"]:
            issues.append(_other_household(f"/voters/{at}/unit"))
    if issues:
        raise Invalid(issues=issues)
    for one in voters:
        elector = found[one["elector_id"]]
        for name, value in _unit(election, form, one["unit"]).items():
            setattr(elector, name, value)
    await act.session.flush()
    await act.note(election, "voters_named", count=len(voters))
    return len(voters)


def _row(
    act: Act,
    election: Election,
    person: Mapping[str, Any],
    identity: Identity,
    declaration: str,
    today: date,
    against: Sequence[Issue],
) -> dict[str, Any]:
    id = new_id()
    form = Form(election.form)
    unit = person["represents"]
    votes = form is Form.ALL_ELECTORS or unit is not None
    return {
        "district": election.district,
        "id": id,
        "election_id": election.id,
        "identity_hash": identity.hash,
        "name": person["name"],
        "sex": identity.sex.value,
        "born_on": identity.born_on,
        "basis": person["basis"],
        "household": person["household"],
        "state": "refused" if against else "registered",
        "reasons": [issue.code for issue in against],
        "declaration": declaration,
        "registered_on": today,
        "commitment": commitment(salt_of(election, "elector", str(id)), str(id), person["name"]),
        "frozen": False,
        "registered_by": act.actor.id,
        **_unit(election, form, unit if votes and not against else None),
        "votes": votes and not against,
    }


def _unit(election: Election, form: Form, unit: str | None) -> dict[str, Any]:
    """For whom an elector votes, as columns."""
    if form is Form.ALL_ELECTORS or unit is None:
        return {"votes": False, "unit": None, "alone": False, "unit_commitment": None}
    return {
        "votes": True,
        "unit": unit,
        "alone": form is Form.HOUSEHOLD_REPRESENTATIVES,
        "unit_commitment": commitment(salt_of(election, "unit", unit), unit),
    }


def _unit_issues(form: Form, person: Mapping[str, Any], pointer: str) -> list[Issue]:
    unit = person["represents"]
    if unit is None:
        return []
    if form is Form.ALL_ELECTORS:
        return [
            Issue(
                code="all_vote",
                pointer=f"{pointer}/represents",
                detail=Text("全体选民投票，不设代表。", "All electors vote; nobody represents."),
                remedy=Text("请去掉 represents。", "Leave it out."),
            )
        ]
    if form is Form.HOUSEHOLD_REPRESENTATIVES and unit != person["household"]:
        return [_other_household(f"{pointer}/represents")]
    return []


def _other_household(pointer: str) -> Issue:
    return Issue(
        code="another_household",
        pointer=pointer,
        detail=Text("户的代表须是该户成员。", "A household's representative is one of it."),
        remedy=Text("请核对户编号。", "Check the household's code."),
    )


def _unknown(pointer: str) -> Issue:
    return Issue(
        code="elector_unknown",
        pointer=pointer,
        detail=Text("没有登记这名选民。", "There is no such registered elector."),
        remedy=Text("请核对编号。", "Check the id."),
    )


def _not_registering() -> Conflict:
    return Conflict(
        code="not_registering",
        detail=Text(
            zh="只能在选民登记阶段办理；名单公布后请用异议处理或公开变更。",
            en="This is possible while electors are registered; once the roll is published it is "
            "changed by decisions on objections, or by a public change.",
        ),
    )
