"""Each cell of a form is answered from the ledger or waits for exactly one question."""

from dataclasses import replace
from fractions import Fraction
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.workstation.ledger.mapping import community_column, named, propose
from services.workstation.ledger.planning import Cell, plan_form
from shared.kernel.ids import new_id
from tests.services.workstation.ledger.test_domain import ELDERLY

PLACES = [new_id() for _ in range(4)]
CELLS = st.builds(
    Cell, st.sampled_from(PLACES), st.sampled_from(PLACES), st.sampled_from(["2025", "2026"])
)
KNOWN = st.dictionaries(CELLS, st.uuids())


@given(st.lists(CELLS), KNOWN, KNOWN)
def test_every_cell_is_answered_or_waits_for_one_question_and_never_both(
    cells: list[Cell], entries: dict[Cell, UUID], questions: dict[Cell, UUID]
) -> None:
    plan = plan_form(cells, entries, questions)
    parts = [set(plan.answered), set(plan.joined), set(plan.asked)]
    assert sum(map(len, parts)) == len(set(cells))
    assert set().union(*parts) == set(cells)
    assert parts[0] == set(cells) & entries.keys()
    assert len(plan.asked) == len(set(plan.asked))


@given(st.lists(st.lists(CELLS), max_size=6), KNOWN)
def test_however_many_forms_want_a_value_it_is_asked_at_most_once(
    forms: list[list[Cell]], entries: dict[Cell, UUID]
) -> None:
    questions: dict[Cell, UUID] = {}
    asked: list[Cell] = []
    for cells in forms:
        plan = plan_form(cells, entries, questions)
        asked += plan.asked
        questions |= {cell: new_id() for cell in plan.asked}
    assert len(asked) == len(set(asked))
    assert set(asked) == {cell for cells in forms for cell in cells} - entries.keys()


@given(st.lists(CELLS), KNOWN, st.data())
def test_once_all_questions_are_answered_nothing_remains_to_be_asked(
    cells: list[Cell], entries: dict[Cell, UUID], data: st.DataObject
) -> None:
    first = plan_form(cells, entries, {})
    learned = entries | {cell: new_id() for cell in first.asked}
    again = plan_form(data.draw(st.permutations(cells)), learned, {})
    assert (again.asked, dict(again.joined)) == ((), {})


HEADS = ["序号", "社区名称", "60岁以上老年人数（人）", "停车泊位", "备注"]


def test_headers_are_mapped_by_likeness_each_element_once() -> None:
    elements = [
        replace(ELDERLY, title="60岁以上老年人数"),
        replace(ELDERLY, code="parking", title="停车泊位数"),
        replace(ELDERLY, code="drills", title="消防演练次数"),
    ]
    found = propose(HEADS, elements, Fraction(1, 2), but=2)
    assert [column.element for column in found] == [None, None, "elderly", "parking", None]
    assert (found[2].likeness, found[3].likeness) == (100, 85)
    twice = propose(["停车泊位", "停车泊位数"], elements, Fraction(1, 2), but=None)
    assert [column.element for column in twice] == [None, "parking"]


@given(st.lists(st.text(max_size=8), max_size=6))
def test_no_element_is_proposed_for_two_columns(headers: list[str]) -> None:
    found = propose(headers, [ELDERLY], Fraction(1, 2), but=None)
    assert [column.header for column in found] == headers
    assert sum(column.element is not None for column in found) <= 1


def test_the_column_of_communities_is_found_by_its_header_or_by_what_stands_in_it() -> None:
    names = {"航空路社区": PLACES[0], "便河社区": PLACES[1], "C1": PLACES[0]}
    rows = [["1", "航空路社区", ""], ["2", "便河", ""]]
    assert community_column(["序号", "社区名称", "值"], rows, names) == 2
    assert community_column(["序号", "单位", "值"], rows, names) == 2
    assert community_column(["序号", "单位", "值"], [["1", "合计", ""]], names) is None
    assert named("便河", names) == PLACES[1]
    assert named("C1", names) == PLACES[0]
    assert named("合计", names) is None
