"""Who supervises a committee (组织法 36)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.committee.organisation import repository
from services.committee.organisation.bodies import Seated, supervision_issues
from services.committee.organisation.bodies import Supervisor as Supervising
from services.committee.organisation.meetings import MeetingDecision, decision_issues, minutes
from services.committee.organisation.models import Supervisor
from services.committee.organisation.queries import meeting_rules
from services.committee.organisation.recording import added, require_term
from shared.auth.policy import Reach
from shared.kernel.errors import Invalid
from shared.kernel.ids import new_id
from shared.procedures.acting import Act


async def choose_supervisor(
    act: Act,
    reach: Reach,
    committee_id: UUID,
    values: Mapping[str, Any],
    decision: MeetingDecision,
) -> Supervisor:
    """Record whom the meeting chose to supervise (组织法 36). Raises Invalid for a decision that the
    minutes do not bear, and for a member of the committee."""
    await repository.place_of(act.session, reach, committee_id)
    await require_term(act.session, committee_id, values["term_number"])
    rules, applied = meeting_rules(act.rulebook, act.actor.district, decision.held_on)
    issues = list(decision_issues(decision, rules, accepted=True, today=act.today))
    seated = await act.session.execute(
        repository.in_office(repository.members(committee_id), act.today)
    )
    chosen = Supervising(new_id(), values["name"], values["person_id"])
    issues += supervision_issues(
        [chosen], [Seated(row.id, row.name, row.person_id) for row in seated], ()
    )
    if issues:
        raise Invalid(issues=issues, rules=applied)
    made = Supervisor(
        district=act.actor.district,
        id=chosen.id,
        committee_id=committee_id,
        chosen_on=decision.held_on,
        meeting=minutes(decision),
        **values,
    )
    return await added(act, made, "supervisor.chosen", {"head": made.head})
