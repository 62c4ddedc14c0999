"""HTTP of the ledger."""

from services.workstation.ledger.routes import coverage, elements, entries, evidence, grants

routers = [elements.router, coverage.router, entries.router, evidence.router, grants.router]
