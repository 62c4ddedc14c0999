"""What other capabilities of the gateway may ask of plaques."""

from services.gateway.plaques.models import Plaque

__all__ = ["Plaque"]
