"""`serve`: run one service in this process."""

import gc
import os

import uvicorn
from starlette.types import ASGIApp

from shared.web.logging import configure_logging

KEEP_ALIVE_SECONDS = 75  # longer than the gateway keeps an idle connection in its pool
GRACE_SECONDS = 10


class _Server(uvicorn.Server):
    async def shutdown(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """End what would stream for ever, so that the grace is for what can be finished."""
        state = getattr(self.config.loaded_app, "state", None)
        live = getattr(state, "live", None)
        if live is not None:
            live.end_streams()
        await super().shutdown(sockets)  # type: ignore[arg-type]

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        settle()


def settle() -> None:
    """What is loaded by now stays: the garbage collector need not look at it with every request."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def _gateway() -> ASGIApp:
    from services.cli.rulebook import whole_rulebook
    from services.gateway.app import create_app

    return create_app(rulebook=whole_rulebook())


def serve(service: str, *, host: str, port: int) -> None:
    """Serve `gateway`, `workstation` or `committee` until SIGTERM or SIGINT. Raises CannotGoOn
    when settings are missing."""
    from services.cli.configuration import check_settings

    check_settings(service)
    configure_logging(os.environ.get("SHEQU_LOG_LEVEL", "info"), service)
    config = uvicorn.Config(
        _gateway if service == "gateway" else f"services.{service}.app:create_app",
        factory=True,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config)
    server.run()
    if not server.started:
        raise SystemExit(1)
