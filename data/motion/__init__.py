"""Skeletons and motions: joints, frames, rotations, poses as vectors; what a body is by itself."""
