"""Events between services: CloudEvents through an outbox, an inbox, and workers."""
