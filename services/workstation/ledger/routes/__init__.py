"""HTTP of the ledger."""

from services.workstation.ledger.routes import (
    coverage,
    elements,
    entries,
    evidence,
    forms,
    grants,
    questions,
    reuse,
)

routers = [
    elements.router,
    coverage.router,
    entries.router,
    evidence.router,
    grants.router,
    forms.router,
    questions.router,
    reuse.router,
]
