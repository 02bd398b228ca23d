"""Takes: every performance in a file, to be replayed, exported and danced again."""
