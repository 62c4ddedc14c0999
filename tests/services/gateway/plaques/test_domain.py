"""Which plaques may hang where (the survey's third part, proposal 2)."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.plaques.domain import (
    Hanging,
    Kind,
    Payer,
    Wanted,
    Where,
    counts,
    screen,
    to_be_removed,
)
from services.gateway.rulebook import RULES
from shared.rulebook.rule import RuleValue
from shared.rulebook.rulebook import Rulebook

RULEBOOK = Rulebook.from_files(*RULES)
TODAY = date(2026, 11, 24)


def rule(key: str) -> RuleValue:
    """A rule in force today."""
    return RULEBOOK.lookup(key, "421002", TODAY)


def wanted(**changed: object) -> Wanted:
    """What meets no objection."""
    fields: dict[str, object] = {
        "title": "劳动保障服务站",
        "where": Where.INDOOR,
        "room": "一站式服务大厅",
        "width_mm": 600,
        "height_mm": 400,
        "colours": "白底蓝字",
        "payer": Payer.DEPARTMENT,
        "has_design": True,
        **changed,
    }
    return Wanted(**fields)  # type: ignore[arg-type]


def hanging(number: int, **changed: object) -> Hanging:
    """A department's plaque that hangs outdoors without approval."""
    fields: dict[str, object] = {
        "id": UUID(int=number),
        "kind": Kind.OTHER,
        "title": f"牌子{number}",
        "where": Where.OUTDOOR,
        "payer": Payer.COMMUNITY,
        "cost": 100,
        "approved": False,
        "hung_on": date(2020, 1, 1) + timedelta(days=number),
        **changed,
    }
    return Hanging(**fields)  # type: ignore[arg-type]


def test_a_described_indoor_plaque_paid_by_its_department_meets_no_objection() -> None:
    found = screen(wanted(), standing=(), rule=rule)
    assert found.value == ()
    assert {one.key for one in found.rules} == {
        "plaque.outdoor_allowed",
        "plaque.cost_borne_by_department",
        "plaque.design_required",
    }


def test_everything_that_stands_against_an_application_is_named_at_once() -> None:
    found = screen(
        wanted(
            where=Where.OUTDOOR,
            width_mm=None,
            colours=" ",
            payer=Payer.COMMUNITY,
            has_design=False,
        ),
        standing={"劳动保障服务站"},
        rule=rule,
    )
    assert [(one.code, one.pointer) for one in found.value] == [
        ("plaque_outdoors", "/where"),
        ("plaque_cost_passed_on", "/payer"),
        ("plaque_undescribed", "/width_mm"),
        ("plaque_undescribed", "/colours"),
        ("plaque_undescribed", "/design"),
        ("plaque_approved_already", "/title"),
    ]
    assert all(one.remedy.zh and one.remedy.en for one in found.value)


@pytest.mark.parametrize("payer", [Payer.STREET, Payer.COMMUNITY, Payer.UNKNOWN])
def test_nobody_but_the_department_pays(payer: Payer) -> None:
    (issue,) = screen(wanted(payer=payer), standing=(), rule=rule).value
    assert issue.rules[0].key == "plaque.cost_borne_by_department"


def test_an_indoor_plaque_needs_its_room_and_a_photograph_needs_none() -> None:
    assert [one.pointer for one in screen(wanted(room=""), standing=(), rule=rule).value] == [
        "/room"
    ]
    assert screen(wanted(room="", where=Where.PHOTO), standing=(), rule=rule).value == ()


def test_the_three_plaques_hang_outdoors_and_a_departments_does_not() -> None:
    three = [
        hanging(number, kind=kind)
        for number, kind in enumerate((Kind.PARTY_ORGANISATION, Kind.COMMITTEE, Kind.WORKSTATION))
    ]
    found = to_be_removed([*three, hanging(9, approved=True)], rule=rule).value
    assert [(one.id.int, because) for one, because in found] == [(9, "plaque.outdoor_allowed")]


def test_of_two_of_the_same_the_one_that_hung_first_stays() -> None:
    pair = [hanging(2, kind=Kind.COMMITTEE), hanging(1, kind=Kind.COMMITTEE)]
    ((second, because),) = to_be_removed(pair, rule=rule).value
    assert (second.id.int, because) == (2, "plaque.outdoor_each")


def test_indoors_only_what_was_approved_stays_and_a_photograph_hangs_nowhere() -> None:
    found = to_be_removed(
        [
            hanging(1, where=Where.INDOOR),
            hanging(2, where=Where.INDOOR, approved=True),
            hanging(3, where=Where.PHOTO),
            hanging(4, where=Where.INDOOR, kind=Kind.COMMITTEE),
        ],
        rule=rule,
    ).value
    assert [(one.id.int, because) for one, because in found] == [(1, "plaque.approval_required")]


@st.composite
def inventories(draw: st.DrawFn) -> list[Hanging]:
    return [
        hanging(
            number,
            kind=draw(st.sampled_from(Kind)),
            where=draw(st.sampled_from(Where)),
            payer=draw(st.sampled_from(Payer)),
            cost=draw(st.integers(0, 10**6)),
            approved=draw(st.booleans()),
            hung_on=date(2020, 1, draw(st.integers(1, 28))),
        )
        for number in range(draw(st.integers(0, 25)))
    ]


@given(inventories())
def test_what_is_left_after_the_removals_hangs_by_the_rules(inventory: list[Hanging]) -> None:
    down = {one.id for one, _ in to_be_removed(inventory, rule=rule).value}
    left = [one for one in inventory if one.id not in down]
    outdoors = [one.kind for one in left if one.where is Where.OUTDOOR]
    assert len(outdoors) == len(set(outdoors)) <= 3
    assert Kind.OTHER not in outdoors
    assert to_be_removed(left, rule=rule).value == ()


@given(inventories())
def test_the_numbers_of_a_community_add_up(inventory: list[Hanging]) -> None:
    found = counts(inventory)
    assert found.outdoor + found.indoor + found.on_file == len(inventory)
    assert sum(found.by_payer.values()) == len(inventory)
    assert 0 <= found.due_fen <= sum(one.cost for one in inventory)
