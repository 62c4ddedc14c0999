"""The way from the public door to the services: streaming, with deadlines and circuits."""
