"""HTTP of findings, evidence and ratings."""

from services.gateway.assessment.findings.routes import evidence, findings, ratings

routers = [findings.router, evidence.router, ratings.router]
