"""Dances to many songs: which, by which processes, and what is known of them afterwards."""
