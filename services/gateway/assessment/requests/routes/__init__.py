"""HTTP of inspection requests."""

from services.gateway.assessment.requests.routes import requests, screening, sheets

routers = [sheets.router, screening.router, requests.router]
