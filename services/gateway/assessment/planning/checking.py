"""Checks a plan against its problem, by the problem's own words and none of the planner's code."""

from collections import Counter, defaultdict
from datetime import date
from uuid import UUID

from services.gateway.assessment.planning.problem import (
    Constraint,
    Plan,
    Problem,
    quarter_of,
    week_of,
)


def faults_of(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """What is wrong with a plan; nothing for a plan that keeps every limit, counts right and
    explains rightly what it leaves out."""
    return (
        *broken_limits(problem, plan),
        *_figures(problem, plan),
        *_explanations(problem, plan),
    )


def broken_limits(problem: Problem, plan: Plan) -> tuple[str, ...]:
    """Which limits of a problem a plan does not keep, and which pairs it forgets: also of a plan
    that was made for the problem as it was before."""
    return (
        *_windows(problem, plan),
        *_served(problem, plan),
        *_community_limits(problem, plan),
        *_inspectors(problem, plan),
    )


def _windows(problem: Problem, plan: Plan) -> list[str]:
    requests = {one.id: one for one in problem.requests}
    faults = [
        f"the fixed visit to {visit.community} on {visit.day} was changed"
        for visit in problem.fixed
        if visit not in plan.visits
    ]
    for visit in set(plan.visits) - set(problem.fixed):
        if visit.day not in problem.days or visit.day < problem.opens:
            faults.append(f"{visit.day} is no day for a visit")
        if (visit.community, visit.day) in problem.closed:
            faults.append(f"{visit.community} is closed on {visit.day}")
        if not visit.requests:
            faults.append(f"the visit to {visit.community} on {visit.day} serves nothing")
        for id in visit.requests:
            one = requests.get(id)
            if one is None:
                faults.append(f"{id} is not asked for")
                continue
            if visit.community not in one.communities:
                faults.append(f"{id} does not need {visit.community}")
            if not one.first_day <= visit.day <= one.last_day:
                faults.append(f"{visit.day} lies outside the window of {id}")
    return faults


def _served(problem: Problem, plan: Plan) -> list[str]:
    times = Counter((id, visit.community) for visit in plan.visits for id in visit.requests)
    left_out = Counter((one.request, one.community) for one in plan.unserved)
    faults = []
    for request in problem.requests:
        for community in request.communities:
            pair = request.id, community
            if times[pair] + left_out[pair] != 1:
                faults.append(f"{pair} is served {times[pair]}, left out {left_out[pair]} times")
    return faults


def _community_limits(problem: Problem, plan: Plan) -> list[str]:
    minutes = {one.id: one.minutes for one in problem.requests}
    faults = []
    days = Counter((visit.community, visit.day) for visit in plan.visits)
    days.update((one.community, one.day) for one in problem.elsewhere)
    faults += [f"{key} has {number} visits" for key, number in days.items() if number > 1]
    quarters = Counter((community, quarter_of(day)) for community, day in days)
    standing = Counter((community, quarter_of(day)) for community, day in _standing(problem))
    for (community, quarter), number in quarters.items():
        cap = problem.caps.get(quarter)
        if cap is not None and number > max(cap, standing[community, quarter]):
            faults.append(f"{community} has {number} visits in {quarter}, {cap} are allowed")
    for visit in set(plan.visits) - set(problem.fixed):
        spent = sum(minutes.get(id, 0) for id in visit.requests)
        if spent > problem.minutes_a_visit:
            faults.append(f"the visit to {visit.community} on {visit.day} lasts {spent} minutes")
    return faults


def _inspectors(problem: Problem, plan: Plan) -> list[str]:
    made = Counter((id, visit.day) for visit in plan.visits for id in visit.requests)
    fixed = Counter((id, visit.day) for visit in problem.fixed for id in visit.requests)
    return [
        f"the inspectors of {one.id} make {made[one.id, day]} visits on {day}"
        for one in problem.requests
        for day in {day for id, day in made if id == one.id}
        if made[one.id, day] > max(one.visits_a_day, fixed[one.id, day])
    ]


def _figures(problem: Problem, plan: Plan) -> list[str]:
    minutes = {one.id: one.minutes for one in problem.requests}
    street = {one.id: one.street for one in problem.communities}
    loads: Counter[tuple[UUID, tuple[int, int]]] = Counter()
    for visit in plan.visits:
        spent = sum(minutes.get(id, 0) for id in visit.requests)
        loads[visit.community, week_of(visit.day)] += spent
    for other in problem.elsewhere:
        loads[other.community, week_of(other.day)] += other.minutes
    led: dict[date, set[UUID]] = defaultdict(set)
    for visit in plan.visits:
        if visit.day in problem.days:
            led[visit.day].add(street[visit.community])
    needed = {(community, one.id) for one in problem.requests for community in one.communities}
    at = {(visit.community, visit.day): visit.requests for visit in plan.visits}
    gone = {(v.community, id) for v in problem.fixed for id in v.requests}
    disturbed = sum(
        any(
            (visit.community, id) in needed - gone
            and id not in at.get((visit.community, visit.day), frozenset())
            for id in visit.requests
        )
        for visit in problem.announced
    )
    counted = {
        "unserved": len(plan.unserved),
        "disturbed": disturbed,
        "visits": len(plan.visits),
        "peak": max(loads.values(), default=0),
        "moves": sum(len(streets) - 1 for streets in led.values()),
    }
    faults = []
    for name, value in counted.items():
        measure = getattr(plan.objective, name)
        if measure.value != value:
            faults.append(f"{name} is {value}, not {measure.value}")
        if not 0 <= measure.bound <= measure.value:
            faults.append(f"the bound {measure.bound} of {name} contradicts {measure.value}")
    return faults


def _explanations(problem: Problem, plan: Plan) -> list[str]:
    """On the day an explanation names exactly its constraints stand against the pair, and on no
    other day fewer."""
    faults = []
    requests = {one.id: one for one in problem.requests}
    for left_out in plan.unserved:
        request = requests[left_out.request]
        by_day = {
            day: _against(problem, plan, left_out.request, left_out.community, day)
            for day in problem.days
            if max(request.first_day, problem.opens) <= day <= request.last_day
        }
        named = set(left_out.constraints)
        if not by_day:
            right = named == {Constraint.NO_WORKING_DAY} and left_out.day is None
        else:
            right = left_out.day in by_day and by_day[left_out.day] == named
            right = right and bool(named) and len(named) == min(map(len, by_day.values()))
        if not right:
            faults.append(
                f"{left_out.request} at {left_out.community} is not rightly explained by {named}"
            )
    return faults


def _against(
    problem: Problem, plan: Plan, request: UUID, community: UUID, day: date
) -> set[Constraint]:
    one = next(found for found in problem.requests if found.id == request)
    minutes = {found.id: found.minutes for found in problem.requests}
    there = [visit for visit in plan.visits if visit.community == community]
    against = set()
    if one.minutes > problem.minutes_a_visit:
        against.add(Constraint.TOO_LONG)
    if (community, day) in problem.closed or (community, day) in _standing(problem):
        against.add(Constraint.OCCUPIED)
    elif any(visit.day == day for visit in there):
        spent = sum(minutes[id] for visit in there if visit.day == day for id in visit.requests)
        if one.minutes <= problem.minutes_a_visit < spent + one.minutes:
            against.add(Constraint.MINUTES)
    else:
        quarter = quarter_of(day)
        days = {visit.day for visit in there} | {
            visit.day for visit in problem.elsewhere if visit.community == community
        }
        cap = problem.caps.get(quarter)
        if cap is not None and sum(quarter_of(other) == quarter for other in days) >= cap:
            against.add(Constraint.CAP)
    if sum(v.day == day and request in v.requests for v in plan.visits) >= one.visits_a_day:
        against.add(Constraint.CAPACITY)
    return against


def _standing(problem: Problem) -> list[tuple[UUID, date]]:
    """Where and when visits are made that no plan changes."""
    return [
        *((one.community, one.day) for one in problem.fixed),
        *((one.community, one.day) for one in problem.elsewhere),
    ]
