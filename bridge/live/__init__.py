"""A performance's threads: the engine's work, the sender's work, and what crosses between them."""
