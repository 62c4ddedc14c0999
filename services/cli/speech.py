"""What the command line says to a person, in the language of their terminal."""

import os
import sys
from typing import NoReturn

from shared.kernel.text import Text
from shared.web.language import Language


def terminal_language() -> Language:
    """zh when the terminal's locale is Chinese, else en."""
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return "zh" if locale.lower().startswith("zh") else "en"


def say(text: Text) -> None:
    """Tell the person at the terminal."""
    print(text.in_language(terminal_language()), flush=True)


class CannotGoOn(Exception):
    """The command cannot do its work: what happened and what to do next. Exit status 1."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def give_up(error: CannotGoOn) -> NoReturn:
    """Say why on standard error and end with status 1."""
    print(error.text.in_language(terminal_language()), file=sys.stderr, flush=True)
    raise SystemExit(1)
