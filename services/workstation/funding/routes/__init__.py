"""HTTP of funding."""

from services.workstation.funding.routes import appropriations, payments, statements

routers = [appropriations.router, payments.router, statements.router]
