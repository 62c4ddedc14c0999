"""The hall's operations."""

from fastapi import APIRouter

from services.committee.hall.routes import live, matters, raising, sittings, talk

router = APIRouter()
for part in (raising, matters, talk, sittings, live):
    router.include_router(part.router)

__all__ = ["router"]
