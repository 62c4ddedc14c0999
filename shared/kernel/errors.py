"""Errors of the domain: a stable code, what happened and what to do next, in both languages.

They know nothing of HTTP; `shared.web` maps each class to a status, once.
"""

from collections.abc import Iterable
from typing import ClassVar

from shared.kernel.issue import Issue, RuleApplied
from shared.kernel.text import Text


class DomainError(Exception):
    """Something the platform refuses or cannot do; nothing was changed.

    Left out, `code` and `detail` are the class's own. `rules` ends up with the rules given and
    those of the issues, each once.
    """

    default_code: ClassVar[str] = "refused"
    default_detail: ClassVar[Text] = Text(
        zh="该操作未被接受，未做任何更改。请按 errors 中的说明修改后重试。",
        en="This was not accepted and nothing was changed. Follow what `errors` says and try "
        "again.",
    )

    def __init__(
        self,
        code: str | None = None,
        detail: Text | None = None,
        issues: Iterable[Issue] = (),
        rules: Iterable[RuleApplied] = (),
    ) -> None:
        self.code: str = code or self.default_code
        self.detail: Text = detail or self.default_detail
        self.issues: tuple[Issue, ...] = tuple(issues)
        self.rules: tuple[RuleApplied, ...] = _each_once(
            [*rules, *(rule for issue in self.issues for rule in issue.rules)]
        )
        super().__init__(f"{self.code}: {self.detail.en}")


def _each_once(rules: list[RuleApplied]) -> tuple[RuleApplied, ...]:
    # A rule's value may be a list or mapping, so rules are compared, not hashed.
    kept: list[RuleApplied] = []
    for rule in rules:
        if rule not in kept:
            kept.append(rule)
    return tuple(kept)


class NotFound(DomainError):
    """It does not exist, or not within what the reader may see; the two are not told apart."""

    default_code = "not_found"
    default_detail = Text(
        zh="没有找到您要的内容，或它不在您的管辖范围内。请核对编号。",
        en="It was not found, or it lies outside what you may see. Check its id.",
    )


class Conflict(DomainError):
    """It contradicts the present state of things."""

    default_code = "conflict"
    default_detail = Text(
        zh="与当前状态冲突，未做任何更改。请刷新后查看当前状态再办理。",
        en="This conflicts with the present state and nothing was changed. Refresh, look at the "
        "state and try again.",
    )


class Invalid(DomainError):
    """The input breaks a rule of form or of law."""

    default_code = "invalid"
    default_detail = Text(
        zh="提交的内容有误，未做任何更改。请按 errors 中的提示修改后重新提交。",
        en="The input is not valid and nothing was changed. Mend what `errors` names and send it "
        "again.",
    )


class Forbidden(DomainError):
    """The person is known and may not do this."""

    default_code = "forbidden"
    default_detail = Text(
        zh="您没有办理此事的权限。如确需办理，请联系本区管理员授权。",
        en="You may not do this. If your work needs it, ask your district's administrator for a "
        "grant.",
    )


class Unauthenticated(DomainError):
    """Nobody has shown who is asking."""

    default_code = "unauthenticated"
    default_detail = Text(
        zh="请先登录，并在 Authorization 请求头中带上访问令牌。",
        en="Log in first and send your access token in the Authorization header.",
    )


class _Later(DomainError):
    """It may work later; `retry_after` is in seconds, None where nobody can say."""

    def __init__(
        self,
        code: str | None = None,
        detail: Text | None = None,
        issues: Iterable[Issue] = (),
        rules: Iterable[RuleApplied] = (),
        *,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(code, detail, issues, rules)
        self.retry_after = retry_after


class TooMany(_Later):
    """More requests than allowed in this time."""

    default_code = "too_many_requests"
    default_detail = Text(
        zh="请求过于频繁，本次未办理。请按 Retry-After 响应头所示时间稍后重试。",
        en="There were too many requests and this one was not served. Try again after the time in "
        "the Retry-After header.",
    )


class Unavailable(_Later):
    """Something this needs does not answer at the moment."""

    default_code = "unavailable"
    default_detail = Text(
        zh="服务暂时不可用，本次操作未生效。请稍后重试；如持续出现，请联系管理员。",
        en="The service is unavailable at the moment and nothing was changed. Try again shortly; "
        "if it goes on, tell your administrator.",
    )


class PreconditionFailed(DomainError):
    """Someone changed it since it was read."""

    default_code = "precondition_failed"
    default_detail = Text(
        zh="您读取之后内容已被他人修改，本次未保存。请重新读取、核对后再提交。",
        en="Someone changed this after you read it, so nothing was saved. Read it again, check, "
        "and resubmit.",
    )
