"""Answers of statistics and feeds."""

from pydantic import BaseModel, Field


class StatisticsRow(BaseModel):
    """Matters of one community, street, category, place, channel or month. Days are medians from raising;
    scores run from 1 to 5 and `content` counts those of 4 and 5; what rests on too few answers is
    null."""

    key: str = Field(examples=["421002001001"])
    name: str = Field(examples=["航空路社区"])
    matters: int = Field(examples=[37])
    open: int = Field(examples=[4])
    closed: int = Field(examples=[30])
    overdue: int = Field(examples=[1])
    reopened: int = Field(examples=[2])
    supporters: int = Field(examples=[212])
    answered: int = Field(examples=[36])
    median_days_to_answer: float | None = Field(examples=[0.8])
    resulted: int = Field(examples=[33])
    median_days_to_result: float | None = Field(examples=[5.2])
    rated: int = Field(examples=[28])
    mean_score: float | None = Field(examples=[4.35])
    content: int | None = Field(examples=[24])


class Statistics(BaseModel):
    """What residents talked about, and what became of it. `small_cell` is the least number of
    answers of which a median, a mean or a count of the content is shown."""

    by: str = Field(examples=["community"])
    since: str = Field(examples=["2025-11-25"])
    until: str = Field(examples=["2026-11-25"])
    small_cell: int = Field(examples=[5])
    rows: list[StatisticsRow]


class FeedAuthor(BaseModel):
    """Of a feed: the community."""

    name: str = Field(examples=["航空路社区"])


class FeedItem(BaseModel):
    """One matter of a JSON Feed; text, never HTML."""

    id: str = Field(examples=["urn:uuid:0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"])
    url: str = Field(examples=["http://127.0.0.1:8000/v1/committee/hall/matters/…"])
    title: str = Field(examples=["3号楼门前路灯不亮"])
    content_text: str = Field(examples=["3号楼门前两盏路灯坏了半个多月。"])
    date_published: str = Field(examples=["2026-11-05T01:00:00+00:00"])
    date_modified: str = Field(examples=["2026-11-06T01:00:00+00:00"])
    tags: list[str] = Field(examples=[["公共设施", "办理中"]])


class JsonFeed(BaseModel):
    """A feed after JSON Feed 1.1 (jsonfeed.org)."""

    version: str = Field(examples=["https://jsonfeed.org/version/1.1"])
    title: str = Field(examples=["航空路社区居民说事"])
    home_page_url: str = Field(examples=["http://127.0.0.1:8000/v1/committee/hall/matters"])
    feed_url: str = Field(examples=["http://127.0.0.1:8000/v1/committee/hall/feed.json"])
    language: str = Field(examples=["zh-CN"])
    authors: list[FeedAuthor]
    items: list[FeedItem]
