"""The bench: this machine against its budgets, and the dance it danced meanwhile beside real dance."""
