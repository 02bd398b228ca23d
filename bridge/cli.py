"""The command `transflower`: perform, demo, generate, devices, bench."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro
from rich.console import Console

from bridge.controls import Controls
from bridge.dancer_file import DancerFile
from bridge.sources.portaudio import SoundDevice, SoundUnavailableError
from bridge.sources.source import SoundSource
from bridge.wire.targets import DEFAULT_TARGETS, Target

DEFAULT_TARGET_NAMES = tuple(str(target) for target in DEFAULT_TARGETS)


@dataclass(frozen=True, kw_only=True)
class DancerOptions:
    """Who dances, and how."""

    checkpoint: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None
    """The dancer: a .safetensors file of this project. The one that ships with the repository, if none is named."""
    temperature: float = 1.0
    """Spread of the dance, 0 to 2: 1 as learned, less is calmer, more is wilder."""
    energy: Annotated[float | None, tyro.conf.arg(metavar="0..1|None")] = 0.5
    """How much the body moves, 0 to 1; 0.5 is the average of what was learned. None leaves it to the dancer, who then
    keeps on the calm side."""
    style: Annotated[str | None, tyro.conf.arg(metavar="NAME")] = None
    """A style that the dancer knows, such as HO for house. Left to the dancer, if not given."""
    groove: float = 0.15
    """How much the beat modulates the speed of the body, 0 to 1; 0.15 pulses about as much as real street dance."""
    seed: int = 0
    """The same sound and seed give the same dance."""
    device: Literal["auto", "cuda", "mps", "cpu"] = "auto"
    """What the dancer runs on; auto takes a GPU if there is one."""
    cuda_graph: bool = True
    """Capture the step as a CUDA graph. Switch it off if a driver refuses; it has no effect without CUDA."""

    @property
    def controls(self) -> Controls:
        """The performer's wishes among the options."""
        return Controls(temperature=self.temperature, energy=self.energy, style=self.style, groove=self.groove)


@dataclass(frozen=True, kw_only=True)
class StageOptions:
    """Where the dance goes, and what is told of it."""

    target: tuple[str, ...] = DEFAULT_TARGET_NAMES
    """Receivers, as protocol:host:port; protocols are vmc (for avatars) and dance (ours, see bridge/PROTOCOL.md)."""
    json: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None
    """Write the summary to this file: latency by stage, deadlines, frames, memory."""
    quiet: bool = False
    """Show no dashboard and no log lines, only the summary."""
    aloud: bool = True
    """Play a file through the loudspeaker, if there is one."""

    @property
    def play_aloud(self) -> Literal["auto", False]:
        """The same for `FileSource`."""
        return "auto" if self.aloud else False


@dataclass(frozen=True, kw_only=True)
class Perform:
    """Dance live to a sound device or to a file, and send the dance to avatars and stages.

    The default input (microphone, line in):
    - transflower perform

    A device of `transflower devices`, by a part of its name:
    - transflower perform --input "USB Audio"

    A file in real time, played aloud if there is a loudspeaker:
    - transflower perform --file song.mp3

    An avatar on another machine; house, and plenty of it:
    - transflower perform --target vmc:192.168.1.20:39539 --style HO --energy 0.8
    """

    input: Annotated[str | None, tyro.conf.arg(metavar="DEVICE")] = None
    """Sound input, by number, name or part of a name; see `transflower devices`."""
    file: Annotated[Path | None, tyro.conf.arg(metavar="SONG")] = None
    """Dance to a sound file (WAV, FLAC, OGG, MP3) instead of a device."""
    seconds: Annotated[float | None, tyro.conf.arg(metavar="SECONDS")] = None
    """End after so long; otherwise when the sound ends, or with Ctrl-C."""
    stage: tyro.conf.OmitArgPrefixes[StageOptions] = StageOptions()
    dancer: tyro.conf.OmitArgPrefixes[DancerOptions] = DancerOptions()


@dataclass(frozen=True, kw_only=True)
class Demo:
    """Dance for a minute to a song that the bridge makes itself; needs no sound card, no network and no download.

    - transflower demo
    - transflower demo --seconds 10 --json summary.json
    """

    seconds: Annotated[float | None, tyro.conf.arg(metavar="SECONDS")] = 60.0
    """End after so long."""
    stage: tyro.conf.OmitArgPrefixes[StageOptions] = StageOptions()
    dancer: tyro.conf.OmitArgPrefixes[DancerOptions] = DancerOptions()


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
    """File to write, .bvh or .npz; beside the song, if not given."""
    look_ahead_s: float = 0.0
    """How much of the music to come the dancer hears, up to what it was trained for."""
    dancer: tyro.conf.OmitArgPrefixes[DancerOptions] = DancerOptions()


@dataclass(frozen=True, kw_only=True)
class Devices:
    """List the sound inputs and outputs of this machine.

    - transflower devices
    """


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Measure this machine against the budgets of the design: speed, latency, memory.

    - transflower bench
    - transflower bench --seconds 60 --json bench.json
    """

    seconds: float = 20.0
    """Length of the live part, a performance over the loopback network."""
    json: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None
    """Write the measurements to this file."""
    dancer: tyro.conf.OmitArgPrefixes[DancerOptions] = DancerOptions()


Command = (
    Annotated[Perform, tyro.conf.subcommand("perform")]
    | Annotated[Demo, tyro.conf.subcommand("demo")]
    | Annotated[Generate, tyro.conf.subcommand("generate")]
    | Annotated[Devices, tyro.conf.subcommand("devices")]
    | Annotated[Bench, tyro.conf.subcommand("bench")]
)


def perform(command: Perform | Demo, open_source: Callable[[], tuple[SoundSource, str]]) -> None:
    """Runs `perform` and `demo`; exits with code 1 when something failed on stage.

    Args:
        command: What was asked.
        open_source: Gives the source and its name; called once there is a dancer.
    """
    from bridge.performance import Performance, write_json

    seconds, stage, options = command.seconds, command.stage, command.dancer
    if seconds is not None and seconds <= 0:
        raise ValueError(f"--seconds must be positive, not {seconds}")
    dancer = DancerFile.open(options.checkpoint)
    source, name = open_source()
    summary = Performance(
        dancer=dancer,
        source=source,
        source_name=name,
        targets=tuple(Target.parse(text) for text in stage.target),
        controls=options.controls,
        seed=options.seed,
        device=options.device,
        cuda_graph=options.cuda_graph,
        seconds=seconds,
    ).run(None if stage.quiet else Console())
    print(summary.to_text())
    if stage.json is not None:
        write_json(stage.json, summary)
    if summary.problem is not None:
        sys.exit(1)


def run(command: Command) -> None:
    """Does what was asked.

    Raises:
        ValueError: Something that a person can put right.
        OSError: A file or a socket that does not work.
        SoundUnavailableError: Sound cannot work on this machine as it is.
    """
    match command:
        case Perform(input=device, file=None):
            from bridge.sources.device import DeviceSource

            perform(command, lambda: (DeviceSource(device), device or "the default input"))
        case Perform(input=None, file=Path() as file):
            from bridge.sources.file import FileSource

            if not file.is_file():
                raise ValueError(f"{file}: no such file")
            perform(command, lambda: (FileSource(file, play_aloud=command.stage.play_aloud), file.name))
        case Perform():
            raise ValueError("--input and --file exclude each other: dance to a device or to a file")
        case Demo():
            from bridge.sources.file import FileSource
            from data.music import demo_song

            play_aloud = command.stage.play_aloud
            perform(command, lambda: (FileSource(demo_song(), loop=True, play_aloud=play_aloud), "the demo song"))
        case Generate():
            from bridge.generate import generate

            options = command.dancer
            output = command.output or command.song.with_suffix(".bvh")
            generate(
                command.song,
                output,
                dancer=DancerFile.open(options.checkpoint),
                controls=options.controls,
                seed=options.seed,
                device=options.device,
                cuda_graph=options.cuda_graph,
                look_ahead_s=command.look_ahead_s,
                console=Console(stderr=True),
            )
            print(output)
        case Devices():
            from bridge.sources.portaudio import list_devices

            for line in device_table(list_devices()):
                print(line)
        case Bench():
            from bridge.bench import bench
            from data.music import demo_song

            report = bench(
                DancerFile.open(command.dancer.checkpoint),
                device=command.dancer.device,
                cuda_graph=command.dancer.cuda_graph,
                seconds=command.seconds,
                song=demo_song(),
                console=Console(stderr=True),
            )
            print(report.to_text())
            if command.json is not None:
                command.json.write_text(json.dumps(report.to_json(), indent=2) + "\n", encoding="utf-8")


def device_table(devices: list[SoundDevice]) -> list[str]:
    """The lines that `transflower devices` prints."""
    if not devices:
        return ["this machine has no sound device; `transflower demo` and `perform --file` need none"]
    head = f"{'':>3}  {'name':<48}{'through':<20}{'in':>4}{'out':>5}{'rate':>9}"
    lines = [
        f"{d.index:>3}  {d.name:<48.47}{d.host_api:<20.19}{d.max_input_channels:>4}{d.max_output_channels:>5}"
        f"{d.default_sample_rate_hz:>9}"
        + ("  default input" if d.is_default_input else "")
        + ("  default output" if d.is_default_output else "")
        for d in devices
    ]
    return [head, *lines]


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point: parses, runs, and turns errors of use into one line and exit code 2."""
    command: Command = tyro.cli(
        Command,
        prog="transflower",
        description="Dance that a machine invents, live, from the music in the room.",
        args=arguments,
    )
    try:
        run(command)
    except KeyboardInterrupt:
        sys.exit(130)
    except (ValueError, OSError, SoundUnavailableError) as error:
        print(f"transflower: {error}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
