"""The district's control plane and the only public door."""
