"""What an audience sees: dances as files, measured beside real dance of the same styles."""
