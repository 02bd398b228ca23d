"""Inspection: what is wrong with motion, sound and prepared sequences, worst first, with pictures."""
