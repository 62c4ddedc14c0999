"""HTTP of the registry."""

from services.workstation.registry.routes import communities, residents

routers = [communities.streets, communities.router, residents.households, residents.router]
