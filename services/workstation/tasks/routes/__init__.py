"""HTTP of tasks."""

from services.workstation.tasks.routes import assistance, evidence, hall, lists, steps

routers = [lists.router, steps.router, evidence.router, assistance.router, hall.router]
