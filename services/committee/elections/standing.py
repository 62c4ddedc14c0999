"""Who may be registered, nominate and hold a proxy (组织法 16, 18, 19). Pure."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.committee.elections.calendar import age_on, months_before
from services.committee.elections.domain import Basis, Form
from shared.kernel.issue import Issue
from shared.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who says that they take part. `works_here_since` is a community worker's first day
    of work; `rights` are the political rights."""

    born_on: date
    basis: Basis
    rights: bool
    works_here_since: date | None


def registration_issues(
    applicant: Applicant, *, election_day: date, age: int, months: int
) -> tuple[Issue, ...]:
    """Why somebody is no elector; age and months of work are judged on election day."""
    issues = []
    has = age_on(applicant.born_on, election_day)
    if has < age:
        issues.append(
            Issue(
                code="too_young",
                detail=Text(
                    zh=f"选举日 {election_day} 未满 {age} 周岁（组织法第十六条）。",
                    en=f"On election day, {election_day}, the person is younger than {age} "
                    "(组织法 16).",
                ),
                remedy=Text(
                    zh="请核对身份证号；年满后参加下一次选举。",
                    en="Check the ID number; the person votes in the next election.",
                ),
            )
        )
    if not applicant.rights:
        issues.append(
            Issue(
                code="deprived_of_rights",
                detail=Text(
                    zh="依照法律被剥夺政治权利（组织法第十六条）。",
                    en="The person is deprived of political rights by law (组织法 16).",
                ),
                remedy=Text(
                    zh="请核对判决书的起止日期。", en="Check the days in the court's judgment."
                ),
            )
        )
    if applicant.basis is Basis.COMMUNITY_WORKER:
        latest = months_before(election_day, months)
        since = applicant.works_here_since
        if since is None or since > latest:
            issues.append(
                Issue(
                    code="worked_too_short",
                    pointer="/works_here_since",
                    detail=Text(
                        zh=f"户籍不在本社区的社区工作者须在本社区工作满 {months} 个月，"
                        f"即不晚于 {latest} 开始（组织法第十六条）。",
                        en=f"A community worker registered elsewhere must have worked here for "
                        f"{months} months, from {latest} or before (组织法 16).",
                    ),
                    remedy=Text(zh="请核对入职日期。", en="Check the day on which the work began."),
                )
            )
    return tuple(issues)


def nominator_issues(
    numbers: Sequence[int], known: Collection[int], *, least: int
) -> tuple[Issue, ...]:
    """What is wrong with the electors who nominate together: unknown, repeated, too few."""
    issues = []
    counted = Counter(numbers)
    for at, number in enumerate(numbers):
        pointer = f"/nominators/{at}"
        if number not in known:
            issues.append(unknown_elector(number, pointer))
        elif counted[number] > 1 and numbers.index(number) != at:
            issues.append(
                Issue(
                    code="nominator_repeated",
                    pointer=pointer,
                    detail=Text(zh=f"{number} 号重复。", en=f"Number {number} is repeated."),
                    remedy=Text(zh="每名选民只写一次。", en="Name each elector once."),
                )
            )
    valid = len(set(numbers) & set(known))
    if valid < least:
        issues.append(
            Issue(
                code="too_few_nominators",
                pointer="/nominators",
                detail=Text(
                    zh=f"有效联名选民 {valid} 名，须 {least} 名以上（组织法第十八条）。",
                    en=f"{valid} electors nominate and {least} have to (组织法 18).",
                ),
                remedy=Text(zh="请补足联名选民。", en="Add electors who nominate."),
            )
        )
    return tuple(issues)


def proxy_issues(
    *,
    form: Form,
    same: bool,
    holder_stands: bool,
    principal_votes: bool,
    holder_gave_one: bool,
    principal_holds: bool,
) -> tuple[Issue, ...]:
    """Why a proxy is not taken (组织法 19); how many a holder may have is counted elsewhere."""
    found: Mapping[str, tuple[bool, str, Text, Text]] = {
        "no_proxies_for_representatives": (
            form is Form.RESIDENT_REPRESENTATIVES,
            "",
            Text(
                "采取居民代表选举方式的，不实行委托投票（组织法第十九条）。",
                "Where the representatives vote there are no proxies (组织法 19).",
            ),
            Text("请居民代表本人投票。", "The representative votes in person."),
        ),
        "proxy_to_oneself": (
            same,
            "/holder",
            Text("不能委托自己。", "Nobody holds their own proxy."),
            Text("请写另一名选民的编号。", "Give another elector's number."),
        ),
        "candidate_holds_no_proxy": (
            holder_stands,
            "/holder",
            Text(
                "候选人不得接受委托投票（组织法第十九条）。",
                "A candidate may not hold a proxy (组织法 19).",
            ),
            Text("请另行委托其他选民。", "Entrust another elector."),
        ),
        "principal_does_not_vote": (
            not principal_votes,
            "/principal",
            Text("委托人没有投票权。", "The principal does not vote."),
            Text("请核对选民编号。", "Check the elector's number."),
        ),
        "holder_gave_a_proxy": (
            holder_gave_one,
            "/holder",
            Text("受托人自己已委托他人投票。", "The holder has given a proxy."),
            Text("请委托到场投票的选民。", "Entrust somebody who votes in person."),
        ),
        "principal_holds_a_proxy": (
            principal_holds,
            "/principal",
            Text(
                "委托人已接受他人委托，不能再委托他人。",
                "The principal holds a proxy and cannot give one.",
            ),
            Text("请先撤销其接受的委托。", "Revoke the proxies that they hold first."),
        ),
    }
    return tuple(
        Issue(code=code, pointer=pointer, detail=detail, remedy=remedy)
        for code, (stands, pointer, detail, remedy) in found.items()
        if stands
    )


def unknown_elector(number: int, pointer: str) -> Issue:
    """A number that is nobody's on the roll."""
    return Issue(
        code="elector_unknown",
        pointer=pointer,
        detail=Text(
            zh=f"名单中没有 {number} 号选民。", en=f"No elector of number {number} is on the roll."
        ),
        remedy=Text(zh="请核对选民编号。", en="Check the elector's number."),
    )
