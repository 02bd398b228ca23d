"""From a dancer's file to an engine: which file, what steps it, and the loading."""
