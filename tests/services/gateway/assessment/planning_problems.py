"""Planning problems for tests, by chance or by hand; and the best plan by trying everything."""

from collections import Counter
from datetime import date, timedelta
from itertools import product
from random import Random
from uuid import UUID

from services.gateway.assessment.planning.problem import (
    Community,
    Elsewhere,
    Problem,
    Request,
    Visit,
    quarter_of,
    week_of,
)
from shared.kernel.working_days import WorkingDays

MONDAY = date(2026, 3, 23)


def working_days(first: date, number: int) -> tuple[date, ...]:
    """So many statutory working days from a day on."""
    calendar, days, day = WorkingDays(), list[date](), first
    while len(days) < number:
        if calendar.is_working_day(day):
            days.append(day)
        day += timedelta(days=1)
    return tuple(days)


def community(number: int, street: int = 1) -> Community:
    """A community by its number."""
    return Community(UUID(int=100 + number), UUID(int=street))


def request(
    number: int,
    communities: tuple[Community, ...],
    window: tuple[date, date],
    *,
    minutes: int = 60,
    visits_a_day: int = 10,
) -> Request:
    """A request by its number."""
    ids = frozenset(one.id for one in communities)
    return Request(UUID(int=1000 + number), ids, *window, minutes, visits_a_day)


def district(
    seed: int,
    *,
    communities: int,
    requests: int,
    days: int = 230,
    cap: int = 2,
    window: tuple[int, int] = (15, 60),
    visits_a_day: tuple[int, ...] = (6, 12, 20),
    minutes: tuple[int, ...] = (20, 40, 60, 90),
    minutes_a_visit: int = 480,
    first: date = date(2026, 1, 1),
) -> Problem:
    """A district by chance: requests for all communities, for some streets, or for any."""
    chance = Random(seed)
    open_days = working_days(first, days)
    places = tuple(community(at, 1 + at % 6) for at in range(communities))
    made = []
    for number in range(requests):
        kind = chance.random()
        streets = chance.sample(range(1, 7), 3)
        targets = tuple(
            one
            for one in places
            if kind < 0.4
            or (kind < 0.7 and one.street.int in streets)
            or (kind >= 0.7 and chance.random() < 0.5)
        )
        length = min(days, chance.randint(*window))
        start = chance.randint(0, days - length)
        made.append(
            request(
                number,
                targets or places[:1],
                (open_days[start], open_days[start + length - 1]),
                minutes=chance.choice(minutes),
                visits_a_day=chance.choice(visits_a_day),
            )
        )
    caps = {quarter_of(day): cap for day in open_days}
    return Problem(open_days, open_days[0], places, tuple(made), minutes_a_visit, caps)


def small(seed: int, *, pairs: int = 4, days: int = 4) -> Problem:
    """A problem of a few pairs on a few days, at the turn of a quarter, with everything that may
    stand in the way."""
    chance = Random(seed)
    open_days = working_days(MONDAY + timedelta(days=chance.choice((0, 4, 6))), days)
    places = tuple(community(at, 1 + at % 2) for at in range(chance.randint(1, 3)))
    made: list[Request] = []
    left = pairs
    while left:
        targets = tuple(chance.sample(places, min(len(places), chance.randint(1, left))))
        left -= len(targets)
        ends = sorted(chance.choices(open_days, k=2))
        made.append(
            request(
                len(made),
                targets,
                (ends[0], ends[1]),
                minutes=chance.choice((60, 120, 240)),
                visits_a_day=chance.choice((1, 1, 2)),
            )
        )
    caps = {quarter_of(day): chance.choice((1, 2)) for day in open_days}
    announced = []
    if chance.random() < 0.4:
        one = chance.choice(made)
        place = chance.choice(sorted(one.communities))
        announced.append(Visit(place, chance.choice(open_days), frozenset({one.id})))
    elsewhere = []
    if chance.random() < 0.3:
        elsewhere.append(Elsewhere(places[0].id, chance.choice(open_days), 120))
    return Problem(
        open_days,
        open_days[0],
        places,
        tuple(made),
        300,
        caps,
        tuple(announced),
        (),
        tuple(elsewhere),
    )


def best_of_all(problem: Problem) -> tuple[int, int, int, int, int]:
    """The least unserved, disturbed, visits, peak and moves, in this order, of every plan."""
    pairs = [(one, place) for one in problem.requests for place in sorted(one.communities)]
    choices = [
        [None, *(day for day in problem.days if one.first_day <= day <= one.last_day)]
        for one, _place in pairs
    ]
    found = (
        _cost(problem, dict(zip(((o.id, p) for o, p in pairs), days, strict=True)))
        for days in product(*choices)
    )
    return min(one for one in found if one is not None)


def _cost(
    problem: Problem, day_of: dict[tuple[UUID, UUID], date | None]
) -> tuple[int, int, int, int, int] | None:
    minutes = {one.id: one.minutes for one in problem.requests}
    made: dict[tuple[UUID, date], list[UUID]] = {}
    for (request_id, place), day in day_of.items():
        if day is not None:
            made.setdefault((place, day), []).append(request_id)
    others = {(one.community, one.day): one.minutes for one in problem.elsewhere}
    if made.keys() & others.keys():
        return None
    if any(sum(minutes[id] for id in ids) > problem.minutes_a_visit for ids in made.values()):
        return None
    quarters = Counter((place, quarter_of(day)) for place, day in (*made, *others))
    if any(number > problem.caps[quarter] for (_place, quarter), number in quarters.items()):
        return None
    inspected = Counter((id, day) for (_place, day), ids in made.items() for id in ids)
    limits = {one.id: one.visits_a_day for one in problem.requests}
    if any(number > limits[id] for (id, _day), number in inspected.items()):
        return None
    loads: Counter[tuple[UUID, tuple[int, int]]] = Counter()
    for (place, day), spent in others.items():
        loads[place, week_of(day)] += spent
    for (place, day), ids in made.items():
        loads[place, week_of(day)] += sum(minutes[id] for id in ids)
    street = {one.id: one.street for one in problem.communities}
    led = {(day, street[place]) for place, day in made}
    return (
        sum(day is None for day in day_of.values()),
        sum(
            any(day_of[id, visit.community] != visit.day for id in visit.requests)
            for visit in problem.announced
        ),
        len(made),
        max(loads.values(), default=0),
        len(led) - len({day for day, _street in led}),
    )
