"""The hall's operations."""

from fastapi import APIRouter

from services.committee.hall.routes import (
    attachments,
    handovers,
    live,
    matters,
    public,
    raising,
    sittings,
    talk,
)

router = APIRouter()
for part in (public, raising, matters, talk, sittings, live, handovers, attachments):
    router.include_router(part.router)

__all__ = ["router"]
