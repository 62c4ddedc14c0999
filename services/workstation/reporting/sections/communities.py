"""（一）社区和岗位设立: communities by kind, their history, approved posts and the quota."""

from services.workstation.reporting.document import Chart, Series
from services.workstation.reporting.domain import Source, percent
from services.workstation.reporting.facts import CommunityKind, StreetKind
from services.workstation.reporting.figures.communities import without_posts
from services.workstation.reporting.figures.district import street_names
from services.workstation.reporting.figures.indicators import communities_below_quota, posts_due
from services.workstation.reporting.figures.posts import approved_posts
from services.workstation.reporting.wording import day, labels_of, number, signed
from services.workstation.reporting.writer import Writer
from shared.kernel.text import Text

KINDS: dict[CommunityKind, Text] = {
    CommunityKind.URBAN: Text("居民社区", "Residential"),
    CommunityKind.FACTORY: Text("厂居", "Factory"),
    CommunityKind.VILLAGE_CONVERTED: Text("村改居", "Converted village"),
    CommunityKind.SUBURBAN: Text("近郊社区", "Suburban"),
}


def write_communities(writer: Writer) -> None:
    """The section with its table by street."""
    writer.heading(2, Text("（一）社区和岗位设立", "1. Communities and posts"))
    if not writer.report.facts.communities:
        writer.paragraph(
            Text("全区社区和岗位设立情况无记录。", "There is no record of communities and posts."),
            _coming(writer),
        )
        return
    chart = _chart(writer)
    writer.paragraph(_present(writer, writer.see(chart)), _history(writer), _average(writer))
    writer.picture(
        Text("各街道（乡镇）社区数和类别", "Communities by street and kind"),
        chart,
        Source.COMMUNITIES,
    )
    writer.paragraph(_approval(writer), _coming(writer))
    writer.paragraph(_posts(writer), _quota(writer))
    _by_street(writer)


def _chart(writer: Writer) -> Chart:
    facts = writer.report.facts
    counts = {
        kind: tuple(
            sum(c.kind is kind and c.street == street.name for c in facts.communities)
            for street in facts.streets
        )
        for kind in KINDS
    }
    return Chart(
        categories=tuple(street.name for street in facts.streets),
        series=tuple(
            Series(name=writer.say(KINDS[kind]), values=values, labels=labels_of(values))
            for kind, values in counts.items()
            if any(values)
        ),
        axis=writer.say(Text("社区数（个）", "Communities")),
        stacked=True,
    )


def _present(writer: Writer, see: Text) -> Text:
    facts, shown = writer.report.facts, writer.shown
    streets = street_names(facts, StreetKind.STREET)
    townships = street_names(facts, StreetKind.TOWNSHIP)
    zh = f"全区现有社区{shown('communities.total')}个，分布在{len(streets)}个街道"
    zh += f"（{'、'.join(streets)}）" if streets else ""
    zh += f"和{'、'.join(townships)}" if townships else ""
    zh += f"，其中城市社区{shown('communities.urban')}个"
    zh += f"、乡镇村改居社区{shown('communities.village_converted')}个{see.zh}。"
    return Text(
        zh,
        f"The district has {shown('communities.total')} communities in "
        f"{', '.join((*streets, *townships)) or '—'}: {shown('communities.urban')} urban ones and "
        f"{shown('communities.village_converted')} converted villages of townships{see.en}.",
    )


def _history(writer: Writer) -> Text | None:
    if not writer.knows("communities.before_reform", "communities.adjustments"):
        return None
    before, rounds = (
        writer.shown("communities.before_reform"),
        writer.shown("communities.adjustments"),
    )
    now = writer.shown("communities.total")
    return Text(
        f"社区建设改革前全区有居民委员会{before}个，经{rounds}次合并、撤销和新建，"
        f"调整为现在的{now}个。",
        f"Before the reform there were {before} residents' committees; {rounds} rounds of mergers, "
        f"abolitions and foundings made them {now}.",
    )


def _average(writer: Writer) -> Text | None:
    if not writer.knows("communities.average_households"):
        return None
    average = writer.shown("communities.average_households")
    return Text(
        f"平均每个社区管辖{average}户。", f"A community has {average} households on average."
    )


def _approval(writer: Writer) -> Text:
    facts, shown = writer.report.facts, writer.shown
    missing = len(without_posts(facts))
    zh = (
        f"{shown('communities.urban')}个城市社区中，已核定岗位职数并拨付经费的"
        f"{shown('communities.funded_with_approved_posts')}个"
    )
    en = (
        f"Of the urban communities {shown('communities.funded_with_approved_posts')} have approved "
        "posts with money"
    )
    if not missing:
        return Text(f"{zh}。", f"{en}.")
    parts_zh, parts_en = [], []
    if factories := without_posts(facts, CommunityKind.FACTORY):
        streets = [
            f"{street}街道{count}个"
            for street in street_names(facts, StreetKind.STREET)
            if (count := sum(community.street == street for community in factories))
        ]
        parts_zh.append(f"厂居{len(factories)}个（{'、'.join(streets)}）")
        parts_en.append(f"{len(factories)} factory communities")
    for key, zh_kind, en_kind in (
        ("village", "村", "villages"),
        ("other", "其他社区", "other communities"),
    ):
        names = writer.report.figure(f"communities.not_approved.{key}").value
        if isinstance(names, tuple) and names:
            listed = [str(name) for name in names]
            parts_zh.append(f"{zh_kind}{len(listed)}个（{'、'.join(listed)}）")
            parts_en.append(f"{len(listed)} {en_kind} ({', '.join(listed)})")
    return Text(
        f"{zh}；尚未核定的{missing}个，包括{'，'.join(parts_zh)}。",
        f"{en}; {missing} have none: {', '.join(parts_en)}.",
    )


def _coming(writer: Writer) -> Text | None:
    names = writer.report.facts.history.about_to_be_approved
    if not names:
        return None
    return Text(
        f"另有即将批准成立的近郊社区{len(names)}个（{'、'.join(names)}）。",
        f"{len(names)} suburban communities are about to be approved ({', '.join(names)}).",
    )


def _posts(writer: Writer) -> Text:
    election, now = writer.report.facts.posts, approved_posts(writer.report.facts)
    if election is None:
        return Text(f"全区现核定社区岗位{now}个。", f"{now} posts are approved.")
    before = election.at_election
    change, grown = now - before, percent(abs(now - before), before) or "—"
    moved = Text(f"，增加{change}个，增幅{grown}", f", {change} more ({grown})")
    if change < 0:
        moved = Text(f"，减少{-change}个，降幅{grown}", f", {-change} fewer ({grown})")
    if change == 0:
        moved = Text("，没有增减", ", as many")
    return Text(
        f"{day(election.elected_on, 'zh')}社区换届选举时核定社区岗位{before}个，现为{now}个{moved.zh}。",
        f"At the election of {day(election.elected_on, 'en')} {before} posts were approved, now "
        f"{now}{moved.en}.",
    )


def _quota(writer: Writer) -> Text:
    facts, rules = writer.report.facts, writer.report.rules
    due = posts_due(facts, rules)
    gap = approved_posts(facts) - due
    below = communities_below_quota(facts, rules)
    table = writer.next_table
    more = Text("多", "more") if gap > 0 else Text("少", "fewer")
    compared = (
        Text(f"比标准{more.zh}{abs(gap)}个", f"{abs(gap)} {more.en}")
        if gap
        else Text("与标准持平", "as many")
    )
    short = (
        Text(f"核定数低于标准的社区{below}个", f"{below} communities have fewer than are due")
        if below
        else Text("没有社区低于标准", "no community has fewer than are due")
    )
    return Text(
        f"按户数分档标准，已核定岗位的社区应设岗位{due}个，实际核定数{compared.zh}，{short.zh}，"
        f"各街道情况见{table.zh}。",
        f"By households {due} posts are due where posts are approved; the approved ones are "
        f"{compared.en}, and {short.en} ({table.en}).",
    )


def _by_street(writer: Writer) -> None:
    facts = writer.report.facts
    rows = [_row(writer, street.name, street.name) for street in facts.streets]
    rows.append(_row(writer, None, writer.say(Text("合计", "Total"))))
    writer.table(
        Text("各街道（乡镇）社区和岗位情况", "Communities and posts by street"),
        (
            (Text("街道（乡镇）", "Street"), 5, False),
            (Text("社区", "Communities"), 4, True),
            (Text("其中厂居", "Factory"), 4, True),
            (Text("户数", "Households"), 4, True),
            (Text("核定岗位", "Approved posts"), 4, True),
            (Text("标准岗位", "Quota"), 4, True),
            (Text("差额", "Difference"), 4, True),
        ),
        rows,
        Source.COMMUNITIES,
        total=True,
    )


def _row(writer: Writer, street: str | None, title: str) -> tuple[str, ...]:
    facts = writer.report.facts
    there = [c for c in facts.communities if street is None or c.street == street]
    due = posts_due(facts, writer.report.rules, street)
    approved = approved_posts(facts, street)
    return (
        title,
        number(len(there)),
        number(sum(community.kind is CommunityKind.FACTORY for community in there)),
        number(sum(community.households for community in there)),
        number(approved),
        number(due),
        signed(approved - due),
    )
