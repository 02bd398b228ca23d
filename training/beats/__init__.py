"""Measures the beat tracker on recordings whose beats are known: `transflower-train beats`."""
