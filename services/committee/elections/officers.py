"""The residents' election committee and the succession in it (组织法 15)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.committee.elections import repository
from services.committee.elections.acting import Act
from services.committee.elections.chain import Kind
from services.committee.elections.domain import CommitteePost, Office, Withdrawal
from services.committee.elections.identities import identity_of
from services.committee.elections.journal import log, source
from services.committee.elections.models import Election, ElectionCommitteeMember
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue, issue
from shared.kernel.text import Text


async def form(
    act: Act, election: Election, members: Sequence[Mapping[str, Any]], resolution: str
) -> None:
    """Record the residents' election committee as it was chosen, alternates in the order of their
    votes (组织法 15). Once recorded it changes by succession only; further alternates may be
    chosen 另行推选."""
    known = await repository.members(act.session, election)
    if known and any(one["post"] != CommitteePost.ALTERNATE for one in members):
        raise Conflict(
            code="election_committee_formed",
            detail=Text(
                zh="居民选举委员会已经产生；成员变动请办理退出和递补。另行推选的人员登记为候补（alternate）。",
                en="There is an election committee; members leave and are succeeded. Who is chosen "
                "anew is entered as an `alternate`.",
            ),
        )
    today = act.today(election)
    issues: list[Issue] = []
    made = []
    for at, one in enumerate(members):
        identity = identity_of(election, one["id_number"], today, f"/members/{at}/id_number")
        issues += identity.issues
        made.append(
            ElectionCommitteeMember(
                district=election.district,
                id=new_id(),
                election_id=election.id,
                rank=len(known) + at + 1,
                post=one["post"],
                name=one["name"],
                identity_hash=identity.hash,
            )
        )
    hashes = [one.identity_hash for one in (*known, *made)]
    issues += [
        _named_twice(f"/members/{at}/id_number")
        for at, one in enumerate(made)
        if one.identity_hash in hashes[: len(known) + at]
    ]
    posts = [one.post for one in made]
    missing = {"chair", "vice_chair", "member"} - set(posts)
    if not known and (missing or posts.count("chair") > 1):
        issues.append(_posts(missing))
    if issues:
        raise Invalid(issues=issues)
    act.session.add_all(made)
    await act.note(election, "committee_formed", members=len(made), resolution=resolution)
    if known:
        return
    officers = [_officer(one) for one in made if one.post != CommitteePost.ALTERNATE]
    body = {"members": officers, "source": source(resolution)}
    await log(act, election, Kind.ELECTION_COMMITTEE, body)


async def withdraw(
    act: Act, election: Election, member_id: UUID, because: Withdrawal, reason: str
) -> None:
    """Let a member leave the election committee; the first alternate takes the place (组织法 15).
    Raises NotFound when nobody of that id is on it, Conflict while no alternate is there."""
    everyone = await repository.members(act.session, election)
    leaving = next((one for one in everyone if one.id == member_id and one.left_on is None), None)
    if leaving is None:
        raise NotFound
    today = act.today(election)
    was_alternate = leaving.post == CommitteePost.ALTERNATE
    leaving.left_on, leaving.left_because = today, because.value
    successor = next(
        (one for one in everyone if one.post == CommitteePost.ALTERNATE and one.left_on is None),
        None,
    )
    await act.note(election, "committee_changed", leaving.id, because=because.value, reason=reason)
    if was_alternate:
        return
    if successor is None:
        raise _nobody_succeeds()
    successor.post, leaving.successor_id = leaving.post, successor.id
    body = {
        "left": str(leaving.id),
        "reason": because.value,
        "successor": _officer(successor),
    }
    await log(act, election, Kind.ELECTION_COMMITTEE_CHANGED, body)


def _nobody_succeeds() -> Conflict:
    return Conflict(
        code="no_alternate",
        detail=Text(
            zh="居民选举委员会已无候补人员可递补。请由居民会议或居民代表会议另行推选，"
            "登记为候补（committee）后再办理（组织法第十五条）。",
            en="No alternate is left to take the place. Have the residents' or representatives' "
            "meeting choose somebody, enter them as an alternate (committee), and do this again "
            "(组织法 15).",
        ),
    )


def _officer(one: ElectionCommitteeMember) -> dict[str, Any]:
    return {"person": str(one.id), "name": one.name, "position": one.post}


def _named_twice(pointer: str) -> Issue:
    return issue(
        "member_repeated", pointer, "同一人重复。", "A person is named twice.",
        "每人只写一次。", "Name each once.",
    )  # fmt: skip


def _posts(missing: set[str]) -> Issue:
    return issue(
        "election_committee_posts",
        "/members",
        "居民选举委员会由主任一人、副主任和委员组成（组织法第十五条）。"
        + (
            f"缺少：{'、'.join(Office(one).label.zh for one in sorted(missing))}。"
            if missing
            else ""
        ),
        "The election committee has one chair, vice chairs and members (组织法 15)."
        + (
            f" Missing: {', '.join(Office(one).label.en for one in sorted(missing))}."
            if missing
            else ""
        ),
        "请补齐或更正职务。",
        "Mend the posts.",
    )
