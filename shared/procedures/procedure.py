"""A procedure declared as one table that a civil servant could check. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from shared.auth.principal import Role
from shared.kernel.errors import Conflict, Forbidden, Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Step:
    """One row: in `state`, `action` by one of `by` leads to `next`.

    `act` names it in audit and history, as in `item.submitted`. `reason` steps need a reason in
    writing. `limit` is the key of the rule with the working days in which the following step is
    due, None where nothing waits. An empty `by` is a step that only the platform takes.
    """

    state: str
    action: str
    act: str
    next: str
    by: frozenset[Role] = frozenset()
    reason: bool = False
    limit: str | None = None


@dataclass(frozen=True)
class Procedure:
    """The table of one procedure with the names of its states and actions for people.

    Raises ValueError when a row stands twice, or a state or action has no name.
    """

    name: str
    states: Mapping[str, Text]
    actions: Mapping[str, Text]
    steps: tuple[Step, ...]
    _rows: Mapping[tuple[str, str], Step] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rows = {(step.state, step.action): step for step in self.steps}
        if len(rows) != len(self.steps):
            raise ValueError(f"{self.name}: a state and action stand twice")
        named = {name for step in self.steps for name in (step.state, step.next)}
        if named - set(self.states) or {s.action for s in self.steps} - set(self.actions):
            raise ValueError(f"{self.name}: a state or an action has no name")
        object.__setattr__(self, "_rows", rows)

    def possible(self, state: str) -> tuple[Step, ...]:
        """The steps that may be taken in a state."""
        return tuple(step for step in self.steps if step.state == state)

    def step(
        self, state: str, action: str, *, by: Collection[Role] | None, reason: str | None
    ) -> Step:
        """The row for an action. `by` are the caller's roles, None for the platform itself.

        Raises Conflict `step_not_possible` naming what is possible, Forbidden for the wrong role,
        Invalid for a missing reason.
        """
        found = self._rows.get((state, action))
        if found is None:
            raise self._not_possible(state, action)
        if by is not None and not found.by & set(by):
            raise Forbidden(
                detail=Text(
                    zh=f"“{self.actions[action].zh}”只能由以下角色办理：{_roles(found, '、')}。",
                    en=f"“{self.actions[action].en}” is for these roles: {_roles(found, ', ')}.",
                )
            )
        if found.reason and not (reason and reason.strip()):
            raise Invalid(issues=(_reason_missing(self.actions[action]),))
        return found

    def _not_possible(self, state: str, action: str) -> Conflict:
        names = [self.actions[step.action] for step in self.possible(state) if step.by]
        can = Text(
            zh=f"现在可以：{'、'.join(name.zh for name in names)}。" if names else "已无后续步骤。",
            en=f"Possible now: {', '.join(name.en for name in names)}."
            if names
            else "No step follows.",
        )
        return Conflict(
            code="step_not_possible",
            detail=Text(
                zh=f"当前状态是“{self.states[state].zh}”，不能“{self.actions[action].zh}”。{can.zh}",
                en=f"The state is “{self.states[state].en}”, in which one cannot "
                f"“{self.actions[action].en}”. {can.en}",
            ),
        )


def _roles(step: Step, separator: str) -> str:
    return separator.join(sorted(step.by))


def _reason_missing(action: Text) -> Issue:
    return Issue(
        code="reason_missing",
        pointer="/reason",
        detail=Text(zh=f"“{action.zh}”须写明理由。", en=f"“{action.en}” needs a reason."),
        remedy=Text(zh="请在 reason 中填写理由。", en="Give the reason in `reason`."),
    )
