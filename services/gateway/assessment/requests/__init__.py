"""Inspection requests: asked, screened, decided; nothing unapproved reaches a community."""
