"""HTTP of identity."""

from services.gateway.identity.routes import (
    accounts,
    clients,
    departments,
    grants,
    keys,
    me,
    tokens,
)

routers = [
    tokens.router,
    keys.router,
    me.router,
    accounts.router,
    clients.router,
    grants.router,
    departments.router,
]
