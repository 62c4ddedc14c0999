"""Gathers a document's blocks in one language, numbering tables and pictures as they come."""

from collections.abc import Sequence

from services.workstation.reporting.document import (
    Annex,
    Block,
    Chart,
    Column,
    Heading,
    Paragraph,
    Picture,
    Table,
)
from services.workstation.reporting.domain import Report, Source
from services.workstation.reporting.wording import day, joined, shown
from shared.kernel.text import Language, Text


class Writer:
    """Writes a report's document from top to bottom."""

    def __init__(self, report: Report, language: Language) -> None:
        self.report = report
        self.language: Language = language
        self.blocks: list[Block] = []
        self.annexes: list[str] = []
        self._tables = 0
        self._pictures = 0

    @property
    def next_table(self) -> Text:
        """How the text refers to the table that comes next."""
        return Text(f"表{self._tables + 1}", f"Table {self._tables + 1}")

    def see(self, chart: Chart) -> Text:
        """How the text refers to the chart that comes next; empty where it shows nothing."""
        if not chart.shows_something:
            return Text("", "")
        number = self._pictures + 1
        return Text(f"（见图{number}）", f" (Figure {number})")

    def say(self, text: Text) -> str:
        """A text in the document's language."""
        return text.in_language(self.language)

    def shown(self, key: str, unit: str = "") -> str:
        """The report's figure of that key, written out."""
        return shown(self.report.figure(key), self.language, unit)

    def knows(self, *keys: str) -> bool:
        """Whether the report has a record for every one of these figures."""
        return all(self.report.figure(key).value not in (None, ()) for key in keys)

    def names(self, names: Sequence[str]) -> str:
        """Names in a row."""
        return joined(names, self.language)

    def heading(self, level: int, text: Text) -> None:
        """A heading, its number part of the text."""
        self.blocks.append(Heading(level, self.say(text)))

    def paragraph(self, *sentences: Text | None) -> None:
        """A paragraph of the sentences that there are; none where there are none."""
        spoken = [self.say(sentence) for sentence in sentences if sentence is not None]
        if spoken:
            self.blocks.append(Paragraph(("" if self.language == "zh" else " ").join(spoken)))

    def table(
        self,
        caption: Text,
        columns: Sequence[tuple[Text, int, bool]],
        rows: Sequence[tuple[str, ...]],
        *sources: Source,
        total: bool = False,
    ) -> None:
        """A table; each column is its head, its share of the width, whether it holds numbers."""
        number = self.say(self.next_table)
        self._tables += 1
        self.blocks.append(
            Table(
                caption=f"{number}　{self.say(caption)}",
                columns=tuple(
                    Column(self.say(title), width, numeric) for title, width, numeric in columns
                ),
                rows=tuple(rows),
                note=self._origin(sources),
                total=total,
            )
        )

    def picture(self, caption: Text, chart: Chart, *sources: Source) -> None:
        """A chart, unless every bar of it is zero."""
        if not chart.shows_something:
            return
        self._pictures += 1
        number = self.say(Text(f"图{self._pictures}", f"Figure {self._pictures}"))
        parts = [
            f"{series.name} {category} {label}"
            for series in chart.series
            for category, label in zip(chart.categories, series.labels, strict=True)
        ]
        self.blocks.append(
            Picture(
                caption=f"{number}　{self.say(caption)}",
                chart=chart,
                alternative=self.say(
                    Text(
                        f"{caption.zh}：{'；'.join(part.strip() for part in parts)}",
                        f"{caption.en}: {'; '.join(part.strip() for part in parts)}",
                    )
                ),
                note=self._origin(sources),
            )
        )

    def annex(self, title: Text) -> None:
        """A new annex on a new page; the first one turns the pages on their side."""
        self.annexes.append(self.say(title))
        number = self.say(Text(f"附件{len(self.annexes)}", f"Annex {len(self.annexes)}"))
        self.blocks.append(Annex(f"{number}　{self.annexes[-1]}"))

    @property
    def attachments(self) -> tuple[str, ...]:
        """The list of the annexes, a line each."""
        first, more = self.say(Text("附件：", "Annexes: ")), self.say(Text("　　　", ""))
        return tuple(
            f"{more if at else first}{at + 1}. {title}" for at, title in enumerate(self.annexes)
        )

    def _origin(self, sources: Sequence[Source]) -> str:
        if not sources:
            return ""
        until = day(self.report.facts.on, self.language)
        names = self.names([self.say(SOURCES[source]) for source in sources])
        return self.say(
            Text(
                f"数据来源：{names}；数据截至{until}。",
                f"Source: {names}; as of {until}.",
            )
        )


SOURCES: dict[Source, Text] = {
    Source.DISTRICT: Text("区街登记", "register of streets"),
    Source.COMMUNITIES: Text("社区登记", "register of communities"),
    Source.HISTORY: Text("社区沿革记录", "records of the communities' history"),
    Source.POSTS: Text("岗位核定记录", "records of approved posts"),
    Source.STAFF: Text("工作人员登记", "register of staff"),
    Source.FUNDING_RATES: Text("经费标准", "funding rates"),
    Source.PAY: Text("工资标准", "pay standards"),
    Source.FACILITIES: Text("设施和建设项目登记", "register of facilities and projects"),
    Source.SERVICES: Text("服务阵地登记", "register of service points"),
    Source.SURVEY: Text("社区负担调查", "survey of the communities' burden"),
}
