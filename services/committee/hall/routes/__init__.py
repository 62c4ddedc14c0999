"""The hall's operations."""

from fastapi import APIRouter

from services.committee.hall.routes import matters, raising, talk

router = APIRouter()
for part in (raising, matters, talk):
    router.include_router(part.router)

__all__ = ["router"]
