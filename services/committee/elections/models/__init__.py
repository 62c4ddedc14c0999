"""Tables of elections."""

from services.committee.elections.models.ballots import (
    BallotBatch,
    CountSheet,
    MarkConflict,
    PollingStation,
    RollMark,
    SeatDecision,
)
from services.committee.elections.models.candidacies import (
    Candidate,
    Nomination,
    NominationSupporter,
    Proxy,
)
from services.committee.elections.models.election import (
    Election,
    ElectionCommitteeMember,
    ElectionFile,
    ElectionLogEntry,
    ElectionRound,
)
from services.committee.elections.models.roll import Elector, RollObjection

__all__ = [
    "BallotBatch",
    "Candidate",
    "CountSheet",
    "Election",
    "ElectionCommitteeMember",
    "ElectionFile",
    "ElectionLogEntry",
    "ElectionRound",
    "Elector",
    "MarkConflict",
    "Nomination",
    "NominationSupporter",
    "PollingStation",
    "Proxy",
    "RollMark",
    "RollObjection",
    "SeatDecision",
]
