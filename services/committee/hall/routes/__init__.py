"""The hall's operations."""

from fastapi import APIRouter

from services.committee.hall.routes import (
    handovers,
    live,
    matters,
    raising,
    sittings,
    talk,
)

router = APIRouter()
for part in (raising, matters, talk, sittings, live, handovers):
    router.include_router(part.router)

__all__ = ["router"]
