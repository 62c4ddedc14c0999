"""Texts as they are searched: pairs of neighbouring signs. Pure."""

import unicodedata


def plain(text: str) -> str:
    """A text as it is searched: full-width signs made narrow, letters small, everything that is
    neither letter, digit nor Chinese sign a space."""
    narrow = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(sign if sign.isalnum() else " " for sign in narrow).split())


def pairs(text: str) -> frozenset[str]:
    """Each two neighbouring signs of each word of a text."""
    words = plain(text).split()
    return frozenset(word[at : at + 2] for word in words for at in range(len(word) - 1))


def ends(text: str) -> frozenset[str]:
    """The last sign of each word of a text; with the pairs they make every sign findable."""
    return frozenset(word[-1] for word in plain(text).split())
