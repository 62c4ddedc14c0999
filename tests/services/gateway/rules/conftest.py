"""The same offices as admission's."""

from tests.services.gateway.admission.conftest import gateway, gateway_api, offices

__all__ = ["gateway", "gateway_api", "offices"]
