"""Problems (RFC 9457): what happened, why, and what to do next, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from shared.kernel.issue import Certainty, Issue, RuleApplied
from shared.kernel.text import Text
from shared.web.language import Language

CONTENT_TYPE = "application/problem+json"

TITLES: dict[int, Text] = {
    400: Text(zh="请求无法理解", en="Bad request"),
    401: Text(zh="需要登录", en="Not authenticated"),
    403: Text(zh="没有权限", en="Forbidden"),
    404: Text(zh="没有找到", en="Not found"),
    405: Text(zh="不支持此操作", en="Method not allowed"),
    406: Text(zh="没有所要的格式", en="Not acceptable"),
    409: Text(zh="与当前状态冲突", en="Conflict"),
    412: Text(zh="内容已被他人修改", en="Precondition failed"),
    413: Text(zh="内容过大", en="Content too large"),
    415: Text(zh="不支持的内容类型", en="Unsupported media type"),
    422: Text(zh="输入有误", en="Invalid input"),
    428: Text(zh="缺少 If-Match", en="Precondition required"),
    429: Text(zh="请求过于频繁", en="Too many requests"),
    431: Text(zh="请求头过大", en="Request header fields too large"),
    500: Text(zh="系统内部错误", en="Internal error"),
    501: Text(zh="不支持", en="Not implemented"),
    502: Text(zh="后端服务应答有误", en="Bad gateway"),
    503: Text(zh="服务暂不可用", en="Service unavailable"),
    504: Text(zh="后端服务超时", en="Gateway timeout"),
}


class RuleView(BaseModel):
    """A rule that was applied: its value, where it stands, since when it is in force, and how it is
    known. `press` and `memory` are defaults that nobody has verified; null for decisions made before
    this was kept."""

    key: str = Field(examples=["facilities.premises_min_m2"])
    value: Any = Field(examples=[250])
    source: str = Field(examples=["2023年度社区建设调研报告 三、3"])
    in_force_from: str = Field(examples=["2023-07-01"])
    certainty: Certainty | None = Field(None, examples=["report"])

    @classmethod
    def of(cls, rule: RuleApplied) -> "RuleView":
        """The rule as the API shows it."""
        return cls(
            key=rule.key,
            value=rule.value,
            source=rule.source,
            in_force_from=rule.in_force_from.isoformat(),
            certainty=rule.certainty,
        )


class ProblemError(BaseModel):
    """One fault of the input: where (JSON pointer), what, and how to mend it."""

    pointer: str = Field(examples=["/name"])
    code: str = Field(examples=["string_too_short"])
    detail: str = Field(examples=["不能为空。"])
    remedy: str = Field(examples=["请填写至少 1 个字。"])

    @classmethod
    def of(cls, issue: Issue, language: Language) -> "ProblemError":
        """The issue in the reader's language."""
        return cls(
            pointer=issue.pointer,
            code=issue.code,
            detail=issue.detail.in_language(language),
            remedy=issue.remedy.in_language(language),
        )


class Problem(BaseModel):
    """An error answer (RFC 9457)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank",
                    "title": "没有找到",
                    "status": 404,
                    "code": "not_found",
                    "detail": "没有找到您要的内容，或它不在您的管辖范围内。请核对编号。",
                    "request_id": "0199f3c2a7d07b6e8c0a4d2f1b3e5a79",
                    "errors": [],
                    "rules": [],
                }
            ]
        }
    )

    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str
    errors: list[ProblemError] = []
    rules: list[RuleView] = []


def problem_body(
    *,
    status: int,
    code: str,
    detail: Text,
    language: Language,
    request_id: str = "",
    issues: Iterable[Issue] = (),
    rules: Iterable[RuleApplied] = (),
) -> bytes:
    """The JSON of a problem."""
    title = TITLES.get(status, TITLES[500 if status >= 500 else 400])
    return orjson.dumps(
        {
            "type": "about:blank",
            "title": title.in_language(language),
            "status": status,
            "code": code,
            "detail": detail.in_language(language),
            "request_id": request_id,
            "errors": [ProblemError.of(issue, language).model_dump() for issue in issues],
            "rules": [RuleView.of(rule).model_dump(mode="json") for rule in rules],
        }
    )


def problem_response(
    *,
    status: int,
    code: str,
    detail: Text,
    language: Language,
    request_id: str = "",
    issues: Iterable[Issue] = (),
    rules: Iterable[RuleApplied] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem as an answer; Content-Language names its language."""
    return Response(
        problem_body(
            status=status,
            code=code,
            detail=detail,
            language=language,
            request_id=request_id,
            issues=issues,
            rules=rules,
        ),
        status_code=status,
        media_type=CONTENT_TYPE,
        headers={
            "Content-Language": "zh-CN" if language == "zh" else "en",
            "Cache-Control": "no-store",
            **(headers or {}),
        },
    )
