"""Write use cases of what is said: comments and answers; hiding, appeal, and its review."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from services.committee.hall import limits, repository
from services.committee.hall.domain import MODERATION, Kind, MatterState, ModerationState, Speaker
from services.committee.hall.models.matters import Matter, Raiser
from services.committee.hall.models.talk import Comment, Moderation, Sitting
from services.committee.hall.publishing import publishable
from services.committee.hall.raising import unnamed
from services.committee.hall.streaming import tell
from shared.audit.record import Actor, record
from shared.auth.policy import Place, Reach
from shared.auth.principal import Grant, Role
from shared.kernel.errors import Conflict, Forbidden, NotFound
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.procedures.taking import take

_SPEAKERS = (
    (Role.COMMITTEE_MEMBER, Speaker.COMMITTEE),
    (Role.WORKSTATION_STAFF, Speaker.WORKSTATION),
    (Role.DEPARTMENT, Speaker.DEPARTMENT),
    (Role.REPRESENTATIVE, Speaker.REPRESENTATIVE),
    (Role.RESIDENT, Speaker.RESIDENT),
)
_OFFICIAL = frozenset({Speaker.COMMITTEE, Speaker.WORKSTATION, Speaker.DEPARTMENT})
_SILENT = frozenset({MatterState.MERGED, MatterState.WITHDRAWN})


def speaker_at(place: Place, grants: Collection[Grant]) -> Speaker:
    """As what somebody speaks at a place: the first of their offices that reaches it."""
    for role, speaker in _SPEAKERS:
        if Reach.of(grant for grant in grants if grant.role is role).covers(place):
            return speaker
    return Speaker.RESIDENT


async def speak(
    act: Act, reach: Reach, matter_id: UUID, grants: Collection[Grant], body: str, *, mask: bool
) -> Comment:
    """Comment on a matter; what the committee, workstation or a department says is an answer.

    Raises NotFound out of reach, Invalid for personal data, TooMany, Conflict once it has ended.
    """
    matter = await repository.locked(act.session, reach, matter_id)
    if matter.state in _SILENT:
        raise Conflict(
            code="matter_ended",
            detail=Text(
                zh="该事项已合并或撤回，请到合并后的事项发表意见。",
                en="It was merged or withdrawn. Comment on the matter it was merged into.",
            ),
        )
    raiser = await act.session.get_one(Raiser, (matter.district, matter.id))
    held = await repository.open_handover(act.session, matter_id)
    place = await repository.place_of(act.session, matter.community_id)
    department = held.department_id if held is not None else None
    speaker = speaker_at(Place(place.street, place.community, department), grants)
    if raiser.account_id == act.actor.id:
        speaker = Speaker.RAISER
    official = speaker in _OFFICIAL
    assert act.actor.id is not None
    if not official:
        await limits.count_against(act, act.actor.id, limits.SPEAKING)
    elif matter.first_answered_at is None:
        matter.first_answered_at = act.now
    return await say(
        act,
        matter,
        kind=Kind.ANSWER if official else Kind.COMMENT,
        speaker=speaker,
        body=publishable({"body": body}, mask=mask)["body"],
    )


async def say(
    act: Act,
    matter: Matter,
    *,
    kind: Kind,
    speaker: Speaker,
    body: str,
    sitting_id: UUID | None = None,
) -> Comment:
    """Add to what was said of a matter; who says it is kept for an appeal and shown nowhere."""
    made = Comment(
        district=matter.district,
        id=new_id(),
        matter_id=matter.id,
        sitting_id=sitting_id,
        kind=kind.value,
        speaker=speaker.value,
        author=act.actor.id,
        body=body,
        at=act.now,
    )
    act.session.add(made)
    await act.session.flush()
    shown = unnamed(act).actor if speaker is Speaker.RAISER else act.actor
    await record(
        act.session, shown, f"matter.{kind.value}_added", ("matter", matter.id),
        after={"comment": str(made.id), "speaker": speaker.value},
    )  # fmt: skip
    return made


async def withdraw(act: Act, id: UUID) -> Comment:
    """Take back what one said oneself. Raises NotFound for another's, Conflict for an official
    answer, which stays."""
    found = await act.session.scalar(select(Comment).where(Comment.id == id).with_for_update())
    if found is None or found.author != act.actor.id:
        raise NotFound
    if found.kind != Kind.COMMENT or found.withdrawn_at is not None:
        raise Conflict(
            code="comment_stays",
            detail=Text(
                zh="正式答复、会上意见和已撤回的内容不能撤回；如需更正，请再次答复。",
                en="Answers, opinions at a sitting and what was withdrawn already stay. Add a "
                "correction instead.",
            ),
        )
    found.withdrawn_at = act.now
    await record(
        act.session, _author_of(act, found), "matter.comment_withdrawn",
        ("matter", found.matter_id), after={"comment": str(id)},
    )  # fmt: skip
    return found


async def hide(
    act: Act, reach: Reach, matter_id: UUID, comment_id: UUID | None, reason: str
) -> Moderation:
    """Hide a comment, or a matter's own text, with a reason that all can read.

    Raises NotFound, and Conflict when it is hidden already or the supervision committee has
    restored it.
    """
    matter = await repository.locked(act.session, reach, matter_id)
    subject: Matter | Comment = matter
    if comment_id is not None:
        found = await act.session.scalar(
            select(Comment)
            .where(Comment.id == comment_id, Comment.matter_id == matter_id)
            .with_for_update()
        )
        if found is None:
            raise NotFound
        subject = found
        await _tell_listeners(act, found, "hidden")
    restored = await act.session.scalar(
        select(Moderation.id).where(
            Moderation.matter_id == matter_id,
            Moderation.comment_id == comment_id,
            Moderation.state == ModerationState.RESTORED,
            Moderation.decision.is_not(None),
        )
    )
    if subject.hidden or restored is not None:
        raise Conflict(
            code="hidden_or_restored",
            detail=Text(
                zh="该内容已被隐藏，或居务监督委员会已决定恢复，不能再次隐藏。",
                en="It is hidden already, or the supervision committee decided to restore it.",
            ),
        )
    subject.hidden = True
    made = Moderation(
        district=act.actor.district,
        id=new_id(),
        matter_id=matter_id,
        comment_id=comment_id,
        state=ModerationState.HIDDEN.value,
        reason=publishable({"reason": reason}, mask=False)["reason"],
    )
    act.session.add(made)
    await act.session.flush()
    await record(
        act.session, act.actor, "moderation.hidden", ("moderation", made.id),
        after={"matter": str(matter_id), "reason": reason},
    )  # fmt: skip
    return made


async def _locked(act: Act, reach: Reach, id: UUID) -> Moderation:
    found = await act.session.scalar(
        select(Moderation).where(Moderation.id == id).with_for_update()
    )
    if found is None:
        raise NotFound
    community = await act.session.scalar(
        select(Matter.community_id).where(Matter.id == found.matter_id)
    )
    assert community is not None
    reach.require(await repository.place_of(act.session, community))
    return found


async def appeal(act: Act, reach: Reach, id: UUID, reason: str) -> Moderation:
    """Appeal to the supervision committee against the hiding of what one said oneself; the appeal
    is recorded as its author's and not under a name. Raises Forbidden for another's."""
    found = await _locked(act, reach, id)
    if await _author(act, found) != act.actor.id:
        raise Forbidden(
            code="not_the_author",
            detail=Text(
                zh="只有内容的作者可以申诉。", en="Only who said it may appeal against its hiding."
            ),
        )
    found.appeal = reason
    await _take(Act(
        act.session, Actor(act.actor.district, "author"), act.roles, act.rulebook, act.today,
        act.now,
    ), found, "appeal", reason)  # fmt: skip
    return found


async def lift(act: Act, reach: Reach, id: UUID) -> Moderation:
    """The committee shows again what it had hidden."""
    found = await _locked(act, reach, id)
    await _take(act, found, "lifting", None)
    await _show(act, found)
    return found


async def review(act: Act, reach: Reach, id: UUID, outcome: str, reason: str) -> Moderation:
    """The supervision committee upholds a hiding or restores what was hidden, with its reason."""
    found = await _locked(act, reach, id)
    found.decision = reason
    await _take(act, found, outcome, reason)
    if found.state == ModerationState.RESTORED:
        await _show(act, found)
    return found


async def _take(act: Act, found: Moderation, action: str, reason: str | None) -> None:
    await take(
        act.session, act.actor, MODERATION, found, action,
        by=act.roles, rulebook=act.rulebook, today=act.today, reason=reason,
    )  # fmt: skip


async def _show(act: Act, found: Moderation) -> None:
    subject: Matter | Comment
    if found.comment_id is None:
        subject = await act.session.get_one(Matter, (found.district, found.matter_id))
    else:
        subject = await act.session.get_one(Comment, (found.district, found.comment_id))
        await _tell_listeners(act, subject, "shown")
    subject.hidden = False
    await act.session.flush()


async def _tell_listeners(act: Act, comment: Comment, kind: str) -> None:
    """Of an opinion, those who listen to its sitting hear that it was hidden, or is shown."""
    if comment.sitting_id is not None:
        sitting = await act.session.scalar(
            select(Sitting).where(Sitting.id == comment.sitting_id).with_for_update()
        )
        assert sitting is not None
        await tell(act.session, sitting, kind, {"comment_id": str(comment.id)})


async def _author(act: Act, found: Moderation) -> UUID | None:
    if found.comment_id is None:
        raiser = await act.session.get_one(Raiser, (found.district, found.matter_id))
        return raiser.account_id or raiser.entered_by
    return (await act.session.get_one(Comment, (found.district, found.comment_id))).author


def _author_of(act: Act, comment: Comment) -> Actor:
    return unnamed(act).actor if comment.speaker == Speaker.RAISER else act.actor
