"""HTTP of organisation."""

from services.committee.organisation.routes import bodies, committees, groups, inner

routers = [committees.router, groups.router, bodies.router, inner.router]
