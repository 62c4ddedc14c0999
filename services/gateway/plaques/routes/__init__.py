"""Routes of plaques."""

from services.gateway.plaques.routes import applications, inventory, notices, sheets

routers = [applications.router, sheets.router, inventory.router, notices.router]
