"""How alike two texts are."""

from fractions import Fraction


def similarity(one: str, other: str) -> Fraction:
    """How alike two texts are, 0 to 1: twice the shared pairs of neighbouring characters over all
    pairs of both (Sørensen–Dice), spaces and punctuation left out."""
    first, second = _pairs(one), _pairs(other)
    if not first or not second:
        return Fraction(0)
    return Fraction(2 * len(first & second), len(first) + len(second))


def _pairs(text: str) -> set[str]:
    kept = "".join(sign for sign in text.casefold() if sign.isalnum())
    return {kept[at : at + 2] for at in range(len(kept) - 1)}
