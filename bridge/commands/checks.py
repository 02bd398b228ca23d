"""`transflower devices`, `doctor`, `bench` and `monitor`: what this machine has, and how it does."""

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro
from rich.console import Console

from bridge.commands.options import DancerOptions
from bridge.commands.perform import Perform
from bridge.wire.target import DEFAULT_HOST
from data.formats.json_file import write_json
from data.sound.channels import parse_channels

if TYPE_CHECKING:
    from bridge.checks.click_latency import ClickReport


@dataclass(frozen=True, kw_only=True)
class Devices:
    """List the sound inputs and outputs of this machine.

    - transflower devices
    """

    def run(self) -> None:
        """Prints the table."""
        from bridge.sources.portaudio import device_table, list_devices

        for line in device_table(list_devices()):
            print(line)


@dataclass(frozen=True, kw_only=True)
class Doctor(Perform):
    """Look at this machine before a show: one line for each thing that could go wrong, and the way out.

    Ten minutes before the doors open; exit code 0 when nothing is in the way, 1 otherwise:
    - transflower doctor

    A whole show: write `doctor` where `perform` would stand, and leave the rest of the line:
    - transflower doctor --config show.yaml
    - transflower doctor --input "USB Audio" --target vmc:192.168.1.20:39539

    How long it takes from a click in the room to the pose that knows of it; plays forty clicks aloud, so connect the
    output to the input by a cable, or put the microphone before the loudspeaker:
    - transflower doctor --click
    - transflower doctor --click --clicks 100 --input pulse --output pulse --json clicks.json
    """

    click: bool = False
    """Play clicks, and measure how long each takes to become a pose."""
    clicks: int = 40
    """How many, with --click."""
    output: Annotated[str | None, tyro.conf.arg(metavar="DEVICE")] = None
    """Where clicks are played, with --click: number, name or part of a name; the default output, if not given."""

    def run(self) -> None:
        """Looks and prints; exits with code 1 when something is in the way of a show."""
        from bridge.checks.doctor import Show, examine

        if self.input is not None and self.file is not None:
            raise ValueError("--input and --file exclude each other: dance to a device or to a file")
        stage, dancer = self.stage, self.dancer
        show = Show(
            checkpoint=dancer.checkpoint,
            backend=dancer.backend,
            controls=dancer.controls,
            device=dancer.device,
            cuda_graph=dancer.cuda_graph,
            input=self.input,
            channels=parse_channels(self.channels),
            file=self.file,
            targets=stage.target,
            control_address=stage.control_address,
            query_port=stage.query_port,
            stage=stage.stage_place,
            preset=stage.preset,
            presets=stage.presets,
            takes=stage.takes if stage.record else None,
            midi_port=self.beat.midi,
            link=self.beat.link,
        )
        console = Console()
        diagnosis = examine(show, console)
        report = diagnosis.to_json()
        console.print(f"\n{diagnosis.verdict()}", highlight=False)
        heard_all = True
        if self.click:
            clicks = self._test_clicks(console)
            print(f"\n{clicks.to_text()}")
            report["clicks"], heard_all = clicks.to_json(), clicks.is_complete
        if stage.json is not None:
            write_json(stage.json, report)
        if diagnosis.num_problems or not heard_all:
            sys.exit(1)

    def _test_clicks(self, console: Console) -> "ClickReport":
        from bridge.checks.click_latency import ClickTest

        test = ClickTest(
            dancer=self.dancer.open_dancer(),
            input=self.input,
            output=self.output,
            num_clicks=self.clicks,
            controls=self.dancer.controls,
            device=self.dancer.device,
            cuda_graph=self.dancer.cuda_graph,
            seed=self.dancer.seed,
        )
        with console.status(f"playing clicks for {test.track.seconds:.0f} s"):
            return test.run()


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Measure this machine against the budgets of the design: speed, latency, memory.

    Beside them stands what an audience saw of the live part, next to real dance: how long the dancer floated and stood,
    how much of the time it faced front, how fast it moved and at which rates, and how far standing feet slid.

    - transflower bench
    - transflower bench --seconds 60 --json bench.json
    """

    seconds: float = 20.0
    """Length of the live part, a performance over the loopback network."""
    json: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None
    """Write the measurements to this file."""
    dancer: tyro.conf.OmitArgPrefixes[DancerOptions] = field(default_factory=DancerOptions)

    def run(self) -> None:
        """Measures and prints the report."""
        from bridge.bench.bench import bench
        from data.music import demo_song

        report = bench(
            self.dancer.open_dancer(),
            device=self.dancer.device,
            cuda_graph=self.dancer.cuda_graph,
            seconds=self.seconds,
            song=demo_song(),
            console=Console(stderr=True),
        )
        print(report.to_text())
        if self.json is not None:
            write_json(self.json, report.to_json())


@dataclass(frozen=True, kw_only=True)
class Monitor:
    """Watch what comes to a port: any VMC application, another bridge, or our own protocol, drawn in the terminal.

    What avatars would receive from this bridge (stop them first, since a port has one listener):
    - transflower monitor

    Our own protocol; everything that reaches this machine on another port:
    - transflower monitor --protocol dance
    - transflower monitor --host 0.0.0.0 --port 39541 --seconds 30 --json seen.json
    """

    host: str = DEFAULT_HOST
    """Address to listen at; 0.0.0.0 hears the whole network."""
    port: Annotated[int | None, tyro.conf.arg(metavar="PORT|None")] = None
    """Where to listen; the usual port of the protocol, if not given."""
    protocol: Literal["auto", "vmc", "dance"] = "auto"
    """What is decoded; auto finds out by itself."""
    seconds: Annotated[float | None, tyro.conf.arg(metavar="SECONDS")] = None
    """End after so long; otherwise with Ctrl-C."""
    json: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None
    """Write what was seen to this file."""

    def run(self) -> None:
        """Watches; exits with code 1 when no figure came."""
        from bridge.terminal.monitor import monitor

        report = monitor(
            host=self.host, port=self.port, protocol=self.protocol, seconds=self.seconds, console=Console()
        )
        print(report.to_text())
        if self.json is not None:
            write_json(self.json, report.to_json())
        if not report.saw_frames:
            sys.exit(1)
