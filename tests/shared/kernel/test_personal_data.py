"""Personal numbers in texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.personal_data import masked_text, personal_numbers


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13812345678。", "电话138****5678。"),
        ("电话１３８１２３４５６７８", "电话138****5678"),
        ("138-1234-5678或138 1234 5678", "138****5678或138****5678"),
        ("+8613812345678", "138****5678"),
        ("座机0716-8123456", "座机*******3456"),
        ("身份证11010519491231002X！", "身份证110105********002X！"),
        ("身份证11010519491231002x", "身份证110105********002X"),
        ("编号110105194912310021不是身份证", "编号110105194912310021不是身份证"),
        ("订单2026112400012345678901", "订单2026112400012345678901"),
        ("3号楼2单元，2026年11月24日，费用1380元", "3号楼2单元，2026年11月24日，费用1380元"),
    ],
)
def test_numbers_are_recognised_and_masked(text: str, masked: str) -> None:
    assert masked_text(text) == masked


@given(st.text(max_size=60))
def test_a_masked_text_holds_no_number_any_more(text: str) -> None:
    said = f"{text}13812345678"
    assert not [one for one in personal_numbers(masked_text(said)) if "5678" not in one.masked]
    assert all(0 <= one.start < one.end <= len(said) for one in personal_numbers(said))
