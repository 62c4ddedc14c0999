"""What the other capabilities of this service may ask of elections."""
