"""How the use cases of elections say that something cannot be done at this point."""

from services.committee.elections.models import Election
from services.committee.elections.procedure import ELECTION, State
from shared.kernel.errors import Conflict
from shared.kernel.text import Text


def not_now(election: Election, when: Text) -> Conflict:
    """It may be done, but not at this point of the election; `when` says at which."""
    name = ELECTION.states[election.state]
    actions = [ELECTION.actions[step.action] for step in ELECTION.possible(election.state)]
    zh = f"现在可以：{'、'.join(one.zh for one in actions)}。" if actions else "已无后续步骤。"
    en = f"Possible now: {', '.join(one.en for one in actions)}." if actions else "No step follows."
    return Conflict(
        code="not_now",
        detail=Text(
            f"选举现为“{name.zh}”。{when.zh}{zh}",
            f"The election is “{name.en}”. {when.en} {en}",
        ),
    )


def require_state(election: Election, *states: State) -> None:
    """Raises Conflict `not_now` in any other state."""
    if election.state not in states:
        names = [ELECTION.states[state] for state in states]
        raise not_now(
            election,
            Text(
                f"此项在“{'”或“'.join(name.zh for name in names)}”时办理。",
                f"This is done while it is “{'” or “'.join(name.en for name in names)}”.",
            ),
        )
