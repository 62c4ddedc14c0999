"""Write use cases of handing a matter over, and of whoever has it in hand."""

from uuid import UUID

from services.committee.hall import repository
from services.committee.hall.domain import HANDLERS, MATTER, Handler, HandoverState, Kind, Speaker
from services.committee.hall.models.matters import Handover, Matter
from services.committee.hall.publishing import publishable
from services.committee.hall.raising import step
from services.committee.hall.speaking import say
from shared.auth.policy import Reach
from shared.auth.principal import Role
from shared.contracts.hall import HandedOver, HandoverRecalled
from shared.contracts.subscriptions import HALL_HANDED_OVER, HALL_RECALLED
from shared.events.outbox import emit
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act
from shared.rulebook.calendar import limit_day


async def hand_over(
    act: Act,
    reach: Reach,
    id: UUID,
    *,
    handler: Handler,
    department_id: UUID | None,
    department_name: str | None,
    request: str,
    mask: bool,
) -> Handover:
    """Hand an accepted or resolved matter to somebody; what the committee keeps itself is signed
    for at once. Raises Invalid for a department without id and name, or those of another handler.
    """
    matter = await repository.locked(act.session, reach, id)
    named = department_id is not None and department_name is not None
    if named != (handler is Handler.DEPARTMENT) or (department_id is None) != (
        department_name is None
    ):
        raise Invalid(issues=(_department_misnamed(),))
    text = publishable({"request": request}, mask=mask)["request"]
    rule = act.rulebook.lookup(f"hall.{handler.value}_working_days", act.actor.district, act.today)
    made = Handover(
        district=matter.district,
        id=new_id(),
        matter_id=matter.id,
        handler=handler.value,
        department_id=department_id,
        department_name=department_name,
        request=text,
        state=HandoverState.SENT.value,
        handed_on=act.today,
        due_on=limit_day(act.rulebook, matter.district, act.today, rule.integer()),
    )
    told = {"handler": handler.value, "department": str(department_id) if department_id else None}
    await step(act, matter, "handover", told=told)
    act.session.add(made)
    await act.session.flush()
    if handler is Handler.WORKSTATION:
        await _tell_workstation(act, matter, made)
    if handler is Handler.COMMITTEE:
        await signed(act, matter, made)
    return made


async def signed(act: Act, matter: Matter, held: Handover, *, by_platform: bool = False) -> None:
    """Whoever has it takes it on; from now on its result is due."""
    held.state, held.signed_on = HandoverState.SIGNED.value, act.today
    held.version += 1
    await step(act, matter, "signing", by_platform=by_platform, due_on=held.due_on)


async def refused(
    act: Act, matter: Matter, held: Handover, reason: str, *, by_platform: bool = False
) -> None:
    """It comes back with the reason."""
    held.state, held.reason, held.ended_on = HandoverState.REFUSED.value, reason, act.today
    held.version += 1
    await step(act, matter, "refusal", reason=reason, by_platform=by_platform)


async def done(
    act: Act,
    matter: Matter,
    held: Handover | None,
    result: str,
    speaker: Speaker,
    *,
    by_platform: bool = False,
) -> None:
    """The result is public, and who raised the matter may judge it."""
    if held is not None:
        held.state, held.result, held.ended_on = HandoverState.DONE.value, result, act.today
        held.version += 1
    MATTER.step(matter.state, "result", by=None if by_platform else act.roles, reason=None)
    matter.result, matter.resulted_at = result, act.now
    await step(act, matter, "result", by_platform=by_platform)
    await say(act, matter, kind=Kind.RESULT, speaker=speaker, body=result)


async def sign(act: Act, reach: Reach, id: UUID) -> None:
    """Take on what was handed over. Raises Conflict for what is not in the caller's hands."""
    matter, held = await _held(act, reach, id)
    await signed(act, matter, held)


async def refuse(act: Act, reach: Reach, id: UUID, reason: str, *, mask: bool) -> None:
    """Send back what was handed over, with a reason that all can read."""
    matter, held = await _held(act, reach, id)
    await refused(act, matter, held, publishable({"reason": reason}, mask=mask)["reason"])


async def report(act: Act, reach: Reach, id: UUID, body: str, *, mask: bool) -> None:
    """Say in public how the work goes on."""
    matter, held = await _held(act, reach, id)
    if held.state != HandoverState.SIGNED:
        MATTER.step(matter.state, "result", by=act.roles, reason=None)
    text = publishable({"body": body}, mask=mask)["body"]
    await say(act, matter, kind=Kind.PROGRESS, speaker=_speaker(held), body=text)


async def publish_result(act: Act, reach: Reach, id: UUID, result: str, *, mask: bool) -> None:
    """Publish the result: of what is in one's hands, or the committee's answer where nothing had
    to be handed over."""
    matter = await repository.locked(act.session, reach, id)
    held = await repository.open_handover(act.session, id)
    if held is not None:
        _require_in_hand(act, reach, held)
    text = publishable({"result": result}, mask=mask)["result"]
    await done(act, matter, held, text, _speaker(held))


async def recall(act: Act, reach: Reach, id: UUID, reason: str) -> None:
    """The committee takes a matter back from whoever has it, who is told."""
    matter = await repository.locked(act.session, reach, id)
    held = await repository.open_handover(act.session, id)
    text = publishable({"reason": reason}, mask=False)["reason"]
    MATTER.step(matter.state, "recall", by=act.roles, reason=text)
    assert held is not None
    held.state, held.reason, held.ended_on = HandoverState.RECALLED.value, text, act.today
    held.version += 1
    await step(act, matter, "recall", reason=text)
    if held.handler == Handler.WORKSTATION:
        told = HandoverRecalled(id=held.id, reason=text, recalled_on=act.today)
        await emit(
            act.session,
            district=matter.district,
            type=HALL_RECALLED,
            subject=f"handover/{held.id}",
            data=told.model_dump(mode="json"),
        )


async def _tell_workstation(act: Act, matter: Matter, made: Handover) -> None:
    told = HandedOver(
        id=made.id,
        matter_id=matter.id,
        matter_code=matter.code,
        community_id=matter.community_id,
        title=matter.title,
        content=matter.content,
        category=matter.category,
        place=matter.place,
        request=made.request,
        handed_on=made.handed_on,
        sign_by=matter.due_on,
        due_on=made.due_on,
    )
    await emit(
        act.session,
        district=matter.district,
        type=HALL_HANDED_OVER,
        subject=f"handover/{made.id}",
        data=told.model_dump(mode="json"),
    )


async def _held(act: Act, reach: Reach, id: UUID) -> tuple[Matter, Handover]:
    matter = await repository.locked(act.session, reach, id)
    held = await repository.open_handover(act.session, id)
    if held is None:
        raise Conflict(
            code="not_handed_over",
            detail=Text(
                zh=f"该事项当前“{MATTER.states[matter.state].zh}”，没有在办的交办。",
                en=f"The matter is “{MATTER.states[matter.state].en}”; it is in nobody's hands.",
            ),
        )
    _require_in_hand(act, reach, held)
    return matter, held


def _require_in_hand(act: Act, reach: Reach, held: Handover) -> None:
    """The workstation reports of its own; a department, or the committee for one that answers on
    paper; the committee of the rest."""
    if held.handler == Handler.WORKSTATION:
        raise Conflict(
            code="with_the_workstation",
            detail=Text(
                zh="该事项在社区工作站办理，由工作站在其待办中签收、退回和报结果；"
                "如需改由他人办理，请先收回。",
                en="It is with the workstation, which signs, refuses and reports in its own list. "
                "Take it back first to give it to others.",
            ),
        )
    if Role.COMMITTEE_MEMBER not in act.roles and held.handler != Handler.DEPARTMENT:
        raise Conflict(
            code="not_in_your_hands",
            detail=Text(
                zh=f"该事项由{HANDLERS[Handler(held.handler)].zh}办理。",
                en=f"It is with {HANDLERS[Handler(held.handler)].en}.",
            ),
        )


def _speaker(held: Handover | None) -> Speaker:
    if held is not None and held.handler == Handler.DEPARTMENT:
        return Speaker.DEPARTMENT
    return Speaker.COMMITTEE


def _department_misnamed() -> Issue:
    return Issue(
        code="department_misnamed",
        pointer="/department_id",
        detail=Text(
            zh="交办给职能部门时须填写部门编号和名称，交办给其他对象时不填。",
            en="A department is named with id and name, and only when it is the handler.",
        ),
        remedy=Text(
            zh="请从 GET /v1/departments 选择部门，或留空。",
            en="Choose one from GET /v1/departments, or leave both out.",
        ),
    )
