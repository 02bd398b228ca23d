"""Measures of dance, each of which ranks corrupted real dance below real dance; the tests hold that."""
