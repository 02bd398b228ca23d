"""`transflower perform` and `transflower demo`: live, on stage."""

import contextlib
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import tyro

from bridge.commands.options import BeatOptions, DancerOptions, DemoStageOptions, StageOptions
from bridge.sources.source import SoundSource
from data.commands.printable import printable
from data.formats.json_file import write_json
from data.sound.channels import parse_channels


@dataclass(frozen=True, kw_only=True)
class Perform:
    """Dance live to a sound device or to a file, and send the dance to avatars and stages.

    The default input (microphone, line in):
    - transflower perform

    A device of `transflower devices`, by a part of its name; what the machine itself plays:
    - transflower perform --input "USB Audio"
    - transflower perform --input system

    The third and fourth input of a sound interface:
    - transflower perform --input "USB Audio" --channels 3,4

    A file in real time, played aloud if there is a loudspeaker; sound from another program:
    - transflower perform --file song.mp3
    - ffmpeg -i rtsp://mixer/out -f wav - | transflower perform --file -

    An avatar on another machine, at 60 poses a second; house, and plenty of it:
    - transflower perform --target vmc:192.168.1.20:39539,rate=60 --style HO --energy 0.8

    A whole show that was written down:
    - transflower perform --config show.yaml
    """

    input: Annotated[str | None, tyro.conf.arg(metavar="DEVICE")] = None
    """Sound input, by number, name or part of a name (see `transflower devices`); `system` is what this machine plays,
    `monitor:NAME` what one of its outputs plays (Linux)."""
    file: Annotated[Path | None, tyro.conf.arg(metavar="SONG")] = None
    """Dance to a sound file (WAV, FLAC, OGG, MP3, M4A), not to a device; - is WAV from another program, by a pipe."""
    channels: Annotated[str | None, tyro.conf.arg(metavar="N,N|None")] = None
    """Which channels are heard, from 1 on, of an input, a file or a pipe: 3,4 or 3. None is the first two of an input,
    and all of a file or a pipe. Of several the mean is heard, or the loudest while they cancel each other."""
    raw: Annotated[str | None, tyro.conf.arg(metavar="FORMAT")] = None
    """With `--file -`: the pipe has no WAV header, but samples of this form, such as s16le:48000:2 or f32le:44100:1."""
    seconds: Annotated[float | None, tyro.conf.arg(metavar="SECONDS")] = None
    """End after so long; otherwise when the sound ends, or with Ctrl-C."""
    stage: tyro.conf.OmitArgPrefixes[StageOptions] = field(default_factory=StageOptions)
    beat: tyro.conf.OmitArgPrefixes[BeatOptions] = field(default_factory=BeatOptions)
    dancer: tyro.conf.OmitArgPrefixes[DancerOptions] = field(default_factory=DancerOptions)

    def run(self) -> None:
        """Performs; exits with code 1 when something failed on stage."""
        if self.raw is not None and self.file != Path("-"):
            raise ValueError("--raw describes what comes through a pipe: give it together with --file -")
        match self.input, self.file:
            case None, Path() as file:
                _perform(self, lambda: self._open_file(file))
            case device, None:
                from bridge.sources.device import DeviceSource

                channels = parse_channels(self.channels)
                source = DeviceSource(device, channels=channels)
                _perform(self, lambda: (source.checked(), device or "the default input"))
            case _:
                raise ValueError("--input and --file exclude each other: dance to a device or to a file")

    def _open_file(self, file: Path) -> tuple[SoundSource, str]:
        if file == Path("-"):
            from bridge.sources.stdin import StdinSource

            return StdinSource(raw=self.raw, channels=parse_channels(self.channels)), "standard input"
        from bridge.sources.file import FileSource

        if not file.is_file():
            raise ValueError(f"{file}: no such file")
        channels = parse_channels(self.channels)
        return FileSource(file, play_aloud=self.stage.play_aloud, channels=channels), file.name


@dataclass(frozen=True, kw_only=True)
class Demo:
    """Dance to a song that the bridge makes itself, again and again until Ctrl-C; needs no sound card and no network.

    The song, a minute long, is rendered the first time, which takes some seconds. No take is kept unless asked for:
    - transflower demo
    - transflower demo --seconds 10 --record
    - transflower demo --seconds 10 --json summary.json
    """

    seconds: Annotated[float | None, tyro.conf.arg(metavar="SECONDS|None")] = None
    """End after so long; otherwise with Ctrl-C."""
    open_page: bool = True
    """Open the stage in the browser, if this machine has a desktop."""
    stage: tyro.conf.OmitArgPrefixes[DemoStageOptions] = field(default_factory=DemoStageOptions)
    beat: tyro.conf.OmitArgPrefixes[BeatOptions] = field(default_factory=BeatOptions)
    dancer: tyro.conf.OmitArgPrefixes[DancerOptions] = field(default_factory=DancerOptions)

    def run(self) -> None:
        """Performs the demo."""
        from bridge.sources.file import FileSource
        from data.music import demo_song

        play_aloud = self.stage.play_aloud
        _perform(self, lambda: (FileSource(demo_song(), loop=True, play_aloud=play_aloud), "the demo song"))


def _perform(command: Perform | Demo, open_source: Callable[[], tuple[SoundSource, str]]) -> None:
    """Runs a performance; `open_source` gives the source and its name and is called once there is a dancer."""
    from bridge.performance import Performance
    from bridge.terminal.output import TerminalOutput
    from bridge.wire.target import Target

    seconds, stage, options = command.seconds, command.stage, command.dancer
    if seconds is not None and seconds <= 0:
        raise ValueError(f"--seconds must be positive, not {seconds}")
    if (addresses := stage.addresses) is not None:
        addresses.unlink(missing_ok=True)  # an older performance's, which listens no more
    for option, file in (("--json", stage.json), ("--addresses", addresses)):  # mistyped; a full disk ends no dance
        if file is not None and not file.parent.is_dir():
            raise ValueError(f"{option} {file}: there is no folder {file.parent}; make it, or name another file")
    dancer = options.open_dancer()
    source, name = open_source()
    output = TerminalOutput(sys.stdout)
    unwritten: list[str] = []  # nothing that is reported to others ends the dance
    summary = Performance(
        dancer=dancer,
        source=source,
        source_name=name,
        targets=tuple(Target.parse(text) for text in stage.target),
        controls=replace(options.controls, **stage.control_values),
        beat=command.beat.controls,
        midi_port=command.beat.midi,
        link=command.beat.link,
        control_address=stage.control_address,
        stage=stage.stage_place,
        stage_code=stage.stage_code,
        open_page=isinstance(command, Demo) and command.open_page,
        query_port=stage.query_port,
        announce=stage.announce,
        preset=stage.preset,
        presets=stage.presets,
        takes=stage.takes if stage.record else None,
        seed=options.seed,
        device=options.device,
        cuda_graph=options.cuda_graph,
        seconds=seconds,
        tell_addresses=None if addresses is None else lambda where: _write(addresses, where.write, unwritten),
    ).run(None if stage.quiet else output.console())
    output.conclude(printable(summary.to_text()) + "\n")
    if (json := stage.json) is not None:
        _write(json, lambda path: write_json(path, summary.to_json()), unwritten)
    if output.problem is not None:
        with contextlib.suppress(OSError):  # it may be the same disk
            print(f"transflower: part of what was printed is lost: {output.problem}", file=sys.stderr)
    if summary.problem is not None or output.problem is not None or unwritten:
        sys.exit(1)


def _write(path: Path, write: Callable[[Path], None], unwritten: list[str]) -> None:
    """Writes a file for others, or says that it could not, and notes it in `unwritten`."""
    try:
        write(path)
    except OSError as error:
        unwritten.append(f"{path} could not be written: {error.strerror}")
        with contextlib.suppress(OSError):  # it may be the same disk
            print(printable(f"transflower: {unwritten[-1]}"), file=sys.stderr)
