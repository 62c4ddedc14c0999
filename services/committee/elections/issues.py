"""How the use cases of elections say what is wrong."""

from services.committee.elections.models import Election
from services.committee.elections.procedure import ELECTION, State
from shared.kernel.errors import Conflict
from shared.kernel.issue import Issue
from shared.kernel.text import Text


def issue(
    code: str,
    pointer: str,
    zh: str,
    en: str,
    remedy_zh: str = "请核对后重新提交。",
    remedy_en: str = "Check it and send it again.",
) -> Issue:
    """One thing that is wrong with the input."""
    return Issue(code=code, pointer=pointer, detail=Text(zh, en), remedy=Text(remedy_zh, remedy_en))


def not_now(zh: str, en: str) -> Conflict:
    """It may be done, but not at this point of the election."""
    return Conflict(code="not_now", detail=Text(zh, en))


def require_state(election: Election, *states: State) -> None:
    """Raises Conflict `not_now` in any other state."""
    if election.state not in states:
        name = ELECTION.states[election.state]
        raise not_now(
            f"选举现为“{name.zh}”，不能办理此项。",
            f"The election is “{name.en}”; this cannot be done now.",
        )
