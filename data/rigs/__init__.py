"""Rigs of others: which joint is which humanoid bone, by tables, words and shape; which unit lengths have."""
