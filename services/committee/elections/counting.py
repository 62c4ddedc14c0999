"""Whether a station's ballots and a count sheet add up, and how two sheets differ. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.kernel.issue import Issue
from shared.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Line:
    """What a sheet says of one contest: ballots by kind, and each candidate's votes."""

    contest: str
    valid: int
    blank: int
    void: int
    votes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """A contest as it stands on the ballot."""

    contest: str
    seats: int
    candidates: frozenset[str]


def station_issues(*, issued: int, marks: int, spoiled: int, unused: int) -> tuple[Issue, ...]:
    """Ballots given to a station are those handed to electors, spoiled, or left over."""
    if issued == marks + spoiled + unused:
        return ()
    return (
        Issue(
            code="ballots_do_not_add_up",
            pointer="/unused",
            detail=Text(
                zh=f"领到选票 {issued} 张，而发出 {marks} 张、作废更换 {spoiled} 张、剩余 {unused} 张，"
                f"合计 {marks + spoiled + unused} 张。",
                en=f"The station was given {issued} ballots; {marks} handed out, {spoiled} spoiled "
                f"and {unused} left over make {marks + spoiled + unused}.",
            ),
            remedy=Text(
                zh="请重新清点剩余和作废选票，核对是否有未录入的领票记录（含离线记录）。",
                en="Count the spoiled and the left-over ballots again, and see that all marks have "
                "been entered, those made offline too.",
            ),
        ),
    )


def sheet_issues(
    received: int, lines: Sequence[Line], asked: Sequence[Asked], *, marks: int
) -> tuple[Issue, ...]:
    """Everything in a count sheet that does not add up."""
    issues = []
    if received > marks:
        issues.append(_more_than_handed_out(received, marks))
    wanted = [one.contest for one in asked]
    if [line.contest for line in lines] != wanted:
        issues.append(_wrong_contests(wanted))
        return tuple(issues)
    for at, (line, one) in enumerate(zip(lines, asked, strict=True)):
        issues += _line_issues(received, line, one, f"/contests/{at}")
    return tuple(issues)


def repeated(persons: Sequence[object], pointer: str) -> tuple[Issue, ...]:
    """That somebody is listed twice: which of their votes would count?"""
    if len(set(persons)) == len(persons):
        return ()
    return (
        _wrong(
            "person_repeated",
            pointer,
            Text("同一人列了两次。", "Somebody is listed twice."),
        ),
    )


def differences(
    first: tuple[int, Sequence[Line]], second: tuple[int, Sequence[Line]]
) -> tuple[str, ...]:
    """JSON pointers of the figures in which two sheets differ."""
    found = [] if first[0] == second[0] else ["/received"]
    for at, (one, other) in enumerate(zip(first[1], second[1], strict=True)):
        for name in ("valid", "blank", "void"):
            if getattr(one, name) != getattr(other, name):
                found.append(f"/contests/{at}/{name}")
        persons = sorted(one.votes.keys() | other.votes.keys())
        found += [
            f"/contests/{at}/votes/{person}"
            for person in persons
            if one.votes.get(person) != other.votes.get(person)
        ]
    return tuple(found)


def _line_issues(received: int, line: Line, asked: Asked, pointer: str) -> list[Issue]:
    issues = []
    together = line.valid + line.blank + line.void
    if together != received:
        issues.append(
            _wrong(
                "sheet_does_not_add_up",
                pointer,
                Text(
                    f"有效 {line.valid} + 空白 {line.blank} + 无效 {line.void} = {together}，"
                    f"应等于收回的 {received} 张。",
                    f"Valid {line.valid} + blank {line.blank} + void {line.void} make {together} "
                    f"and must be the {received} received.",
                ),
            )
        )
    if line.votes.keys() != asked.candidates:
        issues.append(
            _wrong(
                "sheet_candidates",
                f"{pointer}/votes",
                Text(
                    "须列出该职务的全部候选人，且不得有其他人。",
                    "Every candidate of the contest is listed, and nobody else.",
                ),
            )
        )
    for person, votes in line.votes.items():
        if votes > line.valid:
            issues.append(
                _wrong(
                    "more_votes_than_ballots",
                    f"{pointer}/votes/{person}",
                    Text(
                        f"得票 {votes} 多于有效票 {line.valid}。",
                        f"{votes} votes are more than the {line.valid} valid ballots.",
                    ),
                )
            )
    total, most = sum(line.votes.values()), line.valid * asked.seats
    if total > most:
        issues.append(
            _wrong(
                "more_votes_than_seats",
                f"{pointer}/votes",
                Text(
                    f"得票合计 {total} 多于有效票与应选名额之积 {most}；选举人数多于应选名额的选票无效。",
                    f"{total} votes in all are more than valid ballots times seats, {most}; a "
                    "ballot with more choices than seats is void.",
                ),
            )
        )
    return issues


def _more_than_handed_out(received: int, marks: int) -> Issue:
    return Issue(
        code="more_received_than_handed_out",
        pointer="/received",
        detail=Text(
            zh=f"收回 {received} 张，多于发出的 {marks} 张。",
            en=f"{received} ballots were received and {marks} handed out.",
        ),
        remedy=Text(
            zh="请重新清点；如确属多出，由居民选举委员会决定该票箱作废（stations/{id}/voiding）。",
            en="Count again; if there are more indeed, the election committee voids the box "
            "(stations/{id}/voiding).",
        ),
    )


def _wrong_contests(wanted: Sequence[str]) -> Issue:
    return _wrong(
        "sheet_contests",
        "/contests",
        Text(f"须依次填写：{'、'.join(wanted)}。", f"Fill in, in this order: {', '.join(wanted)}."),
    )


def _wrong(code: str, pointer: str, detail: Text) -> Issue:
    return Issue(
        code=code,
        pointer=pointer,
        detail=detail,
        remedy=Text("请对照纸质计票表核对。", "Check it against the sheet on paper."),
    )
