"""Cursor paging: a page continues after the last row seen, whatever changed before it."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeAlias, TypeVar
from urllib.parse import urlencode

import orjson
from fastapi import Depends, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from shared.db.base import Rows
from shared.kernel.errors import Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text

DEFAULT_LIMIT = 50
MAX_LIMIT = 200

OrderColumn: TypeAlias = ColumnElement[Any] | InstrumentedAttribute[Any]
Item = TypeVar("Item")
Row = TypeVar("Row")


class Page(BaseModel, Generic[Item]):
    """One page of a list; `next` is the link to the following page, null on the last."""

    items: list[Item]
    next: str | None = Field(default=None, examples=[None])


class PageRequest:
    """The page asked for: how many rows, and after which."""

    def __init__(self, request: Request, limit: int, cursor: str | None) -> None:
        self.limit = limit
        self._request = request
        self.after = _decode(cursor) if cursor is not None else None

    def apply(self, query: Rows, *order: OrderColumn, descending: bool = False) -> Rows:
        """The query in the stated order, continued after the cursor, with one row to look ahead.

        The order must end in a unique column and hold no nulls. Raises Invalid when the cursor is
        not one of this list's.
        """
        if self.after is not None:
            if len(self.after) != len(order):
                raise _bad_cursor()
            here = tuple_(*order)
            values = []
            for column, value in zip(order, self.after, strict=True):
                values.append(_typed(column, value))
            there = tuple_(*values)
            query = query.where(here < there if descending else here > there)
        ordering = [column.desc() if descending else column.asc() for column in order]
        return query.order_by(*ordering).limit(self.limit + 1)

    def keys_after(self, keys: Sequence[str]) -> list[str]:
        """Of sorted texts that are not in the database, those after the cursor."""
        if self.after is None:
            return list(keys)
        if len(self.after) != 1 or not isinstance(self.after[0], str):
            raise _bad_cursor()
        return [key for key in keys if key > self.after[0]]

    def page(
        self,
        rows: Sequence[Row],
        key: Callable[[Row], tuple[Any, ...]],
        view: Callable[[Row], Item],
    ) -> Page[Item]:
        """The page of at most `limit` rows; `key` gives a row's values of the order."""
        shown = rows[: self.limit]
        following = None
        if len(rows) > self.limit:
            parameters = [
                (k, v) for k, v in self._request.query_params.multi_items() if k != "cursor"
            ]
            parameters.append(("cursor", _encode(key(shown[-1]))))
            following = f"{self._request.url.path}?{urlencode(parameters)}"
        return Page(items=[view(row) for row in shown], next=following)


async def _page(
    request: Request,
    limit: Annotated[
        int, Query(ge=1, le=MAX_LIMIT, description="Rows a page / 每页行数")
    ] = DEFAULT_LIMIT,
    cursor: Annotated[
        str | None, Query(max_length=512, description="From the previous page's `next` link")
    ] = None,
) -> PageRequest:
    return PageRequest(request, limit, cursor)


Paging = Annotated[PageRequest, Depends(_page)]


def _encode(values: tuple[Any, ...]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values, default=str)).decode().rstrip("=")


def _decode(cursor: str) -> list[Any]:
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        raise _bad_cursor() from None
    if not isinstance(values, list):
        raise _bad_cursor()
    return values


def _typed(column: OrderColumn, value: Any) -> Any:
    wanted = column.type.python_type
    try:
        if isinstance(value, str) and "\x00" in value:
            raise ValueError(value)
        if hasattr(wanted, "fromisoformat"):
            return wanted.fromisoformat(value)
        if type(value) is wanted:
            return value
        if wanted is int or isinstance(value, (dict, list, bool)) or value is None:
            raise ValueError(value)
        return wanted(value)
    except (TypeError, ValueError, AttributeError):
        raise _bad_cursor() from None


def _bad_cursor() -> Invalid:
    return Invalid(
        code="cursor_invalid",
        detail=Text(zh="翻页游标无效。", en="The paging cursor is not valid."),
        issues=(
            Issue(
                code="cursor_invalid",
                pointer="/query/cursor",
                detail=Text(zh="翻页游标无效。", en="The paging cursor is not valid."),
                remedy=Text(
                    zh="请从第一页开始，并沿用返回的 next 链接。",
                    en="Start from the first page and follow the `next` link of each answer.",
                ),
            ),
        ),
    )
