"""The public election log: entries chained by their hashes, the canonical roll, one export file.

The format is specified in docs/election-log.md; `./shequ verify-election` reads it on its own.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeAlias

FORMAT = "shequ-election-log/1"
GENESIS = "0" * 64
INTEGER_MAX = 2**53 - 1

Json: TypeAlias = "bool | int | str | Sequence[Json] | Mapping[str, Json] | None"


class Kind(StrEnum):
    """What an entry records; the fields of each kind's body are in docs/election-log.md."""

    OPENED = "opened"
    ELECTION_COMMITTEE = "election_committee"
    ELECTION_COMMITTEE_CHANGED = "election_committee_changed"
    REGISTRATION_CLOSED = "registration_closed"
    ROLL_PUBLISHED = "roll_published"
    OBJECTION_DECIDED = "objection_decided"
    ROLL_FROZEN = "roll_frozen"
    ROLL_CHANGED = "roll_changed"
    NOMINATED = "nominated"
    NOMINATION_DECIDED = "nomination_decided"
    CANDIDATES_PUBLISHED = "candidates_published"
    CANDIDATE_WITHDRAWN = "candidate_withdrawn"
    WRITTEN_IN = "written_in"
    ELECTORS_MET = "electors_met"
    PROXIES_PUBLISHED = "proxies_published"
    STATIONS_PUBLISHED = "stations_published"
    BALLOTS_ISSUED = "ballots_issued"
    STATION_CLOSED = "station_closed"
    STATION_VOIDED = "station_voided"
    MARKS_RECONCILED = "marks_reconciled"
    COUNT_SHEET = "count_sheet"
    COUNT_AGREED = "count_agreed"
    SEATS_DECIDED = "seats_decided"
    RESULT = "result"
    FURTHER_BALLOT = "further_ballot"
    POSTPONED = "postponed"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    ANNULLED = "annulled"


class NotCanonical(ValueError):
    """A value has no canonical form: a float, an integer past 2^53 - 1, a key that is not ASCII."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a log. `at` is written to the second in UTC; `previous` is the hash before."""

    sequence: int
    previous: str
    kind: Kind
    at: str
    body: Mapping[str, Json]
    hash: str

    def as_json(self) -> dict[str, Json]:
        """The entry as it stands in the export."""
        hashed = _hashed(self.sequence, self.previous, self.kind, self.at, self.body)
        return {**hashed, "hash": self.hash}


@dataclass(frozen=True, slots=True)
class RollLine:
    """One elector of the canonical roll, without personal data.

    `number` is drawn at random in this election, `commitment` is that of the elector, `unit` that
    of the household or group for whom they vote (None: they vote for themselves, or not at all).
    """

    number: int
    commitment: str
    unit: str | None = None

    def as_json(self) -> dict[str, Json]:
        """The line as it stands in the export and in entries that change the roll."""
        return {"number": self.number, "commitment": self.commitment, "unit": self.unit}


def canonical(value: Json) -> bytes:
    """The one way to write a value (RFC 8785, without floats): keys sorted, no spaces, UTF-8.

    Raises NotCanonical.
    """
    _check(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("a text with half a surrogate pair") from error


def digest(value: Json) -> str:
    """SHA-256 of a value's canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def append(
    last: Entry | tuple[int, str] | None, kind: Kind, at: datetime, body: Mapping[str, Json]
) -> Entry:
    """The next entry after the last one (or its sequence and hash), the first after None."""
    if isinstance(last, Entry):
        last = (last.sequence, last.hash)
    sequence, previous = (0, GENESIS) if last is None else (last[0] + 1, last[1])
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    hashed = digest(_hashed(sequence, previous, kind, moment, body))
    return Entry(sequence, previous, kind, moment, body, hashed)


def new_salt() -> str:
    """128 random bits that keep a commitment from being guessed, 32 hexadecimal digits."""
    return secrets.token_hex(16)


def commitment(salt: str, *facts: str) -> str:
    """What binds a line of the roll to a person or household without naming them.

    Who holds the salt and the facts (the elector, the election committee) can show what the line
    stands for; nobody else can find it out.
    """
    return digest([salt, *facts])


def roll_hash(lines: Iterable[RollLine]) -> str:
    """The hash of the canonical roll: its lines by number."""
    return digest([line.as_json() for line in sorted(lines, key=lambda line: line.number)])


def export(roll: Iterable[RollLine], entries: Sequence[Entry]) -> bytes:
    """The export file: the roll as it was frozen (none before), all entries, the head."""
    lines = sorted(roll, key=lambda line: line.number)
    return canonical(
        {
            "format": FORMAT,
            "roll": [line.as_json() for line in lines],
            "entries": [entry.as_json() for entry in entries],
            "head": {"entries": len(entries), "hash": entries[-1].hash if entries else GENESIS},
        }
    )


def _hashed(
    sequence: int, previous: str, kind: Kind, at: str, body: Mapping[str, Json]
) -> dict[str, Json]:
    return {
        "sequence": sequence,
        "previous": previous,
        "kind": kind.value,
        "at": at,
        "body": body,
    }


def _check(value: Json) -> None:
    if isinstance(value, float):
        raise NotCanonical("a float")
    if isinstance(value, int) and abs(value) > INTEGER_MAX:
        raise NotCanonical("an integer past 2^53 - 1")
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise NotCanonical("a key that is not an ASCII text")
            _check(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _check(item)
    elif value is not None and not isinstance(value, (str, int)):
        raise NotCanonical(f"a {type(value).__name__}")
