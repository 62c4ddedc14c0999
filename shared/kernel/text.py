"""Text for people, in the platform's two languages."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in simplified Chinese (zh-CN) and in English."""

    zh: str
    en: str

    def in_language(self, language: Language) -> str:
        """The sentence for a reader of that language."""
        return self.zh if language == "zh" else self.en
