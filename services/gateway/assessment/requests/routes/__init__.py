"""HTTP of inspection requests."""

from services.gateway.assessment.requests.routes import requests, sheets

routers = [sheets.router, requests.router]
