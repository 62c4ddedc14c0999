"""What other capabilities of the gateway may ask of the assessment."""

from services.gateway.assessment.campaigns.models import Visit
from services.gateway.assessment.ledger import Ledger, LedgerOfCaller
from services.gateway.assessment.requests.models import Request, RequestTarget, ScreeningVerdict

__all__ = ["Ledger", "LedgerOfCaller", "Request", "RequestTarget", "ScreeningVerdict", "Visit"]
