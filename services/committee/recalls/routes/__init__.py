"""HTTP of recalls."""

from services.committee.recalls.routes import endings, petitions, votes

routers = [petitions.router, votes.router, endings.router]
