"""`transflower generate`: a dance to a song, as a file."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import tyro
from rich.console import Console

from bridge.commands.options import DancerOptions


@dataclass(frozen=True, kw_only=True)
class Generate:
    """Make the dance to a song offline and write it to a file: the same dancer, features and engine as live.

    To song.bvh beside the song, and to numbers instead of BVH:
    - transflower generate song.mp3
    - transflower generate song.mp3 -o dance.npz

    With a dancer that hears one second of what is coming:
    - transflower generate song.mp3 --look-ahead-s 1
    """

    song: tyro.conf.Positional[Path]
    """Sound file: WAV, FLAC, OGG or MP3."""
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o"], metavar="FILE")] = None
    """File to write, .bvh, .npz or .csv; beside the song, if not given."""
    look_ahead_s: float = 0.0
    """How much of the music to come the dancer hears, up to what it was trained for."""
    dancer: tyro.conf.OmitArgPrefixes[DancerOptions] = field(default_factory=DancerOptions)

    def run(self) -> None:
        """Dances, writes, and prints where to."""
        from bridge.generate import generate

        options = self.dancer
        output = self.output or self.song.with_suffix(".bvh")
        generate(
            self.song,
            output,
            dancer=options.open_dancer(),
            controls=options.controls,
            seed=options.seed,
            device=options.device,
            cuda_graph=options.cuda_graph,
            look_ahead_s=self.look_ahead_s,
            console=Console(stderr=True),
        )
        print(output)
