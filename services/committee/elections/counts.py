"""Count sheets: two by two counters, entered by two persons, with a photograph each (组织法 19)."""

from collections.abc import AsyncIterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.committee.elections import repository
from services.committee.elections.acting import Act
from services.committee.elections.chain import Kind
from services.committee.elections.counting import Asked, Line, differences, repeated, sheet_issues
from services.committee.elections.issues import require_state
from services.committee.elections.journal import log
from services.committee.elections.models import (
    CountSheet,
    Election,
    ElectionFile,
    PollingStation,
)
from services.committee.elections.outcome import contests_of
from services.committee.elections.procedure import State
from shared.files.checking import CheckedFile
from shared.files.store import FileStore
from shared.kernel.errors import Conflict, Invalid
from shared.kernel.ids import new_id
from shared.kernel.issue import Issue, issue
from shared.kernel.text import Text


async def keep_file(
    act: Act, election: Election, files: FileStore, checked: CheckedFile
) -> ElectionFile:
    """Keep a photograph or document of an election."""

    async def content() -> AsyncIterator[bytes]:
        yield checked.content

    id = new_id()
    stored = await files.put(f"{election.district}/elections/{election.id}/{id}", content())
    made = ElectionFile(
        district=election.district,
        id=id,
        election_id=election.id,
        name=checked.name,
        media_type=checked.media_type,
        size=stored.size,
        sha256=stored.sha256,
        key=stored.key,
        scanned=checked.scanned,
        uploaded_by=act.actor.id,
    )
    act.session.add(made)
    await act.note(election, "file_kept", id, sha256=stored.sha256)
    return made


async def enter(act: Act, election: Election, values: Mapping[str, Any]) -> CountSheet:
    """Enter one of a station's two sheets, once nobody votes any more. The first is not shown to
    whoever enters the second; with the second both are compared: equal, they agree; else both are
    kept and two new ones are entered. Raises Invalid where a sheet does not add up, Conflict for
    the same person twice."""
    require_state(election, State.COUNTING)
    station = await repository.station(act.session, election, values["station_id"])
    if station.agreed or station.voided_because is not None:
        raise _not_counting(station)
    round = await repository.round_of(act.session, election)
    candidates = await repository.candidates(act.session, election.id, election.round)
    asked = [
        Asked(
            contest.name,
            contest.seats,
            frozenset(str(row.person_id) for row in candidates if row.contest == contest.name),
        )
        for contest in contests_of(round.contests)
    ]
    lines = [_line(one) for one in values["contests"]]
    marks = await repository.counted(act.session, repository.marks_at(station.id))
    issues = list(sheet_issues(values["received"], lines, asked, marks=marks))
    for at, one in enumerate(values["contests"]):
        issues += repeated([vote["person"] for vote in one["votes"]], f"/contests/{at}/votes")
    issues += await _counter_issues(act, election, station, values["counted_by"])
    photograph = await act.session.scalar(
        select(ElectionFile).where(
            ElectionFile.election_id == election.id, ElectionFile.id == values["photograph_id"]
        )
    )
    if photograph is None or not photograph.media_type.startswith("image/"):
        issues.append(_no_photograph())
    if issues:
        raise Invalid(issues=issues)
    other = await act.session.scalar(
        select(CountSheet).where(
            CountSheet.station_id == station.id, CountSheet.attempt == station.attempt
        )
    )
    if other is not None:
        _require_two_persons(other, act, values)
    await _require_own_photograph(act, values["photograph_id"])
    made = CountSheet(
        district=election.district,
        id=new_id(),
        election_id=election.id,
        station_id=station.id,
        attempt=station.attempt,
        sheet="A" if other is None else "B",
        counted_by=values["counted_by"],
        entered_by=act.actor.id,
        received=values["received"],
        contests=[_stored(line) for line in lines],
        photograph_id=values["photograph_id"],
    )
    act.session.add(made)
    await act.note(election, "count_sheet_entered", station.id, sheet=made.sheet)
    if other is not None:
        await _compare(act, election, station, other, made)
    return made


async def _compare(
    act: Act, election: Election, station: PollingStation, first: CountSheet, second: CountSheet
) -> None:
    entries = [await _log_sheet(act, election, station, sheet) for sheet in (first, second)]
    differ = bool(sheet_differences(first, second))
    first.differs = second.differs = differ
    if differ:
        station.attempt += 1
        return
    station.agreed = True
    body = {
        "round": election.round,
        "station": station.code,
        "a": entries[0],
        "b": entries[1],
    }
    await log(act, election, Kind.COUNT_AGREED, body)


def sheet_differences(first: CountSheet, second: CountSheet) -> tuple[str, ...]:
    """JSON pointers of the figures in which two sheets differ."""
    return differences(
        (first.received, [_line(one) for one in first.contests]),
        (second.received, [_line(one) for one in second.contests]),
    )


async def _log_sheet(
    act: Act, election: Election, station: PollingStation, sheet: CountSheet
) -> int:
    photograph = await act.session.get_one(ElectionFile, (election.district, sheet.photograph_id))
    entry = await log(
        act,
        election,
        Kind.COUNT_SHEET,
        {
            "round": election.round,
            "station": station.code,
            "sheet": sheet.sheet,
            "counted_by": str(sheet.counted_by),
            "received": sheet.received,
            "contests": sheet.contests,
            "photograph": photograph.sha256,
        },
    )
    return entry.sequence


async def _counter_issues(
    act: Act, election: Election, station: PollingStation, person: UUID
) -> list[Issue]:
    known = {one["person"] for one in station.scrutineers}
    known |= {
        str(one.id)
        for one in await repository.members(act.session, election)
        if one.left_on is None and one.post != "alternate"
    }
    if str(person) in known:
        return []
    return [
        Issue(
            code="not_a_counter",
            pointer="/counted_by",
            detail=Text(
                "计票人须是该站的监票人或居民选举委员会成员。",
                "The counter is a scrutineer of the station or of the election committee.",
            ),
            remedy=Text(
                "请填写 stations 或 committee 中的编号。",
                "Give an id that `stations` or `committee` lists.",
            ),
        )
    ]


async def _require_own_photograph(act: Act, id: UUID) -> None:
    query = select(CountSheet.id).where(CountSheet.photograph_id == id).limit(1)
    if await act.session.scalar(query) is not None:
        raise Invalid(issues=(_another_photograph(),))


def _require_two_persons(other: CountSheet, act: Act, values: Mapping[str, Any]) -> None:
    if other.entered_by == act.actor.id or other.counted_by == values["counted_by"]:
        entered = other.entered_by == act.actor.id
        same = Text("录入人", "entered") if entered else Text("计票人", "counted")
        raise Conflict(
            code="two_persons_needed",
            detail=Text(
                zh=f"同一投票站的两份计票表须由两人分别计票、两人分别录入：第一份的{same.zh}与本份相同。"
                "请由另一人办理。",
                en="The two sheets of a station are counted by two persons and entered by two; the "
                f"first one was {same.en} by the same person. Have somebody else do it.",
            ),
        )


def _line(stored: Mapping[str, Any]) -> Line:
    votes = {str(one["person"]): one["votes"] for one in stored["votes"]}
    return Line(stored["contest"], stored["valid"], stored["blank"], stored["void"], votes)


def _stored(line: Line) -> dict[str, Any]:
    return {
        "contest": line.contest,
        "valid": line.valid,
        "blank": line.blank,
        "void": line.void,
        "votes": [{"person": person, "votes": line.votes[person]} for person in sorted(line.votes)],
    }


def _no_photograph() -> Issue:
    return Issue(
        code="photograph_missing",
        pointer="/photograph_id",
        detail=Text("须附计票表照片。", "A photograph of the sheet is attached."),
        remedy=Text(
            "请先上传照片（files），再填写其编号。", "Send the photograph (files) and give its id."
        ),
    )


def _another_photograph() -> Issue:
    return issue(
        "photograph_used",
        "/photograph_id",
        "这张照片已附在另一份计票表上。",
        "This photograph belongs to another sheet.",
        "请拍摄并上传本份计票表的照片（files）。",
        "Take and send one of this sheet (files).",
    )


def _not_counting(station: PollingStation) -> Conflict:
    why = (
        Text("票箱已作废，不再计票。", "its box is void and is not counted.")
        if station.voided_because is not None
        else Text(
            "两份计票表已经一致，不再录入；有疑问的请查阅 count-sheets。",
            "its two sheets agree and no more are entered; see count-sheets.",
        )
    )
    return Conflict(
        code="not_counting",
        detail=Text(f"投票站 {station.code}：{why.zh}", f"Station {station.code}: {why.en}"),
    )
