"""Masking of personal data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.masking import mask_address, mask_identity_number, mask_name, mask_phone


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("421002199001011234", "421002********1234"),
        ("110105491231002", "***************"),
        ("E12345678", "*********"),
        ("", ""),
    ],
)
def test_an_identity_number_shows_region_and_last_four(number: str, shown: str) -> None:
    assert mask_identity_number(number) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三丰", "张**"), ("李四", "李*"), ("欧阳修远", "欧***"), ("某", "*"), ("", "")],
)
def test_a_name_shows_its_first_character(name: str, shown: str) -> None:
    assert mask_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800001234", "138****1234"),
        ("0716-8123456", "********3456"),
        ("+8613800001234", "**********1234"),
        ("8123456", "*******"),
        ("", ""),
    ],
)
def test_a_phone_number_shows_its_last_four(number: str, shown: str) -> None:
    assert mask_phone(number) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("湖北省荆州市沙市区航空路12号3栋502", "湖北省荆州市沙市区****"),
        ("荆州市沙市区中山社区3组", "荆州市沙市区****"),
        ("北京市朝阳区阳光小区3栋", "北京市朝阳区****"),
        ("内蒙古自治区锡林郭勒盟多伦县诺尔镇1号", "内蒙古自治区锡林郭勒盟多伦县****"),
        ("恩施土家族苗族自治州恩施市舞阳坝", "恩施土家族苗族自治州恩施市****"),
        ("荆州市荆州区", "荆州市荆州区"),
        ("阳光小区3栋502", "****"),
        ("阳光超市楼上", "****"),
        ("航空路12号", "****"),
        ("", ""),
    ],
)
def test_an_address_shows_its_district_and_no_street(address: str, shown: str) -> None:
    assert mask_address(address) == shown


@given(st.text(max_size=40))
def test_anything_can_be_masked(written: str) -> None:
    assert len(mask_name(written)) == len(written)
    assert len(mask_phone(written)) == len(written)
    assert len(mask_identity_number(written)) == len(written)
    assert mask_address(written) == written or mask_address(written).endswith("****")
