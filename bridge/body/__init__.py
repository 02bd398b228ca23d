"""Poses on their way from the dancer to the stage: transitions, safety, feet, and what stands in for a missing one."""
