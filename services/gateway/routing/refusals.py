"""Answers of the proxy's own: why a request was not passed on, or got no answer."""

from starlette.types import Scope, Send

from services.gateway.routing.client import Header
from shared.kernel.errors import DomainError
from shared.kernel.text import Text
from shared.web.errors import STATUS
from shared.web.language import negotiate
from shared.web.problem import CONTENT_TYPE, problem_body


class Refusal(Exception):
    """An answer instead of the service's. `retry_after` is in seconds. With `close` the caller's
    connection ends after it, because the rest of the request is not read."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: Text,
        *,
        retry_after: int | None = None,
        close: bool = False,
    ) -> None:
        self.status = status
        self.code = code
        self.detail = detail
        self.retry_after = retry_after
        self.close = close


def refused_token(error: DomainError) -> Refusal:
    """The token is not good."""
    return Refusal(STATUS.get(type(error), 401), error.code, error.detail)


def host_repeated() -> Refusal:
    """More than one Host."""
    return Refusal(
        400,
        "host_repeated",
        Text(
            zh="请求含有多个 Host 头，无法判断其去向。请只保留一个。",
            en="The request has more than one Host header, so that it is not clear where it goes. "
            "Send one.",
        ),
        close=True,
    )


def unknown_coding() -> Refusal:
    """A transfer coding other than chunked."""
    return Refusal(
        501,
        "transfer_coding_unknown",
        Text(
            zh="不支持该 Transfer-Encoding。请使用 Content-Length，或仅使用 chunked。",
            en="This Transfer-Encoding is not supported. Send a Content-Length, or chunked alone.",
        ),
        close=True,
    )


def too_slow() -> Refusal:
    """The caller stopped in the middle of the body."""
    return Refusal(
        408,
        "request_too_slow",
        Text(
            zh="请求内容未能及时传完，本次操作未办理。请检查网络后重试。",
            en="The request's body stopped coming; your request was not carried out. Check your "
            "connection and try again.",
        ),
        close=True,
    )


def down(title: Text, retry_after: int) -> Refusal:
    """The service is left alone for a while, or has no connection free."""
    return Refusal(
        503, "service_down", _not_carried_out(title, retry_after), retry_after=retry_after
    )


def unreachable(title: Text) -> Refusal:
    """The service took no connection."""
    return Refusal(502, "service_down", _not_carried_out(title, 1), retry_after=1)


def _not_carried_out(title: Text, retry_after: int) -> Text:
    return Text(
        zh=f"{title.zh}暂不可用，本次操作未办理。请在 {retry_after} 秒后重试。",
        en=f"The {title.en} is down; your request was not carried out. Try again in "
        f"{retry_after} s.",
    )


def timed_out(title: Text, seconds: float) -> Refusal:
    """No answer in time."""
    return Refusal(
        504,
        "service_timeout",
        Text(
            zh=f"{title.zh}未在 {seconds:.0f} 秒内应答。"
            "操作可能已经生效，请先查询再重试（重试请使用相同的 Idempotency-Key）。",
            en=f"The {title.en} did not answer within {seconds:.0f} s. What you asked may have "
            "been done: look first, then retry with the same Idempotency-Key.",
        ),
    )


def broken(title: Text) -> Refusal:
    """The answer broke off, or was no HTTP."""
    return Refusal(
        502,
        "service_broke_off",
        Text(
            zh=f"{title.zh}中断了应答。操作可能已经生效，请先查询再重试"
            "（重试请使用相同的 Idempotency-Key）。",
            en=f"The {title.en} broke off. What you asked may have been done: look first, then "
            "retry with the same Idempotency-Key.",
        ),
    )


async def send_problem(scope: Scope, send: Send, request_id: bytes, refusal: Refusal) -> None:
    """Answer with the refusal in the reader's language."""
    accepted = next((v for k, v in scope["headers"] if k == b"accept-language"), b"")
    language = negotiate(accepted.decode("latin-1"))
    body = problem_body(
        status=refusal.status,
        code=refusal.code,
        detail=refusal.detail,
        language=language,
        request_id=request_id.decode(),
    )
    headers: list[Header] = [
        (b"content-type", CONTENT_TYPE.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"content-language", b"zh-CN" if language == "zh" else b"en"),
        (b"cache-control", b"no-store"),
        (b"x-request-id", request_id),
    ]
    if refusal.retry_after is not None:
        headers.append((b"retry-after", str(refusal.retry_after).encode()))
    if refusal.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    if refusal.close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
