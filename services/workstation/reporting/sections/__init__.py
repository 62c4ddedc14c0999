"""The document of the report: its sections, each written from the figures."""

from services.workstation.reporting.document import Document, printable
from services.workstation.reporting.domain import Report
from services.workstation.reporting.sections.annexes import write_annexes
from services.workstation.reporting.sections.burden import write_inspections, write_plaques
from services.workstation.reporting.sections.communities import write_communities
from services.workstation.reporting.sections.equal_pay import write_equal_pay
from services.workstation.reporting.sections.facilities import write_facilities
from services.workstation.reporting.sections.mixed_posts import write_mixed_posts
from services.workstation.reporting.sections.pay import write_pay
from services.workstation.reporting.sections.services import write_services
from services.workstation.reporting.wording import day
from services.workstation.reporting.writer import Writer
from shared.kernel.text import Language, Text


def document_of(report: Report, language: Language = "zh") -> Document:
    """The whole document in one language, ready for a renderer."""
    writer = Writer(report, language)
    _introduction(writer)
    writer.heading(1, Text("一、社区建设的基本成效", "I. What community building has achieved"))
    write_communities(writer)
    write_pay(writer)
    write_facilities(writer)
    write_services(writer)
    writer.heading(1, Text("二、社区建设存在的问题", "II. The problems that remain"))
    write_inspections(writer)
    write_plaques(writer)
    write_mixed_posts(writer)
    write_equal_pay(writer)
    write_annexes(writer)
    name = report.facts.district.name
    until = day(report.facts.on, language)
    document = Document(
        language=language,
        title=writer.say(
            Text(f"关于{name}社区建设情况的报告", f"Report on Community Building in {name}")
        ),
        subtitle=writer.say(Text(f"（数据截至{until}）", f"(as of {until})")),
        blocks=tuple(writer.blocks),
        attachments=writer.attachments,
        signature=report.prepared_by,
        signed_on=day(report.prepared_on, language),
        prepared_on=report.prepared_on,
    )
    return printable(document)


def _introduction(writer: Writer) -> None:
    district = writer.report.facts.district
    until = day(writer.report.facts.on, writer.language)
    writer.paragraph(
        Text(
            f"现将{district.province}{district.prefecture}{district.name}截至{until}的社区建设"
            "情况报告如下。文中数字均依据社区、岗位、人员、设施等登记记录计算，各项指标的数值、"
            "分子分母、计算说明和数据来源见附件1，所适用的标准见附件2。",
            f"This is the state of community building in {district.name}, {district.prefecture}, "
            f"{district.province}, on {until}. Every number is computed from the registered "
            "communities, posts, staff and facilities; Annex 1 gives each with its numerator, "
            "denominator, note and source, Annex 2 the standards applied.",
        )
    )
