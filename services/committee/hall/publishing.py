"""Before a text is published: personal numbers in it are flagged, or masked on demand."""

from collections.abc import Mapping

from shared.kernel.errors import Invalid
from shared.kernel.personal_data import masked_text, personal_number_issues
from shared.kernel.text import Text


def publishable(texts: Mapping[str, str | None], *, mask: bool) -> dict[str, str]:
    """The texts by field, masked where that was asked for. Raises Invalid, naming each place,
    when one holds an identity or telephone number and it was not."""
    given = {field: text for field, text in texts.items() if text is not None}
    if mask:
        return {field: masked_text(text) for field, text in given.items()}
    issues = personal_number_issues((f"/{field}", text) for field, text in given.items())
    if issues:
        raise Invalid(
            code="personal_data_in_text",
            detail=Text(
                zh="内容将向公众公开，其中有个人信息，尚未提交。请按 errors 中的提示处理。",
                en="This will be public and holds personal data, so it was not taken yet. Follow "
                "what `errors` says.",
            ),
            issues=issues,
        )
    return given
