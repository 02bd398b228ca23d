"""Dancers as files: checkpoints and exported steps, checked as they are opened."""
