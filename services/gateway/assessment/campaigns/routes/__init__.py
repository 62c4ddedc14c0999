"""HTTP of campaigns."""

from services.gateway.assessment.campaigns.routes import campaigns, plans, visits

routers = [campaigns.router, plans.router, visits.router]
