"""Consolidates approved requests into few joint visits 统一部署: (problem, seed, limits) -> plan."""
