"""Where domain errors become HTTP: the one mapping of the whole platform."""

from collections.abc import Iterable
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.db.database import LOST_CONNECTION
from shared.kernel.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    PreconditionFailed,
    TooMany,
    Unauthenticated,
    Unavailable,
)
from shared.kernel.text import Text
from shared.web.language import Language, negotiate
from shared.web.problem import TITLES, Problem, problem_body, problem_response
from shared.web.request_context import request_id
from shared.web.validation import issues_of

log = structlog.get_logger(__name__)


class PreconditionRequired(DomainError):
    """An update came without saying which version it changes."""

    def __init__(self) -> None:
        super().__init__(
            code="if_match_required",
            detail=Text(
                zh="修改前请先读取该内容，并在 If-Match 请求头中带上它的 ETag。",
                en="Read the resource first and send its ETag in the If-Match header.",
            ),
        )


class NotAcceptable(DomainError):
    """The caller takes none of the media types that there are."""

    def __init__(self, offered: Iterable[str]) -> None:
        types = ", ".join(offered)
        super().__init__(
            code="not_acceptable",
            detail=Text(
                zh=f"没有 Accept 请求头所要的格式。可选：{types}。",
                en=f"There is no form that the Accept header takes. Choose one of: {types}.",
            ),
        )


STATUS: dict[type[DomainError], int] = {
    NotAcceptable: 406,
    NotFound: 404,
    Conflict: 409,
    Invalid: 422,
    Forbidden: 403,
    Unauthenticated: 401,
    TooMany: 429,
    Unavailable: 503,
    PreconditionFailed: 412,
    PreconditionRequired: 428,
}

_BY_STATUS: dict[int, Text] = {
    400: Text(
        zh="请求格式不正确，请检查后重发。", en="The request is malformed. Mend and resend it."
    ),
    404: Text(
        zh="没有这个地址。可用的接口见 /docs。",
        en="There is nothing at this address. See /docs for what there is.",
    ),
    405: Text(
        zh="此地址不支持该方法。可用的方法见 Allow 响应头和 /docs。",
        en="This address does not take that method. See the Allow header and /docs.",
    ),
    413: Text(
        zh="提交的内容超过大小限制。请压缩或分批提交。",
        en="The content is larger than allowed. Compress it or send it in parts.",
    ),
    415: Text(
        zh="不支持这种内容类型。请按 /docs 中所列类型提交。",
        en="This content type is not taken. Send one of those listed in /docs.",
    ),
}

_INTERNAL = Text(
    zh="系统内部错误，本次操作未生效。请稍后重试；如再次出现，请把请求编号告知管理员。",
    en="Something went wrong on our side and nothing was changed. Please try again; if it happens "
    "again, give your administrator the request id.",
)
_BUSY = Text(
    zh="数据库繁忙，本次操作未生效。请稍后重试。",
    en="The database is busy and nothing was changed. Please try again shortly.",
)


def language_of(request: Request) -> Language:
    """The reader's language."""
    return negotiate(request.headers.get("accept-language"))


def _status_of(error: DomainError) -> int:
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return 422


def problem_of(error: DomainError, language: Language) -> Problem:
    """A domain error as the problem of one row among several."""
    body = problem_body(
        status=_status_of(error),
        code=error.code,
        detail=error.detail,
        language=language,
        request_id=request_id.get(),
        issues=error.issues,
        rules=error.rules,
    )
    return Problem.model_validate_json(body)


def respond(request: Request, error: DomainError) -> Response:
    """A domain error as a problem."""
    status = _status_of(error)
    headers: dict[str, str] = {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status in {429, 503}:
        headers["Retry-After"] = str(getattr(error, "retry_after", None) or 5)
    return problem_response(
        status=status,
        code=error.code,
        detail=error.detail,
        language=language_of(request),
        request_id=request_id.get(),
        issues=error.issues,
        rules=error.rules,
        headers=headers,
    )


def _plain(request: Request, status: int, code: str, detail: Text, **headers: str) -> Response:
    return problem_response(
        status=status,
        code=code,
        detail=detail,
        language=language_of(request),
        request_id=request_id.get(),
        headers=headers,
    )


async def _on_domain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    return respond(request, error)


async def _on_validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return respond(
        request,
        Invalid(
            code="invalid_input",
            detail=Text(
                zh="提交的内容有误，未做任何更改。请按 errors 中的提示修改后重新提交。",
                en="The input is not valid and nothing was changed. Mend what `errors` names and "
                "send it again.",
            ),
            issues=issues_of(error),
        ),
    )


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code
    if error.detail == _UNPARSED and "form" not in request.headers.get("content-type", ""):
        return await _on_validation_error(request, RequestValidationError([_NO_JSON]))
    detail = _BY_STATUS.get(status) or TITLES.get(status) or _INTERNAL
    return _plain(
        request, status, _CODES.get(status, f"http_{status}"), detail, **dict(error.headers or {})
    )


_UNPARSED = "There was an error parsing the body"
"""What the framework says of JSON that is nested too deeply or is not UTF-8."""
_NO_JSON = {"type": "json_invalid", "loc": ("body",)}
_CODES = {
    400: "bad_request",
    404: "no_such_address",
    405: "method_not_allowed",
    413: "content_too_large",
    415: "unsupported_media_type",
}


async def _on_database_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    state = _sqlstate(error)
    if state.startswith("22"):
        log.warning("database.value_refused", sqlstate=state, error=str(error.orig)[:200])
        return respond(
            request,
            Invalid(
                code="value_out_of_range",
                detail=Text(
                    zh="某个值超出可存储的范围，或含有不可存储的字符（如 NUL）。请修改后重试。",
                    en="A value is out of range or holds a character that cannot be stored (such "
                    "as NUL). Mend it and try again.",
                ),
            ),
        )
    if state in {"23505", "40001", "40P01", "23503", "23514", "23P01"}:
        log.warning("database.conflict", sqlstate=state, request_id=request_id.get())
        return respond(
            request,
            Conflict(
                code="conflict",
                detail=Text(
                    zh="与已有记录或他人同时进行的操作冲突，未做任何更改。请刷新后重试。",
                    en="This conflicts with an existing record or with what someone else is doing "
                    "right now; nothing was changed. Refresh and try again.",
                ),
            ),
        )
    log.error("database.failed", sqlstate=state, error=type(error.orig).__name__)
    if state.startswith(("08", "53", "57", "55")) or error.connection_invalidated or not state:
        return _plain(request, 503, "database_unavailable", _BUSY, **{"Retry-After": "5"})
    return _plain(request, 500, "internal", _INTERNAL)


def _sqlstate(error: DBAPIError) -> str:
    state = getattr(error.orig, "sqlstate", None)
    return state if isinstance(state, str) else ""


async def _on_unreachable(request: Request, error: Exception) -> Response:
    log.error("database.unreachable", error=type(error).__name__, request_id=request_id.get())
    return _plain(request, 503, "database_unavailable", _BUSY, **{"Retry-After": "5"})


async def _on_unexpected(request: Request, error: Exception) -> Response:
    log.exception("request.crashed", request_id=request_id.get(), exc_info=error)
    return _plain(request, 500, "internal", _INTERNAL)


def install_error_handlers(app: FastAPI) -> None:
    """Make every error of the application a problem."""
    handlers: dict[type[Exception], Any] = {
        DomainError: _on_domain_error,
        RequestValidationError: _on_validation_error,
        HTTPException: _on_http_exception,
        DBAPIError: _on_database_error,
        PoolTimeout: _on_unreachable,
        **dict.fromkeys(LOST_CONNECTION, _on_unreachable),
        Exception: _on_unexpected,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)
