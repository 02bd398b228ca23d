"""Options that several commands share."""

import contextlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import tyro
from rich.console import Console

from bridge.commands.control_options import BeatControlOptions, DanceControlOptions, StageControlOptions
from bridge.control.controls import BeatControls, Controls
from bridge.dancer.backends import BACKEND_TITLES, RequestedBackend, choose
from bridge.dancer.dancer_file import DancerFile
from bridge.stage.settings import DEFAULT_PORT, StagePlace
from bridge.wire.targets import DEFAULT_TARGETS
from data.commands.printable import printable
from models.files.checkpoint_header import ONNX_SUFFIX, default_path

DEFAULT_TARGET_NAMES: Final = tuple(str(target) for target in DEFAULT_TARGETS)
DEFAULT_CONTROL: Final = "127.0.0.1:39540"
DEFAULT_QUERY_PORT: Final = 39541
DEFAULT_STAGE: Final = f"127.0.0.1:{DEFAULT_PORT}"


@dataclass(frozen=True, kw_only=True)
class CheckpointOption:
    """Who dances."""

    checkpoint: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None
    """The dancer: a .safetensors file of this project, or an .onnx file of `transflower export-model`, which ONNX
    Runtime performs. The one that ships with the repository, if none is named."""


@dataclass(frozen=True, kw_only=True)
class DancerOptions(DanceControlOptions, CheckpointOption):  # options of the last base come first
    """Who dances, and how."""

    seed: int = 0
    """Chooses the dance: the same sound and seed give the same one."""
    device: Literal["auto", "cuda", "mps", "cpu"] = "auto"
    """What the dancer runs on; auto takes a GPU of CUDA if there is one and the dancer is large enough to gain by
    it; Apple's (mps) is taken where it is named."""
    cuda_graph: bool = True
    """Capture the step as a CUDA graph. Switch it off if a driver refuses; it has no effect without CUDA."""
    backend: RequestedBackend = "auto"
    """What steps the dancer. auto takes the fastest that is there: fast, or PyTorch on a GPU for a large dancer, and
    PyTorch for a dancer that fast does not know. fast steps a .safetensors file on the processor by code of our own,
    which is compiled once for each machine and dances as PyTorch does to within rounding. torch is PyTorch, on
    processors and GPUs. onnx is ONNX Runtime, which needs the extra onnx: a .safetensors file is exported in memory
    first, which takes a while; `transflower export-model` does it once."""

    @property
    def controls(self) -> Controls:
        """The performer's requests among the options."""
        return Controls(**{field.name: getattr(self, field.name) for field in fields(DanceControlOptions)})

    def open_dancer(self) -> DancerFile:
        """The dancer's file, opened; says so where it takes long.

        Raises:
            ValueError: There is no such file, it is no dancer, or a package is missing.
        """
        path = default_path() if self.checkpoint is None else self.checkpoint
        console = Console(stderr=True)
        if self.backend == "onnx" and path.suffix.lower() != ONNX_SUFFIX:
            with console.status(f"exporting {path.name} to ONNX; `transflower export-model` does it once"):
                return DancerFile.open(path, self.backend)
        if self.backend in ("auto", "fast"):
            self._tell_of_compiling(path, console)
        dancer = DancerFile.open(path, self.backend, device=self.device)
        if dancer.backend == "fast":
            from models.fast_step.machine_code import not_kept

            if (where := not_kept()) is not None:
                note = f"note: the fast step could not be kept in {where}: it is compiled at each start"
                console.print(printable(note), markup=False, highlight=False, soft_wrap=True)
        if dancer.slower_because is not None:
            note = f"note: {path.name} is danced by {BACKEND_TITLES[dancer.backend]}: {dancer.slower_because}"
            console.print(printable(note), markup=False, highlight=False, soft_wrap=True)
        return dancer

    def _tell_of_compiling(self, path: Path, console: Console) -> None:
        """Says so where opening the dancer takes seconds for once; what is wrong with it is said when it is opened."""
        from models.fast_step import machine_code
        from models.files.checkpoint_header import read_header

        with contextlib.suppress(ValueError, OSError):
            if choose(path, read_header(path), self.backend, self.device).backend == "fast":
                form = machine_code.FORM_TITLES[machine_code.target().form]
                if not machine_code.is_ready():
                    note = f"compiling the fast step for this processor ({form}), which takes some seconds"
                    console.print(note, markup=False, highlight=False, soft_wrap=True)


@dataclass(frozen=True, kw_only=True)
class BeatOptions(BeatControlOptions):
    """Who says where the beat is."""

    midi: Annotated[str | None, tyro.conf.arg(metavar="PORT")] = None
    """Listen to MIDI clock at this input, by a part of its name; `virtual` opens a port of our own. Needs the extra
    midi."""
    link: bool = False
    """Join Ableton Link on the local network, which multicasts. Needs the extra link."""

    @property
    def controls(self) -> BeatControls:
        """The performer's requests among the options."""
        return BeatControls(**{field.name: getattr(self, field.name) for field in fields(BeatControlOptions)})


@dataclass(frozen=True, kw_only=True)
class StageOptions(StageControlOptions):
    """Where the dance goes, who may steer it, and what is reported of it."""

    config: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None
    """A whole show in one YAML file: the options of this command by name, such as `energy: 0.8`. What is given on the
    command line wins."""
    target: tuple[str, ...] = DEFAULT_TARGET_NAMES
    """Receivers, as protocol:host:port and options after commas. Protocols: vmc (for avatars), dance (ours), vrchat
    (trackers). Options: rate=60, bones=upper, travel=root, axes=vrm1, bundle=no, vrm=avatar.vrm, backstage=yes,
    plain=yes (for Pure Data); see bridge/PROTOCOL.md."""
    control: Annotated[str | None, tyro.conf.arg(metavar="HOST:PORT|None")] = DEFAULT_CONTROL
    """Where OSC controls and VMC from others come in; 0.0.0.0:39540 hears the whole network, None hears nobody. Port 0
    is any free one, here, of --query-port and of --stage: which it became is printed, and written by --addresses."""
    query_port: Annotated[int | None, tyro.conf.arg(metavar="PORT|None")] = DEFAULT_QUERY_PORT
    """Where OSCQuery describes the controls over HTTP, on the host of --control."""
    announce: bool = False
    """Tell the network of both by zeroconf (Bonjour), so that control surfaces list the bridge; needs the extra
    announce, and --control at an address of that network, such as 0.0.0.0:39540."""
    stage: Annotated[str | None, tyro.conf.arg(metavar="HOST:PORT|None")] = DEFAULT_STAGE
    """Where the page is shown on which the dancer is watched, steered and met in VR. At 0.0.0.0:39542 the network sees
    it too, over HTTPS, by the token in the address that is printed."""
    stage_token: Annotated[str | None, tyro.conf.arg(metavar="TOKEN")] = None
    """What viewers of the page must bring; if not given, one is made up where the network listens."""
    stage_watch_token: Annotated[str | None, tyro.conf.arg(metavar="TOKEN")] = None
    """What those bring who may watch, and neither steer nor have takes; if not given, one is made up where viewers need
    a token, and its address printed as well."""
    stage_code: Literal["steer", "watch"] = "steer"
    """Whose address the terminal shows as a QR code: of those who steer, or of those who only watch."""
    stage_certificate: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None
    """A certificate with its key, in PEM, for HTTPS; if not given, this machine's own, which is made once a year, and
    which each browser asks about once."""
    preset: Annotated[str | None, tyro.conf.arg(metavar="NAME")] = None
    """Begin with this preset; it wins over the options of the dance."""
    presets: Annotated[Path, tyro.conf.arg(metavar="FOLDER")] = Path("presets")
    """Where presets are recalled from and saved to, one YAML file each."""
    record: bool = True
    """Keep the performance as a take."""
    takes: Annotated[Path, tyro.conf.arg(metavar="FOLDER")] = Path("takes")
    """Where takes are kept."""
    addresses: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None
    """Write to this file, once everything listens, at which addresses: JSON with `control`, `query`, `stage` and
    `watch`."""
    json: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None
    """Write the summary to this file: latency by stage, deadlines, frames, memory."""
    quiet: bool = False
    """Show no dashboard and no log lines, only the summary."""
    aloud: bool = True
    """Play a file through the loudspeaker, if there is one."""

    @property
    def control_values(self) -> dict[str, Any]:
        """The controls among the options, by their name."""
        return {field.name: getattr(self, field.name) for field in fields(StageControlOptions)}

    @property
    def play_aloud(self) -> Literal["auto", False]:
        """The same for `FileSource`."""
        return "auto" if self.aloud else False

    @property
    def stage_place(self) -> StagePlace | None:
        """Where the page is shown.

        Raises:
            ValueError: It is not HOST:PORT.
        """
        if self.stage is None:
            return None
        host, port = parse_address(self.stage)
        return StagePlace(
            host=host,
            port=port,
            token=self.stage_token,
            watch_token=self.stage_watch_token,
            certificate=self.stage_certificate,
        )

    @property
    def control_address(self) -> tuple[str, int] | None:
        """Host and port of `control`.

        Raises:
            ValueError: It is not HOST:PORT.
        """
        return None if self.control is None else parse_address(self.control)


@dataclass(frozen=True, kw_only=True)
class DemoStageOptions(StageOptions):
    """Likewise for a dance that is only to be looked at."""

    record: bool = False
    """Keep the performance as a take."""


def parse_address(text: str) -> tuple[str, int]:
    """Host and port of `HOST:PORT`, the host being 127.0.0.1 for a mere `:PORT`; port 0 is any that is free.

    Raises:
        ValueError: It has another form.

    Example:
        >>> parse_address("0.0.0.0:39540"), parse_address("39540")
        (('0.0.0.0', 39540), ('127.0.0.1', 39540))
    """
    host, _, port = text.rpartition(":")
    if not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"{text!r} is not HOST:PORT with a port from 0 to 65535, such as {DEFAULT_CONTROL}")
    return host or "127.0.0.1", int(port)
