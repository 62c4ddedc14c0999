"""Committees, what belongs to them, and volunteers."""

from typing import Any

from tests.journeys.asks.asking import PUBLIC, REASON, STALE, Ask, At, C, Cast, has, listing

NOBODY = "0199f3c2-a7d0-7b6e-8c0a-4d2f1b3e5a79"
LATER = "2099-01-01"
MEETING = {
    "kind": "representatives_meeting",
    "held_on": "2026-10-15",
    "entitled": 30,
    "present": 30,
    "in_favour": 30,
    "document": "权限测试纪要",
}


def prepare(cast: Cast, at: At) -> None:
    """A sub-committee, a group with a representative, a supervisor and a kinship, at a place."""
    member = cast.act_as(at, "committee_member")
    committee = f"{C}/committees/{at['committee']}"
    at["term_number"] = cast.get(f"{committee}/terms", member)["items"][0]["number"]
    body = {"kind": "care", "name": "权限测试委员会", "established_on": "2026-01-05"}
    at["sub_committee"] = cast.post(f"{committee}/sub-committees", member, body)["id"]
    body = {"name": "权限测试", "began_on": "2026-01-05"}
    path = f"{C}/sub-committees/{at['sub_committee']}/members"
    at["sub_committee_member"] = cast.post(path, member, body)["id"]
    at["group"] = cast.post(f"{C}/groups", member, _group(at, "2026-01-05"))["id"]
    path = f"{C}/groups/{at['group']}/representatives"
    at["representative"] = cast.post(path, member, _representative(at, "2026-01-06"))["id"]
    at["supervisor"] = cast.post(f"{committee}/supervisors", member, _supervisor(at))["id"]
    seated = members(cast, at)
    kin = {"persons": [one["id"] for one in seated[:2]], "relation": "sibling"}
    at["kinship"] = cast.post(f"{committee}/kinships", member, kin)["id"]


def members(cast: Cast, at: At) -> list[dict[str, Any]]:
    """The members of the last term at a place."""
    path = f"{C}/committees/{at['committee']}/members?all=true&limit=200"
    found = cast.get(path, cast.act_as(at, "committee_member"))["items"]
    last = max(one["term_number"] for one in found)
    return [one for one in found if one["term_number"] == last and not one["left_on"]]


def _group(at: At, formed_on: str) -> dict[str, Any]:
    return {
        "committee_id": at["committee"],
        "code": "AUTH-1",
        "name": "权限测试小组",
        "households": 30,
        "formed_on": formed_on,
    }


def _representative(at: At, chosen_on: str) -> dict[str, Any]:
    return {
        "name": "权限测试",
        "sex": "female",
        "term_number": at["term_number"],
        "chosen_on": chosen_on,
    }


def _supervisor(at: At) -> dict[str, Any]:
    return {
        "name": "权限测试",
        "sex": "female",
        "term_number": at["term_number"],
        "meeting": MEETING,
    }


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation. Whoever may do it is asked for what cannot be done."""
    return {**_reads(at), **_writes(at), **_inner(at)}


def _reads(at: At) -> dict[str, Ask]:
    where = f"{PUBLIC}&community_id={at['community']}"
    committee = f"{C}/committees/{at['committee']}"
    sub_committee = f"{C}/sub-committees/{at.get('sub_committee')}"
    return {
        "organisation_committees": listing(f"{C}/committees?{where}"),
        "organisation_committee": Ask("GET", f"{committee}?{PUBLIC}"),
        "organisation_terms": Ask("GET", f"{committee}/terms?{PUBLIC}"),
        "organisation_members": Ask("GET", f"{committee}/members?{PUBLIC}"),
        "organisation_sub_committees": Ask("GET", f"{committee}/sub-committees?{PUBLIC}"),
        "organisation_sub_committee_members": Ask("GET", f"{sub_committee}/members?{PUBLIC}"),
        "organisation_groups": listing(f"{C}/groups?{where}"),
        "organisation_group": Ask("GET", f"{C}/groups/{at.get('group')}?{PUBLIC}"),
        "organisation_representatives": listing(f"{C}/representatives?{where}"),
        "organisation_supervisors": Ask("GET", f"{committee}/supervisors?{PUBLIC}"),
        "organisation_renewals": Ask("GET", f"{C}/renewals?{PUBLIC}"),
        "volunteers_teams": Ask("GET", f"{C}/volunteers/teams?{PUBLIC}"),
    }


def _writes(at: At) -> dict[str, Ask]:
    committee, group = f"{C}/committees/{at['committee']}", f"{C}/groups/{at.get('group')}"
    sub_committee = f"{C}/sub-committees/{at.get('sub_committee')}"
    ending, leaving = {"on": LATER}, {"on": LATER, "because": "moved"}
    number = {**at, "term_number": 1}
    return {
        "organisation_establish_sub_committee": Ask(
            "POST",
            f"{committee}/sub-committees",
            json={"kind": "care", "name": "又一委员会", "established_on": LATER},
        ),
        "organisation_end_sub_committee": Ask("POST", f"{sub_committee}/ending", json=ending),
        "organisation_add_sub_committee_member": Ask(
            "POST", f"{sub_committee}/members", json={"name": "权限测试", "began_on": LATER}
        ),
        "organisation_end_sub_committee_member": Ask(
            "POST",
            f"{C}/sub-committee-members/{at.get('sub_committee_member')}/ending",
            json=leaving,
        ),
        "organisation_form_group": Ask("POST", f"{C}/groups", json=_group(at, LATER)),
        "organisation_change_group": Ask("PATCH", group, json={"households": 31}, headers=STALE),
        "organisation_end_group": Ask("POST", f"{group}/ending", json=ending),
        "organisation_choose_leader": Ask(
            "POST", f"{group}/leader", json={"representative_id": NOBODY}
        ),
        "organisation_choose_representative": Ask(
            "POST", f"{group}/representatives", json=_representative(number, LATER)
        ),
        "organisation_end_representative": Ask(
            "POST", f"{C}/representatives/{at.get('representative')}/ending", json=leaving
        ),
        "organisation_choose_supervisor": Ask(
            "POST", f"{committee}/supervisors", json={**_supervisor(number), "term_number": 99}
        ),
        "organisation_end_supervisor": Ask(
            "POST", f"{C}/supervisors/{at.get('supervisor')}/ending", json=leaving
        ),
    }


def _inner(at: At) -> dict[str, Ask]:
    kinship, handover = f"{C}/kinships/{at.get('kinship')}", f"{C}/handovers/{NOBODY}"
    item = {"kind": "seal", "name": "公章"}
    return {
        "organisation_kinships": listing(
            f"{C}/kinships?limit=200", has("id", at.get("kinship", ""))
        ),
        "organisation_declare_kinship": Ask(
            "POST",
            f"{C}/committees/{at['committee']}/kinships",
            json={"persons": [NOBODY, NOBODY], "relation": "spouse"},
        ),
        "organisation_withdraw_kinship": Ask("POST", f"{kinship}/withdrawal", json=REASON),
        "organisation_confirm_kinship": Ask("POST", f"{kinship}/confirmation", json=REASON),
        "organisation_dismiss_kinship": Ask("POST", f"{kinship}/dismissal", json=REASON),
        "organisation_handovers": Ask("GET", f"{C}/handovers"),
        "organisation_handover": Ask("GET", handover),
        "organisation_handover_history": Ask("GET", f"{handover}/history"),
        "organisation_submit_handover": Ask(
            "POST", f"{handover}/submission", json={"items": [item], "document": "权限测试"}
        ),
        "organisation_confirm_handover": Ask("POST", f"{handover}/confirmation"),
        "organisation_return_handover": Ask("POST", f"{handover}/return", json=REASON),
    }
