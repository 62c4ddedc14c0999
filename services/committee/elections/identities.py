"""Identity numbers of electors: hashed under the election's secret, never kept. Pure."""

import hmac
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Protocol

from services.committee.elections.domain import Sex
from shared.kernel.identity_number import IdentityNumber, read_identity_number
from shared.kernel.issue import Issue


class Keyed(Protocol):
    """What holds the secret of an election."""

    secret: bytes


@dataclass(frozen=True, slots=True)
class Identity:
    """What an identity number says: its hash, birth and sex; or what is wrong with it."""

    hash: bytes = b""
    born_on: date = date.min
    sex: Sex = Sex.MALE
    issues: tuple[Issue, ...] = ()


def identity_of(election: Keyed, number: str, today: date, pointer: str) -> Identity:
    """Read an identity number for an election."""
    found = read_identity_number(number, today, pointer=pointer)
    if not isinstance(found, IdentityNumber):
        return Identity(issues=found)
    key = hmac.digest(election.secret, b"identity:" + found.number.encode(), sha256)
    return Identity(key, found.born, Sex(found.sex))


def salt_of(election: Keyed, kind: str, id: str) -> str:
    """The salt of an elector's, household's or group's line: 128 bits that nobody can guess who
    does not have the election's secret; 32 hexadecimal digits."""
    return hmac.digest(election.secret, f"{kind}:{id}".encode(), sha256).hex()[:32]
