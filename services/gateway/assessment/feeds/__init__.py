"""Calendars of visits that a phone subscribes to, one community's or one department's each."""
