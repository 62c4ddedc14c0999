"""Why a round counts for nothing (组织法 19). Pure."""

from fractions import Fraction

from services.committee.elections.domain import Nature
from services.committee.elections.round import DecidingRules, Round, exceeds
from shared.kernel.issue import Issue
from shared.kernel.text import Text


def invalidity(counted: Round, rules: DecidingRules) -> tuple[Issue, ...]:
    """Every reason for which a round counts for nothing (组织法 19; ballots beyond voters: 民发
    〔2013〕76号)."""
    issues = []
    if counted.participants > counted.marked:
        issues.append(_more_ballots_than_voters(counted))
    turned_out = exceeds(counted.participants, rules.turnout, counted.entitled)
    if counted.nature is Nature.FIRST and not turned_out:
        issues.append(_too_few_voted(counted, rules.turnout))
    return tuple(issues)


def _more_ballots_than_voters(counted: Round) -> Issue:
    return Issue(
        code="ballots_exceed_voters",
        detail=Text(
            zh=f"票箱中有 {counted.participants} 张选票，多于领票的 {counted.marked} 人，选举无效。",
            en=f"{counted.participants} ballots lay in the boxes and {counted.marked} persons were "
            "given one; the round is void.",
        ),
        remedy=Text(zh="请查明原因后重新组织投票。", en="Find out why, and vote again."),
    )


def _too_few_voted(counted: Round, share: Fraction) -> Issue:
    need = counted.entitled * share.numerator // share.denominator + 1
    whom = counted.form.voters
    return Issue(
        code="turnout",
        detail=Text(
            zh=f"{whom.zh} {counted.entitled} 人，参加投票 {counted.participants} 人，未超过 {share}，"
            f"选举无效（组织法第十九条）；至少须有 {need} 人投票。",
            en=f"Of {counted.entitled} {whom.en} {counted.participants} voted, which is not more "
            f"than {share}; the round is void (组织法 19). {need} have to vote.",
        ),
        remedy=Text(zh="请另定选举日，重新组织投票。", en="Set another day and vote again."),
    )
