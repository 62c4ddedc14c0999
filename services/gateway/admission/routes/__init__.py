"""HTTP of admission."""

from services.gateway.admission.routes import dispatches, items, reports

routers = [items.router, dispatches.router, reports.router]
