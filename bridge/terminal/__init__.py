"""What the terminal shows: the dashboard, streams of anybody, a figure of braille dots."""
