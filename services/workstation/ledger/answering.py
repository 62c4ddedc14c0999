"""Write use case of those who are asked: they answer, once for all forms that wait."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.workstation.ledger import repository
from services.workstation.ledger.access import Collector
from services.workstation.ledger.closing import recording_lock
from services.workstation.ledger.domain import (
    Checked,
    Element,
    Proposed,
    Source,
    check_entry,
)
from services.workstation.ledger.models import LedgerElement, LedgerQuestion
from services.workstation.ledger.recording import (
    Told,
    counts_on,
    enter,
    require_collector,
    supersede,
)
from shared.kernel.errors import Conflict, Invalid, NotFound
from shared.kernel.issue import Issue
from shared.kernel.text import Text
from shared.procedures.acting import Act

REASON = "到期重新采集"


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, its element, and the value that answers it."""

    question: LedgerQuestion
    element: Element
    checked: Checked
    told: Told


async def answer_questions(
    act: Act, collector: Collector, answers: Sequence[Mapping[str, Any]]
) -> dict[UUID, UUID]:
    """Enter the values that answer questions, all or none; the entries by question.

    Raises NotFound for another's question, Forbidden for who does not collect its element,
    Conflict for one that is closed, Invalid naming everything that stands against the values.
    """
    await recording_lock(act.session, act.actor.district)
    ids = [answer["question_id"] for answer in answers]
    if len(set(ids)) < len(ids):
        raise Invalid(issues=(_repeated(),))
    questions = await _questions(act, collector, ids)
    checked = _checked(act, questions, answers)
    made = {}
    for one in checked:
        made[one.question.id] = await _enter(act, one)
    return made


async def _questions(
    act: Act, collector: Collector, ids: Collection[UUID]
) -> dict[UUID, tuple[LedgerQuestion, Element]]:
    rows = await act.session.execute(
        select(LedgerQuestion, LedgerElement)
        .join(
            LedgerElement,
            (LedgerElement.district == LedgerQuestion.district)
            & (LedgerElement.id == LedgerQuestion.element_id),
        )
        .where(LedgerQuestion.id.in_(ids))
        .order_by(LedgerQuestion.id)
        .with_for_update(of=LedgerQuestion)
    )
    found = {question.id: (question, repository.element_of(row)) for question, row in rows.all()}
    if len(found) < len(ids):
        raise NotFound
    for question, element in found.values():
        require_collector(collector, element, question.community_id)
    return found


def _checked(
    act: Act,
    questions: Mapping[UUID, tuple[LedgerQuestion, Element]],
    answers: Sequence[Mapping[str, Any]],
) -> list[Answer]:
    kept, issues = [], []
    for at, answer in enumerate(answers):
        question, element = questions[answer["question_id"]]
        if question.entry_id is not None or question.withdrawn_on is not None:
            raise _closed(question)
        recorded_on = answer["recorded_on"] or act.today
        proposed = Proposed(answer["value"], answer["unit"], question.period, recorded_on)
        checked = check_entry(element, proposed, act.today)
        if not counts_on(element.valid_until(recorded_on), act.today):
            issues.append(_over(element, at))
        elif isinstance(checked, Checked):
            told = Told(Source.PERSON, act.today, recorded_on)
            kept.append(Answer(question, element, checked, told))
        else:
            issues += [
                Issue(one.code, one.detail, one.remedy, f"/answers/{at}{one.pointer}", one.rules)
                for one in checked
            ]
    if issues:
        raise Invalid(issues=issues)
    return kept


def _over(element: Element, at: int) -> Issue:
    return Issue(
        code="value_no_longer_counts",
        pointer=f"/answers/{at}/recorded_on",
        detail=Text(
            zh=f"采集日期过早：“{element.title}”的值在采集后 {element.validity_days} 天内有效。",
            en=f"It was recorded too long ago: values of {element.code} count for "
            f"{element.validity_days} days.",
        ),
        remedy=Text(zh="请重新采集后填写。", en="Collect it anew."),
    )


async def _enter(act: Act, answer: Answer) -> UUID:
    community = answer.question.community_id
    place: dict[str, UUID | None] = {
        "community_id": community,
        "household_id": None,
        "resident_id": None,
        "subject_id": community,
    }
    made = await enter(act.session, act.actor, answer.element, place, answer.checked, answer.told)
    if made is None:  # one stands whose validity is over
        standing = await repository.current_entry(
            act.session, answer.element.id, community, answer.checked.period.key
        )
        assert standing is not None
        made = await supersede(
            act.session, act.actor, standing, answer.element, answer.checked, answer.told, REASON
        )
    return made.id


def _closed(question: LedgerQuestion) -> Conflict:
    return Conflict(
        code="question_closed",
        detail=Text(
            zh=f"问题 {question.id} 已有答复或已不再需要。请刷新列表。",
            en=f"The question {question.id} was answered, or nobody waits for it any more. "
            "Refresh the list.",
        ),
    )


def _repeated() -> Issue:
    return Issue(
        code="question_repeated",
        pointer="/answers",
        detail=Text(zh="同一个问题出现了两次。", en="A question stands twice."),
        remedy=Text(zh="请只保留一条答复。", en="Keep one answer for each."),
    )
