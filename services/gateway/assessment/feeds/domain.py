"""Visits as an iCalendar (RFC 5545, 7986). Pure.

A visit keeps its UID whatever becomes of it; each change raises its SEQUENCE, so that a phone takes
it over. What is off is shown as cancelled, not left out: calendars then show it struck through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from shared.kernel.clock import SHANGHAI
from shared.kernel.text import Language, Text

TZID = "Asia/Shanghai"
REFRESH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A visit in a calendar. `sequence` counts its changes; `status` is an iCalendar one."""

    id: UUID
    day: date
    minutes: int
    title: Text
    place: str
    requests: Sequence[str]
    status: str
    sequence: int
    changed_at: datetime


def calendar_of(
    title: str, district: str, entries: Sequence[Entry], begins: time, language: Language
) -> bytes:
    """A calendar of the visits; each begins at the district's hour, in Asia/Shanghai."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Shequ//{district}//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", TZID)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    calendar.add_component(_timezone())
    for entry in sorted(entries, key=lambda one: (one.day, one.id)):
        calendar.add_component(_event(entry, district, begins, language))
    content: bytes = calendar.to_ical()
    return content


def _timezone() -> Timezone:
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", TZID)
    standard.add("dtstart", datetime(1991, 9, 15, 1))  # noqa: DTZ001 - local, as the form wants it
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _event(entry: Entry, district: str, begins: time, language: Language) -> Event:
    event, start = Event(), datetime.combine(entry.day, begins, SHANGHAI)
    zone = {"TZID": TZID}
    event.add("uid", f"{entry.id}@{district}.shequ")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.sequence)
    event.add("dtstart", start.replace(tzinfo=None), parameters=zone)
    end = start + timedelta(minutes=max(entry.minutes, 1))
    event.add("dtend", end.replace(tzinfo=None), parameters=zone)
    event.add("summary", entry.title.in_language(language))
    event.add("location", entry.place)
    event.add("description", "\n".join(entry.requests))
    event.add("status", entry.status)
    event.add("transp", "TRANSPARENT" if entry.status == "CANCELLED" else "OPAQUE")
    return event
