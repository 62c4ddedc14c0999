"""What the gateway adds for all services together: one API description, one address of jobs."""
