"""How alike two texts are."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.similarity import similarity


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_mutual_and_between_none_and_whole(one: str, other: str) -> None:
    share = similarity(one, other)
    assert share == similarity(other, one)
    assert 0 <= share <= 1


@given(st.text(alphabet="甲乙丙丁戊己庚辛", min_size=2, max_size=40))
def test_every_text_is_wholly_like_itself(text: str) -> None:
    assert similarity(text, f" {text}。") == Fraction(1)
