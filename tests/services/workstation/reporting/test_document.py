"""The document says what the figures say, in the order of a district's report."""

from dataclasses import replace

import pytest

from services.workstation.reporting.document import (
    Annex,
    Document,
    Heading,
    Paragraph,
    Picture,
    Table,
)
from services.workstation.reporting.domain import ReportRules
from services.workstation.reporting.facts import (
    CommunityBuildingFacts,
    FundingRatesFacts,
    HistoryFacts,
    PayFacts,
    PostsFacts,
    RateChange,
    StreetPay,
    SurveyFacts,
    SurveyValue,
)
from services.workstation.reporting.sections import document_of
from shared.kernel.text import Language
from tests.services.workstation.reporting.seed_district import (
    ON,
    empty_facts,
    report_of,
    seed_facts,
)


def _document(facts: CommunityBuildingFacts | None = None, language: Language = "zh") -> Document:
    return document_of(report_of(facts or seed_facts()), language)


def _text(document: Document) -> str:
    return "\n".join(block.text for block in document.blocks if isinstance(block, Paragraph))


def _tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def _pictures(document: Document) -> list[Picture]:
    return [block for block in document.blocks if isinstance(block, Picture)]


def test_it_has_the_title_and_the_sections_of_a_districts_report() -> None:
    document = _document()
    assert document.title == "关于沙市区社区建设情况的报告"
    assert [block.text for block in document.blocks if isinstance(block, Heading)] == [
        "一、社区建设的基本成效",
        "（一）社区和岗位设立",
        "（二）工作、工资待遇",
        "（三）社区基础设施",
        "（四）社区服务和自治",
        "二、社区建设存在的问题",
        "（一）社区工作体制机制",
        "（二）牌子和台账",
        "（三）人员混岗和空岗",
        "（四）工资待遇执行标准",
    ]
    assert [block.title for block in document.blocks if isinstance(block, Annex)] == [
        "附件1　指标明细",
        "附件2　适用标准",
    ]
    assert document.attachments == ("附件：1. 指标明细", "　　　2. 适用标准")


@pytest.mark.parametrize(
    "said",
    [
        "社区83个，分布在5个街道（解放、崇文、中山、胜利、朝阳）和立新乡，其中城市社区77个、"
        "乡镇村改居社区6个",
        "居民委员会132个，经3次合并、撤销和新建，调整为现在的83个",
        "核定岗位职数并拨付经费的68个；尚未核定的9个",
        "厂居7个（解放街道4个、胜利街道1个、朝阳街道2个），村2个（五星三村、柳林洲村）",
        "近郊社区2个（景湖、银湖）",
        "核定社区岗位287个，现为328个，增加41个，增幅14.3%",
        "社区工作人员399人。其中，核定岗位人员328人：在岗251人，借调街道62人，离岗退养12人，"
        "借调区直3人；街道、社区自聘71人",
        "由每个岗位每年10000元（推定）调整为15600元，增幅56%",
        "社会保险3项：养老保险、医疗保险、失业保险",
        "投入资金1301万元，其中市级以上财政645万元，区级财政配套426万元，街道社区自筹230万元",
        "新建街道社区服务中心1个（解放街道），改扩建街道社区服务中心1个（胜利街道）；"
        "新建社区办公服务用房27个，改扩建18个",
        "300平方米以上的社区50个，250至300平方米的社区7个",
        "尚未达标的社区26个，占31.3%",
        "涉及社区28个，计划投入760万元；另筹措100万元",
        "等10个系列",
        "社区图书室48个",
        '社区志愿者服务队伍3支：沙市老姨妈服务队、胜利街办"365"社区服务、彭国珍服务队',
        "每年接受常规检查考核20余次",
        "省、市、区3级考核，分季度、半年、全年目标、党政等4种",
        "挂牌近20块，一个社区半年形成工作台账60本",
        "空岗77个，空岗率23.5%",
        "62/328=18.9%，按全部工作人员计算为62/399=15.5%，均不能得出此前报告公布的16.5%",
        "自聘71人，占工作人员总数的17.8%",
        "5个街道共执行4种标准，同档月工资最大相差120元",
    ],
)
def test_it_tells_the_seed_reports_numbers(said: str) -> None:
    assert said in _text(_document())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_tables_and_pictures_are_numbered_as_they_come_and_every_row_is_whole(
    language: Language,
) -> None:
    document = _document(language=language)
    table, picture = ("表", "图") if language == "zh" else ("Table ", "Figure ")
    for at, made in enumerate(_tables(document), start=1):
        assert made.caption.startswith(f"{table}{at}　")
        assert {len(row) for row in made.rows} == {len(made.columns)}
    for at, drawn in enumerate(_pictures(document), start=1):
        assert drawn.caption.startswith(f"{picture}{at}　")
        for series in drawn.chart.series:
            assert len(series.values) == len(series.labels) == len(drawn.chart.categories)
    assert len(_pictures(document)) == 5


def test_what_the_text_refers_to_exists() -> None:
    text = _text(_document())
    for number in range(1, 6):
        assert f"（见图{number}）" in text
    assert "见图6" not in text


def test_the_charts_are_told_in_words() -> None:
    first = _pictures(_document())[0]
    assert first.alternative.startswith("各街道（乡镇）社区数和类别：居民社区 解放 12；")


def test_the_annex_lists_every_figure_with_its_fraction_source_and_key() -> None:
    report = report_of(seed_facts())
    annex = _tables(document_of(report))[-2]
    assert [row[-1] for row in annex.rows] == [figure.key for figure in report.figures]
    rate = next(row for row in annex.rows if row[-1] == "staff.secondment_rate")
    assert rate[2:5] == ("18.9%", "—", "62/328")
    assert "16.5%" in rate[5]
    assert rate[6] == "工作人员登记"


def test_the_standards_applied_stand_with_their_source() -> None:
    rules = _tables(_document())[-1]
    assert rules.rows[0] == (
        "社区办公服务用房面积",
        "不少于250平方米",
        "调研报告第一部分第三条",
        "2011-07-01",
        "facilities.premises_min_m2",
    )
    assert rules.rows[1][1] == "不足2000户4个；2000至3000户5个；3001户以上6个"


def test_a_rule_whose_origin_is_not_told_has_none_shown() -> None:
    rules = ReportRules(premises_min_m2=250, quota=())
    assert _tables(document_of(report_of(seed_facts(), rules)))[-1].rows[0][2:4] == ("", "")


def test_a_district_without_records_says_so_in_every_section() -> None:
    document = _document(empty_facts())
    text = _text(document)
    for said in (
        "全区社区和岗位设立情况无记录。",
        "社区工作人员无记录。",
        "岗位经费标准无记录。",
        "社区设施建设投入无记录。",
        "社区办公服务用房面积无记录。",
        "社区服务系列无记录。",
        "检查考核次数无记录。",
        "社区牌子和台账数量无记录。",
        "社区工作人员去向无记录。",
        "各街道实际执行的工资标准无记录",
    ):
        assert said in text
    assert _pictures(document) == []
    assert "见图" not in text
    assert len(_tables(document)) == 2


def test_english_speaks_of_the_same_numbers() -> None:
    text = _text(_document(language="en"))
    for said in ("83 communities", "staff is 399", "1301 ten thousand yuan", "62/328=18.9%"):
        assert said in text
    assert "无记录" not in text
    assert "no record" in _text(_document(empty_facts(), "en"))


@pytest.mark.parametrize(
    ("elected", "said"),
    [(400, "减少72个，降幅18.0%"), (328, "没有增减"), (0, "增加328个，增幅—")],
)
def test_posts_are_compared_with_those_of_the_election(elected: int, said: str) -> None:
    facts = replace(seed_facts(), posts=PostsFacts(at_election=elected, elected_on=ON))
    assert said in _text(_document(facts))


def test_villages_and_others_without_posts_are_named_and_their_absence_is_not() -> None:
    facts = seed_facts()
    approved = tuple(replace(one, approved_posts=4) for one in facts.communities)
    assert "拨付经费的77个。" in _text(_document(replace(facts, communities=approved)))
    without_history = replace(facts, history=HistoryFacts(), communities=facts.communities[:12])
    text = _text(_document(without_history))
    assert "改革前" not in text
    assert "即将批准" not in text


@pytest.mark.parametrize(
    ("survey", "said"),
    [
        (SurveyFacts(plaques=SurveyValue(value=3)), "据调查，一个社区挂牌3块（见表"),
        (SurveyFacts(ledger_books=SurveyValue(value=9)), "据调查，一个社区半年形成工作台账9本"),
    ],
)
def test_what_alone_is_surveyed_is_told_alone(survey: SurveyFacts, said: str) -> None:
    assert said in _text(_document(replace(seed_facts(), survey=survey)))


def test_without_an_election_on_record_only_the_posts_now_are_told() -> None:
    assert "全区现核定社区岗位328个。" in _text(_document(replace(seed_facts(), posts=None)))


def test_posts_as_many_as_the_quota_are_called_so() -> None:
    facts = seed_facts()
    even = replace(facts.communities[0], households=100, approved_posts=4)
    assert "实际核定数与标准持平，没有社区低于标准" in _text(
        _document(replace(facts, communities=(even,)))
    )


def test_a_rate_without_a_former_one_has_no_rise() -> None:
    change = RateChange(after=seed_facts().funding_rates.per_post.after)
    facts = replace(seed_facts(), funding_rates=FundingRatesFacts(per_post=change))
    document = _document(facts)
    assert "财政按每个岗位每年15600元拨付岗位经费" in _text(document)
    rates = next(table for table in _tables(document) if "经费" in table.caption)
    assert rates.rows[0][1:] == ("无记录", "15600", "—")


def test_steps_of_pay_that_came_new_have_no_rise() -> None:
    facts = seed_facts()
    assert facts.pay.before is not None
    shorter = replace(facts.pay.before, fen=facts.pay.before.fen[:2])
    document = _document(replace(facts, pay=replace(facts.pay, before=shorter)))
    rates = next(table for table in _tables(document) if "经费" in table.caption)
    assert rates.rows[-1][1:] == ("—", "1300", "—")


def test_equal_pay_is_called_equal() -> None:
    paid = (StreetPay(street="甲", fen=(100,)), StreetPay(street="乙", fen=(100,)))
    text = _text(_document(replace(seed_facts(), pay=PayFacts(by_street=paid))))
    assert "2个街道同档月工资没有差额" in text
    assert "仍然存在" not in text


def test_tasks_without_money_are_told_where_they_are_surveyed() -> None:
    survey = SurveyFacts(tasks=SurveyValue(value=140), unfunded_tasks=SurveyValue(value=90))
    text = _text(_document(replace(seed_facts(), survey=survey)))
    assert "下派工作140项，其中未随事拨付经费的90项" in text


def test_premises_without_a_recorded_area_are_drawn_as_such() -> None:
    facts = seed_facts()
    communities = tuple(replace(one, premises_m2=None) for one in facts.communities)
    drawn = _pictures(_document(replace(facts, communities=communities)))[3]
    assert [series.name for series in drawn.chart.series] == ["无面积记录"]
