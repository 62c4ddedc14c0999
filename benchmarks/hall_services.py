"""The services that `benchmarks.hall_live` starts, as factories for uvicorn."""

import os
from base64 import b64encode

from fastapi import FastAPI
from starlette.types import ASGIApp

from services.cli.serve import settle
from services.committee.app import create_app as committee_app
from services.committee.settings import Settings as CommitteeSettings
from services.gateway.app import create_app as gateway_app
from services.gateway.settings import Settings as GatewaySettings
from tests.support.identity import ISSUER, SigningIdentity


def committee() -> FastAPI:
    """The service as it is."""
    settings = CommitteeSettings(
        database_url=os.environ["COMMITTEE_DATABASE"], issuer=ISSUER, files_url=os.environ["FILES"]
    )
    app = committee_app(settings, identity=SigningIdentity())
    settle()
    return app


def gateway() -> ASGIApp:
    """The whole gateway; only its limits are wider, since all listeners have one address here."""
    settings = GatewaySettings.model_validate(
        {
            "database_url": os.environ["GATEWAY_DATABASE"],
            "issuer": ISSUER,
            "committee_url": os.environ["COMMITTEE_URL"],
            "signing_key_secret": b64encode(bytes(32)).decode(),
            "requests_per_second": 100_000,
            "request_burst": 100_000,
        }
    )
    app = gateway_app(settings)
    settle()
    return app
