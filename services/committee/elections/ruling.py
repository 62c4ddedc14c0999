"""The rules of an election, as they were in force for its day when it was resolved upon. Pure.

They are kept with the election and stand in the first entry of its log, so that a later change of
the rules does not reach into a running election.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from services.committee.elections.calendar import Periods
from services.committee.elections.domain import Form
from services.committee.elections.lawful import rule_issues
from services.committee.elections.round import DecidingRules, OnOverElection, WomanRule
from shared.kernel.errors import Conflict
from shared.kernel.issue import VERIFIED, RuleApplied
from shared.kernel.text import Text
from shared.rulebook.rulebook import Rulebook

IN_LOG = {
    "turnout": "election.turnout",
    "elected": "election.elected",
    "second_ballot_floor": "election.second_ballot_floor",
    "roll_published_days": "election.roll_published_days_before",
    "objection_days": "election.roll_objection_days",
    "objection_decision_days": "election.roll_decision_days",
    "joint_nomination_min": "election.joint_nomination_electors_min",
    "proxies_max": "election.proxy_max_per_holder",
    "scrutineers_min": "election.scrutineers_min",
    "candidates_margin": "election.candidates_margin_min",
    "second_ballot_margin": "election.second_ballot_margin",
    "woman": "election.woman_member",
    "over_election": "election.over_election",
    "write_ins": "election.write_ins",
}
"""The rules that stand in the log, by their names there (docs/election-log.md)."""
UNVERIFIED = "（默认值，未核实）"
_KEYS = {
    **IN_LOG,
    "elector_age": "election.elector_age",
    "worker_months": "election.worker_months_for_non_resident",
    "mobile_boxes": "election.mobile_boxes",
    "online_channel": "election.online_channel",
    "handover_days": "organisation.handover_days",
    "seats_min": "organisation.members_min",
    "seats_max": "organisation.members_max",
}


def rules_on(rulebook: Rulebook, district: str, day: date, form: Form) -> dict[str, Any]:
    """The rules in force on an election day, as they are kept with the election.

    Raises NoRuleInForce for a day before the law is in force, Conflict `rules_unfit` where the
    district's own values cannot be used or are laxer than the law.
    """
    found = _on(rulebook, district, day, form)
    issues = rule_issues(found, _on(rulebook, None, day, form))
    if issues:
        raise Conflict(
            code="rules_unfit",
            detail=Text(
                zh="本区的选举规定有误，不能据以组织选举。请按 errors 更正后再办理。",
                en="The district's rules of elections are faulty, so none can be held by them. Have "
                "them mended as `errors` says.",
            ),
            issues=issues,
        )
    return {
        name: {
            "value": rule.value,
            "source": rule.source,
            "in_force_from": rule.in_force_from.isoformat(),
            "certainty": rule.certainty,
        }
        for name, rule in found.items()
    }


def _on(rulebook: Rulebook, district: str | None, day: date, form: Form) -> dict[str, RuleApplied]:
    """The rules of a district on a day, None: those of all, as they hold for a form."""
    found = {name: rulebook.lookup(key, district, day).applied for name, key in _KEYS.items()}
    by_form = found["turnout"].value
    turnout = by_form.get(form) if isinstance(by_form, Mapping) else None
    found["turnout"] = replace(found["turnout"], value=turnout)
    if form is Form.RESIDENT_REPRESENTATIVES:
        found["proxies_max"] = replace(found["proxies_max"], value=0)
    return found


@dataclass(frozen=True, slots=True)
class Ruling:
    """The kept rules of an election, read."""

    kept: Mapping[str, Mapping[str, Any]]

    def value(self, name: str) -> Any:
        """A rule's value."""
        return self.kept[name]["value"]

    def integer(self, name: str) -> int:
        """A rule's value that is an integer."""
        return int(self.value(name))

    def applied(self, *names: str) -> tuple[RuleApplied, ...]:
        """Rules as a decision cites them."""
        return tuple(
            RuleApplied(
                _KEYS[name],
                self.value(name),
                self.kept[name]["source"],
                date.fromisoformat(self.kept[name]["in_force_from"]),
                self.kept[name].get("certainty", "memory"),
            )
            for name in names
        )

    @property
    def in_log(self) -> dict[str, Any]:
        """Those that stand in the log; a source says where nobody has verified the value."""
        applied = zip(IN_LOG, self.applied(*IN_LOG), strict=True)
        return {
            name: {
                "value": rule.value,
                "source": rule.source + ("" if rule.certainty in VERIFIED else UNVERIFIED),
                "in_force_from": rule.in_force_from.isoformat(),
            }
            for name, rule in applied
        }

    @property
    def periods(self) -> Periods:
        """The statutory periods."""
        return Periods(
            published_before=self.integer("roll_published_days"),
            objections=self.integer("objection_days"),
            decisions=self.integer("objection_decision_days"),
            handover=self.integer("handover_days"),
        )

    @property
    def deciding(self) -> DecidingRules:
        """By what a round is decided."""
        return DecidingRules(
            turnout=Fraction(self.value("turnout")),
            elected=Fraction(self.value("elected")),
            second_ballot_floor=Fraction(self.value("second_ballot_floor")),
            second_ballot_margin=self.integer("second_ballot_margin"),
            over_election=OnOverElection(self.value("over_election")),
            woman=WomanRule(self.value("woman")),
        )
