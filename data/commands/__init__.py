"""The commands of `transflower-data`, and what all commands of this repository have in common."""
