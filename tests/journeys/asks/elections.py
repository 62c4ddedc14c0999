"""Elections, from the resolution to the new term."""

from tests.journeys.asks.asking import PUBLIC, STALE, Ask, At, C, Cast, has, listing

ELECTIONS = f"{C}/elections"
_POSTS = ("chair", "vice_chair", "member")
_NUMBERS = ("11010519491231002X", "440524188001010014", "110105194912310038")


def prepare(cast: Cast, at: At) -> None:
    """An election that registers electors, at a place."""
    member = cast.act_as(at, "committee_member")
    at["election"] = cast.post(ELECTIONS, member, _resolution(at))["id"]
    members = [
        {"name": f"委员{post}", "post": post, "id_number": number}
        for post, number in zip(_POSTS, _NUMBERS, strict=True)
    ]
    election = f"{ELECTIONS}/{at['election']}"
    cast.post(f"{election}/committee", member, {"members": members, "resolution": "权限测试"})
    holder = cast.act_as(at, "election_committee")
    cast.post(f"{election}/registration", holder, {})
    elector = {"name": "权限测试", "id_number": at["id_number"], "basis": "household_register"}
    found = cast.post(f"{election}/roll", holder, {"declaration": "登记册", "electors": [elector]})
    at["elector"] = found["electors"][0]["elector_id"]


def _resolution(at: At) -> dict[str, object]:
    return {
        "community_id": at["community"],
        "form": "all_electors",
        "seats": {"chair": 1, "vice_chair": 1, "member": 3},
        "election_day": "2098-12-20",
        "resolved_on": "2026-01-05",
        "resolution": "权限测试决议",
    }


def asks(at: At) -> dict[str, Ask]:
    """A request of each operation. Whoever may do it is asked for what cannot be done."""
    one = f"{ELECTIONS}/{at.get('election')}"
    nothing = at["community"]
    station, nomination = f"{one}/stations/{nothing}", f"{one}/nominations/{nothing}"
    public = {
        "elections_election": one,
        "elections_committee": f"{one}/committee",
        "elections_calendar": f"{one}/calendar",
        "elections_result": f"{one}/result",
        "elections_log": f"{one}/log",
        "elections_export_log": f"{one}/log/export",
        "elections_roll": f"{one}/roll",
        "elections_candidates": f"{one}/candidates",
        "elections_proxies": f"{one}/proxies",
        "elections_stations": f"{one}/stations",
        "elections_count_sheets": f"{one}/count-sheets",
        "elections_file": f"{one}/files/{nothing}",
    }
    read = {
        "elections_blockers": f"{one}/blockers",
        "elections_history": f"{one}/history",
        "elections_roll_notice": f"{one}/roll/notice",
        "elections_objections": f"{one}/roll/objections",
        "elections_proxies_notice": f"{one}/proxies/notice",
        "elections_electors": f"{one}/roll/electors",
        "elections_elector_receipt": f"{one}/roll/electors/{at.get('elector')}/receipt",
        "elections_nominations": f"{one}/nominations",
        "elections_proxy_register": f"{one}/proxies/register",
        "elections_mark_conflicts": f"{one}/mark-conflicts",
    }
    without_body = {
        "elections_begin_registration": f"{one}/registration",
        "elections_freeze_roll": f"{one}/freeze",
        "elections_publish_candidates": f"{one}/candidates",
        "elections_publish_proxies": f"{one}/proxies/publication",
        "elections_open_vote": f"{one}/opening",
        "elections_close_vote": f"{one}/closing",
        "elections_conclude": f"{one}/result",
        "elections_publish_roll": f"{one}/roll/publication",
    }
    with_body = {
        "elections_form_committee": f"{one}/committee",
        "elections_withdraw_member": f"{one}/committee/{nothing}/withdrawal",
        "elections_cancel": f"{one}/cancellation",
        "elections_move_demo_clock": f"{one}/demo-clock",
        "elections_register": f"{one}/roll",
        "elections_register_from_registry": f"{one}/roll/registry",
        "elections_withdraw_elector": f"{one}/roll/electors/{nothing}/withdrawal",
        "elections_name_voters": f"{one}/roll/voters",
        "elections_change_roll": f"{one}/roll/changes",
        "elections_object": f"{one}/roll/objections",
        "elections_decide_objection": f"{one}/roll/objections/{nothing}/decision",
        "elections_nominate": f"{one}/nominations",
        "elections_review_nomination": f"{nomination}/review",
        "elections_answer_nomination": f"{nomination}/acceptance",
        "elections_withdraw_nomination": f"{nomination}/withdrawal",
        "elections_withdraw_candidate": f"{one}/candidates/{nothing}/withdrawal",
        "elections_record_meeting": f"{one}/meeting",
        "elections_give_proxy": f"{one}/proxies",
        "elections_revoke_proxy": f"{one}/proxies/{nothing}/revocation",
        "elections_set_up_station": f"{one}/stations",
        "elections_give_ballots": f"{station}/ballots",
        "elections_mark": f"{station}/marks",
        "elections_take_in_marks": f"{station}/offline-marks",
        "elections_close_station": f"{station}/closing",
        "elections_void_station": f"{station}/voiding",
        "elections_decide_mark_conflict": f"{one}/mark-conflicts/{nothing}/decision",
        "elections_enter_sheet": f"{one}/count-sheets",
        "elections_decide_seats": f"{one}/seat-decisions",
        "elections_hold_second_ballot": f"{one}/second-ballot",
        "elections_repeat": f"{one}/repetition",
        "elections_leave_vacant": f"{one}/vacancies",
    }
    return {
        "elections_list": listing(
            f"{ELECTIONS}?{PUBLIC}&limit=200", has("id", at.get("election", ""))
        ),
        "elections_resolve": Ask("POST", ELECTIONS, json=_resolution(at)),
        "elections_postpone": Ask("POST", f"{one}/postponement", json={}, headers=STALE),
        "elections_accede": Ask("POST", f"{one}/accession", json={}),
        "elections_keep_file": Ask("POST", f"{one}/files"),
        **{name: Ask("GET", f"{path}?{PUBLIC}") for name, path in public.items()},
        **{name: Ask("GET", path) for name, path in read.items()},
        **{name: Ask("POST", path) for name, path in without_body.items()},
        **{name: Ask("POST", path, json={}) for name, path in with_body.items()},
    }
