"""HTTP of results, objections and shared results."""

from services.gateway.assessment.results.routes import results, shared

routers = [results.router, shared.router]
