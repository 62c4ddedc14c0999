"""Which of the two languages a reader wants."""

from typing import Literal

Language = Literal["zh", "en"]


def negotiate(accept_language: str | None) -> Language:
    """zh unless the reader prefers English; zh-CN, zh-Hans, zh-Hant… are all zh.

    >>> negotiate("en-GB;q=0.9, zh-Hans-CN;q=0.8")
    'en'
    """
    best: Language = "zh"
    best_quality = 0.0
    for part in (accept_language or "").split(","):
        tag, _, parameter = part.strip().partition(";")
        primary = tag.split("-", 1)[0].strip().lower()
        try:
            quality = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        if primary in {"zh", "en"} and quality > best_quality:
            best, best_quality = ("en" if primary == "en" else "zh"), quality
    return best
