"""HTTP of elections. What the law publishes is open to all with `?district=`."""

from fastapi import APIRouter

from services.committee.elections.routes import (
    candidacies,
    counting,
    course,
    elections,
    polling,
    roll,
)

routers: tuple[APIRouter, ...] = (
    elections.router,
    course.router,
    roll.router,
    candidacies.router,
    polling.router,
    counting.router,
)
"""All of them, for the application."""
