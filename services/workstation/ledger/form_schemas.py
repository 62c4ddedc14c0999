"""Requests and answers of forms, questions and reuse."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field, StrictBool, StrictInt, StrictStr

from services.workstation.ledger.domain import OwnerKind, ValueType
from services.workstation.ledger.planning import FormState, How
from services.workstation.ledger.schemas import Given, PeriodText, Unit
from shared.web.shapes import Code, Line, Request

_ID = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
_TITLE = "2026年三季度养老服务情况表"
_PURPOSE = "养老服务补贴测算"


class WantedElement(Request):
    """An element that a form asks for; without a period, for the one that holds the form's day."""

    element: Code = Field(examples=["elderly_60"])
    period: PeriodText | None = Field(None, examples=["2026-Q3"])


class FormRequest(Request):
    """A list of elements and communities; without communities, of all that exist."""

    title: Line = Field(examples=[_TITLE])
    purpose: Line = Field(examples=[_PURPOSE])
    department_id: UUID | None = Field(
        None, description="Needed only by who acts for several departments", examples=[None]
    )
    as_of: date | None = Field(None, description="Today if left out", examples=["2026-09-30"])
    elements: Sequence[WantedElement] = Field(min_length=1, max_length=50)
    communities: Sequence[UUID] | None = Field(None, min_length=1, max_length=500, examples=[None])


class MappedColumn(Request):
    """That a column of the workbook, counted from 1, is an element; none leaves it empty."""

    column: int = Field(ge=1, le=60, examples=[2])
    element: Code | None = Field(examples=["elderly_60"])
    period: PeriodText | None = Field(None, examples=["2026-Q3"])


class MappingRequest(Request):
    """The department's own mapping; columns left out keep what was proposed."""

    columns: Sequence[MappedColumn] = Field([], max_length=60)


class ProposedColumn(BaseModel):
    """A column of the workbook with the element proposed for it; `likeness` is 0 to 100."""

    column: int = Field(examples=[2])
    header: str = Field(examples=["60岁以上老人数（人）"])
    element: str | None = Field(examples=["elderly_60"])
    period: str | None = Field(description="Once submitted", examples=["2026-Q3"])
    likeness: int = Field(examples=[83])


class SheetLine(BaseModel):
    """A row of the workbook with the community that it names, if any."""

    row: int = Field(examples=[2])
    label: str = Field(examples=["航空路社区"])
    community_id: UUID | None = Field(examples=[_ID])


class SheetView(BaseModel):
    """What a workbook's first sheet asks for."""

    community_column: int = Field(examples=[1])
    columns: Sequence[ProposedColumn]
    lines: Sequence[SheetLine]


class FormView(BaseModel):
    """A form: how its cells are filled (`from_ledger` at once, `joined` by questions that stood
    already, `asked` anew) and how many `remaining` wait for an answer."""

    id: UUID = Field(examples=[_ID])
    department_id: UUID = Field(examples=[_ID])
    title: str = Field(examples=[_TITLE])
    purpose: str = Field(examples=[_PURPOSE])
    as_of: date = Field(examples=["2026-09-30"])
    state: FormState = Field(examples=["open"])
    due_on: date | None = Field(description="Last day for the answers", examples=["2026-10-15"])
    overdue: bool = Field(examples=[False])
    asked_on: date | None = Field(examples=["2026-10-08"])
    filled_on: date | None = Field(examples=[None])
    from_ledger: int = Field(examples=[70])
    joined: int = Field(examples=[5])
    asked: int = Field(examples=[8])
    remaining: int = Field(examples=[13])
    with_sheet: bool = Field(examples=[False])
    version: int = Field(examples=[2])


class FormDetail(FormView):
    """A form with its workbook's mapping, where it came with one."""

    sheet: SheetView | None


class FormAnswer(BaseModel):
    """A cell of a form: its value, or the day by which it is to be answered. `corrected` says that
    the entry was corrected or withdrawn since."""

    id: UUID = Field(examples=[_ID])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    element: str = Field(examples=["elderly_60"])
    element_title: str = Field(examples=["60岁以上老年人数"])
    unit: str | None = Field(examples=["人"])
    period: str = Field(examples=["2026-Q3"])
    how: How = Field(examples=["ledger"])
    value: StrictBool | StrictInt | StrictStr | None = Field(examples=[412])
    entry_id: UUID | None = Field(examples=[_ID])
    recorded_on: date | None = Field(examples=["2026-10-08"])
    valid_until: date | None = Field(examples=["2027-02-05"])
    due_on: date | None = Field(examples=[None])
    corrected: bool = Field(examples=[False])


class QuestionView(BaseModel):
    """What the owner of an element is asked, once for all `forms` that wait."""

    id: UUID = Field(examples=[_ID])
    element: str = Field(examples=["elderly_60"])
    element_title: str = Field(examples=["60岁以上老年人数"])
    definition: str = Field(examples=["期末在本社区常住的60周岁以上老年人数。"])
    type: ValueType = Field(examples=["integer"])
    unit: str | None = Field(examples=["人"])
    choices: Sequence[str] = Field(examples=[[]])
    owner_kind: OwnerKind = Field(examples=["workstation"])
    owner_name: str = Field(examples=["社区工作站"])
    community_id: UUID = Field(examples=[_ID])
    community_name: str = Field(examples=["航空路社区"])
    period: str = Field(examples=["2026-Q3"])
    forms: int = Field(examples=[2])
    asked_on: date = Field(examples=["2026-10-08"])
    due_on: date = Field(examples=["2026-10-15"])
    overdue: bool = Field(examples=[False])


class AnswerRequest(Request):
    """A value that answers a question."""

    question_id: UUID = Field(examples=[_ID])
    value: Given = Field(examples=[412])
    unit: Unit | None = Field(None, examples=["人"])
    recorded_on: date | None = Field(None, description="Today if left out", examples=[None])


class AnswersRequest(Request):
    """Answers that are taken all or none."""

    answers: Sequence[AnswerRequest] = Field(min_length=1, max_length=200)


class AnswerView(BaseModel):
    """The entry that an answer became."""

    question_id: UUID = Field(examples=[_ID])
    entry_id: UUID = Field(examples=[_ID])


class AnswerList(BaseModel):
    """What became of answers."""

    items: list[AnswerView]


class ReuseRow(BaseModel):
    """How the values that forms asked of a community were got: `from_ledger` at once, `joined` a
    question that stood already, `asked` anew (`values` is their sum); of the `forms` that named
    the community, `forms_avoided` gave it nothing to fill in."""

    community_id: UUID | None = Field(description="null in the total", examples=[_ID])
    community_name: str | None = Field(examples=["航空路社区"])
    forms: int = Field(examples=[12])
    forms_avoided: int = Field(examples=[9])
    values: int = Field(examples=[240])
    from_ledger: int = Field(examples=[200])
    joined: int = Field(examples=[16])
    asked: int = Field(examples=[24])


class Reuse(BaseModel):
    """A year's reuse by community, with the total; forms that were cancelled do not count."""

    year: int = Field(examples=[2026])
    rows: list[ReuseRow]
    total: ReuseRow
