"""`transflower-data music`: dance music with exact beats, as a file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from rich.console import Console
from tyro.conf import arg

OK: Final = 0


@dataclass(frozen=True)
class Music:
    """Render dance music to a sound file; its beats are exact, the first sample is beat 0 of a bar."""

    out: Annotated[Path, arg(aliases=["-o"])]
    """File to write; the ending says the format (wav, flac, ogg)."""
    style: str = "house"
    """Kind of music; a wrong name lists the right ones."""
    bpm: float = 120.0
    """Beats a minute, 40 to 240."""
    seconds: float = 60.0
    """About how long: whole beats are played."""
    seed: int = 0
    """Another number, another piece."""

    def run(self, console: Console) -> int:
        """Render and write."""
        from data.formats.sound_file import write_sound
        from data.music import synthesise

        num_beats = max(1, round(self.seconds * self.bpm / 60))
        song = synthesise(self.style, self.bpm, num_beats, self.seed, structure="song")
        write_sound(self.out, song.samples, song.sample_rate_hz)
        seconds = len(song.samples) / song.sample_rate_hz
        console.print(
            f"{self.out}: {seconds:.1f} s of {self.style}, {num_beats} beats at {self.bpm:g} BPM", highlight=False
        )
        return OK
