"""The words of elections."""

from dataclasses import dataclass
from enum import StrEnum

from shared.kernel.text import Text


class Form(StrEnum):
    """Who votes (组织法 14): all electors, one representative a household, or the residents'
    representatives."""

    ALL_ELECTORS = "all_electors"
    HOUSEHOLD_REPRESENTATIVES = "household_representatives"
    RESIDENT_REPRESENTATIVES = "resident_representatives"

    @property
    def voters(self) -> Text:
        """Who votes, for people."""
        return _VOTERS[self]


_VOTERS = {
    Form.ALL_ELECTORS: Text("选民", "electors"),
    Form.HOUSEHOLD_REPRESENTATIVES: Text("户的代表", "household representatives"),
    Form.RESIDENT_REPRESENTATIVES: Text("居民代表", "resident representatives"),
}


class ElectionKind(StrEnum):
    """Renewal of the whole committee 换届, or a by-election 补选 for vacant offices (组织法 24)."""

    GENERAL = "general"
    BY_ELECTION = "by_election"


class Office(StrEnum):
    """The offices: 主任、副主任、委员."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    MEMBER = "member"

    @property
    def label(self) -> Text:
        """Its name for people."""
        return _OFFICES[self]


_OFFICES = {
    Office.CHAIR: Text("主任", "chair"),
    Office.VICE_CHAIR: Text("副主任", "vice chair"),
    Office.MEMBER: Text("委员", "member"),
}


@dataclass(frozen=True, slots=True)
class Contest:
    """Seats of one office that are voted on together; `name` is its name in the log."""

    name: str
    office: Office
    seats: int
    women_only: bool = False


class Nature(StrEnum):
    """By which majority a round elects: the first ballot, or a second one 另行选举. A repeated
    round has the nature of the one that it repeats."""

    FIRST = "first"
    SECOND = "second_ballot"


class Further(StrEnum):
    """Why there is a further round."""

    SECOND_BALLOT = "second_ballot"
    REPEAT = "repeat"


class Sex(StrEnum):
    """As in the household register."""

    MALE = "male"
    FEMALE = "female"


class Basis(StrEnum):
    """On what somebody is registered (组织法 16): household register here 户籍, usual residence
    here 常住, or a community worker of six months who applied 社区工作者."""

    HOUSEHOLD_REGISTER = "household_register"
    USUAL_RESIDENCE = "usual_residence"
    COMMUNITY_WORKER = "community_worker"


class Channel(StrEnum):
    """How a ballot is handed out. `electronic` is the place of sealed electronic ballots, which
    the rule `election.online_channel` keeps switched off."""

    PAPER = "paper"
    PROXY = "proxy"
    ELECTRONIC = "electronic"


class StationKind(StrEnum):
    """A polling station 投票站, or a mobile box 流动票箱 for who cannot come."""

    STATION = "station"
    MOBILE_BOX = "mobile_box"


class NominationState(StrEnum):
    """Where a nomination stands: qualified by the election committee, then accepted by the
    person."""

    SUBMITTED = "submitted"
    QUALIFIED = "qualified"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> Text:
        """Its name for people."""
        return _NOMINATIONS[self]


_NOMINATIONS = {
    NominationState.SUBMITTED: Text("待资格审查", "waiting for its review"),
    NominationState.QUALIFIED: Text("已通过审查、待本人接受", "qualified and not answered yet"),
    NominationState.ACCEPTED: Text("已由本人接受", "accepted"),
    NominationState.REFUSED: Text("未通过或本人不接受", "refused"),
    NominationState.WITHDRAWN: Text("已撤回", "withdrawn"),
}


class Nominator(StrEnum):
    """Who nominates (组织法 18)."""

    PARTY = "party"
    ELECTORS = "electors"


class Ground(StrEnum):
    """Why somebody is not a candidate: excluded by 组织法 18, or declined."""

    EXPELLED_FROM_PARTY = "expelled_from_party"
    CRIMINAL_PUNISHMENT = "criminal_punishment"
    ORGANISED_CRIME = "organised_crime"
    ILLEGAL_RELIGION_OR_CULT = "illegal_religion_or_cult"
    LOST_RIGHTS = "lost_rights"
    DECLINED = "declined"


class CommitteePost(StrEnum):
    """A place in the residents' election committee 居民选举委员会 (组织法 15). Alternates succeed
    in the order of the result by which they were chosen."""

    CHAIR = "chair"
    VICE_CHAIR = "vice_chair"
    MEMBER = "member"
    ALTERNATE = "alternate"


class Withdrawal(StrEnum):
    """Why somebody leaves the election committee (组织法 15)."""

    NOMINATED = "nominated"
    KIN_NOMINATED = "kin_nominated"
    OTHER = "other"


class RollChange(StrEnum):
    """Why the roll is changed after it was frozen."""

    DEATH = "death"
    MOVED = "moved"
    RIGHTS = "rights"
    OMISSION = "omission"
    DECISION = "decision"


class ObjectionState(StrEnum):
    """Where an objection to the roll stands."""

    RAISED = "raised"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
