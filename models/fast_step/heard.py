"""What a dancer hears, as a program reads it: the present frame, and a budget of the future in blocks."""

import numpy as np

from models.fast_step.weights import Array


def with_frame(history: Array, heard: Array) -> Array:
    """The history of feature frames, (frames, music_dims), newest last, with one more and the oldest gone."""
    following = np.empty_like(history)
    following[:-1], following[-1] = history[1:], heard
    return following


def write_blocks(blocks: Array, history: Array, look_ahead_frames: int, block_frames: int) -> None:
    """Writes the means of the blocks that lie within the budget, each followed by 1, and zeros for the others.

    Args:
        blocks: Where to write, (blocks, music_dims + 1).
        history: As of `with_frame`.
        look_ahead_frames: Frames by which the newest runs ahead of the dance.
        block_frames: Frames of a block.
    """
    known = look_ahead_frames // block_frames
    if known:
        first, count = len(history) - look_ahead_frames, known * block_frames
        frames = history[first : first + count]
        blocks[:known, :-1] = frames.reshape(known, block_frames, -1).mean(1)
        blocks[:known, -1] = 1
    blocks[known:] = 0
