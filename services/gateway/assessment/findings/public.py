"""What results may ask of findings."""

from services.gateway.assessment.findings.domain import FindingState
from services.gateway.assessment.findings.models import Finding
from services.gateway.assessment.findings.repository import ratings_of

__all__ = ["Finding", "FindingState", "ratings_of"]
