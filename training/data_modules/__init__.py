"""What training reads: data modules, windows of prepared sequences, seed poses, phrases."""
