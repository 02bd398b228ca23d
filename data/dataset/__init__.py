"""Data sets: recordings found and read, choreography chained, folders prepared for training."""
