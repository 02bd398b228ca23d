"""The step contract: what a dancer promises, its state, its noise, how it is steered and stepped."""
