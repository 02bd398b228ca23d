"""Streaming models: causal, one token a frame from a ring cache; with a plan and without."""
