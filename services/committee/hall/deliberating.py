"""Write use cases of a live sitting: opinions, votes, resolutions."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from services.committee.hall import limits, repository, speaking
from services.committee.hall.domain import Kind, Speaker
from services.committee.hall.models.matters import Matter
from services.committee.hall.models.talk import Comment, Resolution, Vote
from services.committee.hall.publishing import publishable
from services.committee.hall.raising import step
from services.committee.hall.sitting_domain import (
    Choice,
    Consensus,
    SittingState,
    Tally,
    consensus_of,
)
from services.committee.hall.sittings import locked, open_item, require_state
from services.committee.hall.streaming import tell
from shared.auth.policy import Reach
from shared.kernel.errors import Conflict
from shared.kernel.ids import new_id
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.rulebook.rule import RuleValue


async def say_opinion(
    act: Act, reach: Reach, id: UUID, matter_id: UUID, speaker: Speaker, body: str, *, mask: bool
) -> Comment:
    """Say an opinion on a matter of a live sitting; listeners hear it at once."""
    assert act.actor.id is not None
    await limits.count_against(act, act.actor.id, limits.SPEAKING)
    sitting = await locked(act.session, reach, id)
    require_state(sitting, SittingState.LIVE)
    await open_item(act.session, sitting, matter_id)
    matter = await act.session.get_one(Matter, (sitting.district, matter_id))
    if (await repository.raiser_of(act.session, matter)).account_id == act.actor.id:
        speaker = Speaker.RAISER
    said = await speaking.say(
        act, matter, kind=Kind.OPINION, speaker=speaker, sitting_id=id,
        body=publishable({"body": body}, mask=mask)["body"],
    )  # fmt: skip
    told = {"matter_id": str(matter_id), "comment_id": str(said.id), "speaker": speaker.value}
    await tell(act.session, sitting, "opinion", told)
    return said


async def vote(act: Act, reach: Reach, id: UUID, matter_id: UUID, choice: Choice) -> Tally:
    """Say whether one agrees with what is proposed; it may be changed until it is resolved. Each
    account counts once; the stream tells the sums only."""
    assert act.actor.id is not None
    sitting = await locked(act.session, reach, id)
    require_state(sitting, SittingState.LIVE)
    item = await open_item(act.session, sitting, matter_id)
    await act.session.execute(
        insert(Vote)
        .values(
            district=sitting.district,
            agenda_id=item.id,
            account_id=act.actor.id,
            choice=choice.value,
            at=act.now,
        )
        .on_conflict_do_update(
            index_elements=[Vote.district, Vote.agenda_id, Vote.account_id],
            set_={"choice": choice.value, "at": act.now},
        )
    )
    tally = await tally_of(act.session, item.id)
    await tell(
        act.session, sitting, "vote",
        {
            "matter_id": str(matter_id),
            "agree": tally.agree,
            "reserve": tally.reserve,
            "oppose": tally.oppose,
        },
    )  # fmt: skip
    return tally


async def tally_of(session: AsyncConnection | AsyncSession, agenda_id: UUID) -> Tally:
    """How many accounts chose what."""
    rows = await session.execute(
        select(Vote.choice, func.count()).where(Vote.agenda_id == agenda_id).group_by(Vote.choice)
    )
    counts = {row[0]: row[1] for row in rows}
    return Tally(*(counts.get(choice.value, 0) for choice in Choice))


async def resolve(
    act: Act,
    reach: Reach,
    matter_id: UUID,
    *,
    sitting_id: UUID,
    text: str,
    floor: Tally,
    mask: bool,
) -> Resolution:
    """Record what a live sitting came to on a matter. `floor` counts those in the room who did not
    vote with an account. Raises Conflict, with the rule, when no majority agrees."""
    sitting = await locked(act.session, reach, sitting_id)
    require_state(sitting, SittingState.LIVE)
    item = await open_item(act.session, sitting, matter_id)
    tally = floor + await tally_of(act.session, item.id)
    majority = act.rulebook.lookup("hall.resolution_share", act.actor.district, act.today)
    broad = act.rulebook.lookup("hall.broad_consensus", act.actor.district, act.today)
    level = consensus_of(tally, majority=majority.fraction(), broad=broad.fraction())
    if level in {Consensus.DIVIDED, Consensus.NOT_VOTED}:
        raise _no_majority(tally, majority)
    published = publishable({"text": text}, mask=mask)["text"]
    matter = await repository.locked(act.session, reach, matter_id)
    await step(act, matter, "resolution", told={"consensus": level.value})
    item.outcome = "resolved"
    made = Resolution(
        district=sitting.district,
        id=new_id(),
        matter_id=matter_id,
        sitting_id=sitting_id,
        text=published,
        agree=tally.agree,
        reserve=tally.reserve,
        oppose=tally.oppose,
        consensus=level.value,
        decided_on=act.today,
    )
    act.session.add(made)
    await tell(
        act.session, sitting, "resolution",
        {"matter_id": str(matter_id), "text": published, "consensus": level.value},
    )  # fmt: skip
    return made


def _no_majority(tally: Tally, rule: RuleValue) -> Conflict:
    return Conflict(
        code="no_majority",
        detail=Text(
            zh=f"赞成 {tally.agree}、保留 {tally.reserve}、反对 {tally.oppose}，未过半数，不能形成决议。"
            "请继续协商后再表态，或移出议程留待下次。会场举手人数填在 floor 中。",
            en=f"{tally.agree} agree, {tally.reserve} have reservations, {tally.oppose} are "
            "against: no majority, so nothing is resolved. Go on deliberating, or defer it. Count "
            "hands in the room in `floor`.",
        ),
        rules=(rule.applied,),
    )
