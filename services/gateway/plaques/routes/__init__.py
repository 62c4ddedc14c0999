"""Routes of plaques."""

from services.gateway.plaques.routes import applications, inventory, notices

routers = [applications.router, inventory.router, notices.router]
