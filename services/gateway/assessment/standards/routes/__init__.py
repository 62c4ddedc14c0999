"""HTTP of standards, departments' items and mappings."""

from services.gateway.assessment.standards.routes import mappings, standards

routers = [standards.router, mappings.router]
