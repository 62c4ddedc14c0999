"""Ranking, grades and rewards 统一奖励 of a campaign, from its final results."""
