"""Sub-committees and who sits in them (组织法 9)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.committee.organisation import repository
from services.committee.organisation.ending import locked
from services.committee.organisation.models import Member, SubCommittee, SubCommitteeMember
from services.committee.organisation.recording import active, added, not_ahead, not_in_office
from shared.auth.policy import Reach
from shared.kernel.errors import Invalid
from shared.kernel.ids import new_id
from shared.procedures.acting import Act


async def establish(
    act: Act, reach: Reach, committee_id: UUID, values: Mapping[str, Any]
) -> SubCommittee:
    """Establish a sub-committee (组织法 9)."""
    await repository.place_of(act.session, reach, committee_id)
    not_ahead(act, "established_on", values["established_on"])
    made = SubCommittee(
        district=act.actor.district, id=new_id(), committee_id=committee_id, **values
    )
    return await added(act, made, "sub_committee.established", {"name": made.name})


async def add_member(
    act: Act, reach: Reach, sub_committee_id: UUID, values: Mapping[str, Any]
) -> SubCommitteeMember:
    """Seat somebody in a sub-committee; a member of the committee by `member_id`, another by name."""
    body = await locked(act, reach, SubCommittee, sub_committee_id)
    active(body.ended_on)
    not_ahead(act, "began_on", values["began_on"])
    name = values["name"]
    if values["member_id"] is not None:
        query = repository.in_office(repository.members(body.committee_id), values["began_on"])
        rows = (await act.session.execute(query.where(Member.id == values["member_id"]))).all()
        if not rows:
            raise Invalid(issues=(not_in_office("/member_id"),))
        name = rows[0].name
    made = SubCommitteeMember(
        district=act.actor.district,
        id=new_id(),
        sub_committee_id=body.id,
        **{**values, "name": name},
    )
    return await added(act, made, "sub_committee.member_added", {"head": made.head})
