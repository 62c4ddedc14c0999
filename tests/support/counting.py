"""Counting what is sent to databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine, event

_counting: ContextVar[list[str] | None] = ContextVar("counting", default=None)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that leave this process for any database within the block, and on its behalf:
    those of tasks that were running before, such as a service's refreshing of keys, are left out."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if _counting.get() is found:
            found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    token = _counting.set(found)
    try:
        yield found
    finally:
        _counting.reset(token)
        event.remove(Engine, "before_cursor_execute", note)
