"""Work lists, workload, workbook, and several tasks at once."""

import io
from datetime import timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from services.workstation.tasks.schemas import MOST_AT_ONCE
from shared.auth.principal import Grant, Principal, PrincipalKind, Role, ScopeKind
from shared.files.checking import XLSX
from shared.kernel.ids import new_id
from tests.services.workstation.tasks.conftest import TASKS, TODAY, Work
from tests.support.counting import statements


async def _due(work: Work, *days: int, **changed: Any) -> list[str]:
    """Tasks of community 0 in progress, due in so many days."""
    return [
        str(await work.in_work(due_on=TODAY + timedelta(days), amount=100, **changed))
        for days in days
    ]


async def _ids(work: Work, query: str, **options: Any) -> list[str]:
    return [one["id"] for one in (await work.get(f"{TASKS}?{query}", **options))["items"]]


async def test_a_clerks_list_goes_by_the_day_that_is_due_next_page_by_page(work: Work) -> None:
    late, soon, now = await _due(work, 20, 5, 1)
    first = await work.get(f"{TASKS}?limit=2")
    assert [one["id"] for one in first["items"]] == [now, soon]
    second = await work.get(first["next"])
    assert ([one["id"] for one in second["items"]], second["next"]) == ([late], None)


async def test_a_list_is_narrowed_down(work: Work) -> None:
    late, soon = await _due(work, -3, 5)
    await work.done(f"{soon}/submission", {"result": "做完了"})
    assert await _ids(work, "overdue=true") == [late]
    assert await _ids(work, "state=submitted") == [soon]
    assert await _ids(work, "state=submitted&state=in_progress") == [late, soon]
    assert await _ids(work, f"due_before={TODAY}") == [late]
    assert await _ids(work, "q=档案") == [late, soon]
    assert await _ids(work, "q=%25") == []
    assert await _ids(work, "item_code=WJ-003&open=true") == [late, soon]
    assert await _ids(work, f"department_id={work.department}") == [late, soon]
    assert await _ids(work, f"street_id={work.small.streets[1]}") == []
    await work.done(f"{soon}/review", {"outcome": "approval"}, by=work.official())
    assert await _ids(work, "open=false") == [soon]
    assert await _ids(work, "open=true") == [late]
    community = work.small.communities[0]
    assert await _ids(work, f"community_id={community}", by=work.official()) == [late, soon]


@pytest.mark.parametrize(
    "query",
    ["state=finished", "due_before=soon", "q=%00", "cursor=abc", "limit=1000", "open=maybe"],
)
async def test_a_question_that_makes_no_sense_is_named(work: Work, query: str) -> None:
    answer = await work.client.get(f"{TASKS}?{query}", headers=work.clerk())
    assert (answer.status_code, bool(answer.json()["errors"])) == (422, True)


async def test_a_list_costs_the_same_however_many_rows_it_shows(work: Work) -> None:
    await _due(work, 1)
    with statements() as few:
        await work.get(TASKS)
    await _due(work, *range(2, 9))
    with statements() as many:
        assert len((await work.get(TASKS))["items"]) == 8
    assert len(many) == len(few) == 1


async def test_the_list_as_a_workbook_holds_all_that_match(work: Work) -> None:
    await _due(work, 5, -3, title="=HYPERLINK(1)")
    answer = await work.client.get(
        f"{TASKS}?limit=1", headers={**work.clerk(), "Accept": XLSX, "Accept-Language": "zh"}
    )
    assert answer.headers["content-type"] == XLSX
    assert 'filename="tasks-2026-03-02.xlsx"' in answer.headers["content-disposition"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    [heads, first, second] = rows.to_python()
    assert heads[:4] == ["办理期限", "完成期限", "状态", "逾期"]
    assert (first[2:5], first[11]) == (["办理中", "是", "=HYPERLINK(1)"], 1)
    assert second[3] == ""


async def test_the_workload_counts_what_is_open_late_closed_and_returned(work: Work) -> None:
    late, soon = await _due(work, -3, 5)
    [refused] = await work.tasks(0, amount=100)
    await work.tasks(2, amount=100)
    await work.done(f"{refused}/return", {"reason": "不属本社区"})
    await work.done(f"{soon}/submission", {"result": "做完了"})
    await work.done(f"{soon}/review", {"outcome": "approval"}, by=work.official())
    by = work.small.role(Role.LEADING_GROUP)
    found = await work.get(f"{TASKS}/workload", by=by)
    row = found["rows"][0]
    counts = [row[name] for name in ("name", "tasks", "open", "overdue", "closed", "returned")]
    assert counts == ["社区0", 3, 1, 1, 1, 1]
    assert (row["tasks_amount"], row["open_amount"], row["closed_amount"]) == (300, 100, 100)
    assert (found["total"]["tasks"], found["total"]["tasks_amount"]) == (4, 400)
    streets = await work.get(f"{TASKS}/workload?by=street", by=by)
    assert [(one["name"], one["tasks"]) for one in streets["rows"]] == [("街道0", 3), ("街道1", 1)]
    departments = await work.get(f"{TASKS}/workload?by=department", by=work.clerk())
    assert [(one["name"], one["tasks"]) for one in departments["rows"]] == [("卫生健康局", 3)]
    earlier = await work.get(f"{TASKS}/workload?year=2025", by=by)
    assert (earlier["rows"], earlier["total"]["tasks"]) == ([], 0)
    assert await _ids(work, "overdue=true") == [late]


async def test_several_tasks_are_answered_one_by_one(work: Work) -> None:
    [first] = await work.tasks(0, amount=100)
    [second] = await work.tasks(0, amount=100)
    [elsewhere] = await work.tasks(1, amount=100)
    await work.done(f"{second}/acceptance")
    ids = [str(second), str(elsewhere), str(first)]
    found = await work.done("actions", {"action": "acceptance", "task_ids": ids})
    assert (found["done"], found["refused"]) == (1, 2)
    assert [row["task_id"] for row in found["rows"]] == ids
    assert [row["state"] for row in found["rows"]] == [None, None, "accepted"]
    problems = [row["problem"] and row["problem"]["code"] for row in found["rows"]]
    assert problems == ["step_not_possible", "not_found", None]
    assert await _ids(work, "state=received", by=work.clerk(1)) == [str(elsewhere)]


async def test_a_refused_row_leaves_nothing_of_its_own_behind(work: Work) -> None:
    good = await work.in_work(amount=100, elements=[])
    bad = await work.in_work(amount=100, elements=["elderly"])
    body = {
        "action": "submission",
        "task_ids": [str(bad), str(good)],
        "result": "做完了",
    }
    found = await work.done("actions", body)
    assert [row["state"] for row in found["rows"]] == [None, "submitted"]
    assert found["rows"][0]["problem"]["errors"][0]["pointer"] == "/figures/elderly"
    assert (await work.get(f"{TASKS}/{bad}"))["result"] is None
    assert len(await work.get(f"{TASKS}/{bad}/history")) == 2


async def test_a_department_approves_several_and_each_ones_money_is_released(work: Work) -> None:
    tasks = [str(await work.submitted(amount=100)) for _ in range(3)]
    body = {"action": "approval", "task_ids": tasks}
    found = await work.done("actions", body, by=work.official())
    assert found["done"] == 3
    assert await work.money() == (2700, 0, 300)
    assert await work.told() == [("released", 100)] * 3


@pytest.mark.parametrize(
    "change",
    [
        {"task_ids": []},
        {"task_ids": [str(new_id())] * 2},
        {"task_ids": [str(new_id()) for _ in range(MOST_AT_ONCE + 1)]},
        {"action": "deletion"},
    ],
)
async def test_a_bulk_is_bounded_and_names_each_task_once(
    work: Work, change: dict[str, Any]
) -> None:
    body = {"action": "acceptance", "task_ids": [str(new_id())], **change}
    refused = await work.post("actions", body)
    pointer = "/" + next(iter(change))
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_role_elsewhere_gives_no_right_here(work: Work) -> None:
    """Somebody who is a clerk of one community and of a department may not, as the department's,
    accept a task in another community."""
    [elsewhere] = await work.tasks(1)
    grants = (
        Grant(Role.WORKSTATION_STAFF, ScopeKind.COMMUNITY, work.small.communities[0]),
        Grant(Role.DEPARTMENT, ScopeKind.DEPARTMENT, work.department),
    )
    both = Principal(new_id(), PrincipalKind.PERSON, work.small.code, grants)
    by = {"Authorization": f"Bearer {work.small.identity.token(both)}"}
    body = {"action": "acceptance", "task_ids": [str(elsewhere)]}
    found = await work.done("actions", body, by=by)
    assert found["rows"][0]["problem"]["code"] == "not_found"
    assert (await work.post(f"{elsewhere}/acceptance", by=by)).status_code == 404
