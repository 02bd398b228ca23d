"""The doctor: looks at a machine before a show, one thing after the other, and says what is wrong and the way out."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from bridge.checks.dancing import check_dancer
from bridge.checks.finding import CheckResult, Verdict
from bridge.checks.midi import check_midi
from bridge.checks.network import check_loopback, check_own_ports, check_stage, check_targets
from bridge.checks.software import check_software
from bridge.checks.sound import check_devices, check_file, check_input
from bridge.checks.storage import check_preset, check_takes_folder
from bridge.checks.timing import check_timing
from bridge.control.controls import Controls
from bridge.dancer.backends import BACKEND_TITLES, GPU_DEVICES, RequestedBackend
from bridge.dancer.dancer_file import DancerFile
from bridge.stage.settings import StagePlace
from models.fast_step.machine_code import FORM_VARIABLE
from models.files.checkpoint_header import ONNX_SUFFIX

MARKS: Final[dict[Verdict, str]] = {"ok": "ok", "warning": "warning", "problem": "PROBLEM"}
STYLES: Final[dict[Verdict, str]] = {"ok": "green", "warning": "yellow", "problem": "bold red"}
_COLUMNS: Final = 9


@dataclass(frozen=True, kw_only=True)
class Show:
    """What is to be performed, as far as it can be looked at beforehand.

    Attributes:
        checkpoint: Who dances; None is the dancer that ships with the repository.
        backend: What is to step the dancer.
        controls: The performer's requests.
        device: What the dancer runs on.
        cuda_graph: Whether a CUDA device captures the step as a graph.
        input: The sound device; None is the default input.
        channels: Which channels are heard, from 1 on; None leaves it to the source.
        file: The sound file; then no device is needed.
        targets: Where poses go, as for `--target`.
        control_address: Host and port at which controls come in; None hears nobody.
        query_port: Where OSCQuery answers, on the same host.
        stage: Where the page in the browser is shown; None shows none.
        preset: Name of the preset that it begins with; None begins with the controls alone.
        presets: Folder of presets.
        takes: Folder in which the take is kept; None keeps none.
        midi_port: Where MIDI clock comes in; None listens to none.
        link: Whether Ableton Link is joined.
    """

    checkpoint: Path | None = None
    backend: RequestedBackend = "auto"
    controls: Controls = field(default_factory=Controls)
    device: str = "auto"
    cuda_graph: bool = True
    input: str | None = None
    channels: tuple[int, ...] | None = None
    file: Path | None = None
    targets: tuple[str, ...] = ()
    control_address: tuple[str, int] | None = None
    query_port: int | None = None
    stage: StagePlace | None = None
    preset: str | None = None
    presets: Path = Path("presets")
    takes: Path | None = None
    midi_port: str | None = None
    link: bool = False


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """Everything that was found.

    Attributes:
        findings: In the order in which things were looked at.
        seconds: How long it took.
    """

    findings: tuple[CheckResult, ...]
    seconds: float

    @property
    def num_problems(self) -> int:
        """Findings with which the show cannot go on."""
        return self._count("problem")

    @property
    def num_warnings(self) -> int:
        """Findings with which it can."""
        return self._count("warning")

    def _count(self, verdict: Verdict) -> int:
        return sum(finding.verdict == verdict for finding in self.findings)

    def verdict(self) -> str:
        """The last line."""
        if self.num_problems:
            return f"{_number(self.num_problems, 'problem')} and {_number(self.num_warnings, 'warning')}"
        return f"ready to perform, {_number(self.num_warnings, 'warning')}"

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries and numbers."""
        return {
            "seconds": self.seconds,
            "problems": self.num_problems,
            "warnings": self.num_warnings,
            "findings": [asdict(finding) for finding in self.findings],
        }

    def to_text(self) -> str:
        """One line a finding, and one for what to do about it, without colour."""
        return "\n".join([*(line for finding in self.findings for line in lines(finding)), "", self.verdict()])


def _number(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def lines(finding: CheckResult) -> list[str]:
    """The mark and what was found; the way out on a line of its own where something is wrong."""
    found = f"{MARKS[finding.verdict]:<{_COLUMNS}}{finding.check}: {finding.found}"
    return [found] if finding.verdict == "ok" else [found, f"{'':<{_COLUMNS}}-> {finding.advice}"]


def examine(show: Show, console: Console) -> Diagnosis:
    """Looks at everything, and tells each finding as it is made; takes about ten seconds.

    A check that breaks is a finding too, and the others go on.

    Args:
        show: What is to be performed.
        console: Where findings and progress appear.
    """
    begin_s = time.monotonic()
    findings: list[CheckResult] = []
    for name, check in _checks(show):
        with console.status(f"looking at {name}"):
            try:
                found = check()
            except Exception as error:  # whatever a driver throws: the doctor must not be the patient
                detail = f"the check itself failed: {type(error).__name__}: {error}"
                found = [
                    CheckResult(check=name, verdict="problem", found=detail, advice="this is a bug: please report it")
                ]
        for finding in found:
            tell(finding, console)
        findings += found
    return Diagnosis(findings=tuple(findings), seconds=time.monotonic() - begin_s)


def tell(finding: CheckResult, console: Console) -> None:
    """Prints a finding, its mark in colour where there is any."""
    for line in lines(finding):
        mark, rest = line[:_COLUMNS], line[_COLUMNS:]
        console.print(mark, style=STYLES[finding.verdict], end="", markup=False, highlight=False)
        console.print(rest, markup=False, highlight=False, soft_wrap=True)


def _checks(show: Show) -> Iterator[tuple[str, Callable[[], list[CheckResult]]]]:
    """What is looked at, by name, in this order."""
    wanted = {"midi"} if show.midi_port is not None else set()
    is_onnx = show.checkpoint is not None and show.checkpoint.suffix.lower() == ONNX_SUFFIX
    wants_onnx = show.backend == "onnx" or is_onnx
    wants_torch = show.backend == "torch" or show.device in GPU_DEVICES
    wanted |= {
        name for name, is_wanted in (("link", show.link), ("onnx", wants_onnx), ("gpu", wants_torch)) if is_wanted
    }
    extras = frozenset(wanted)
    dancer, unopened = _open_dancer(show)
    yield "the installation", lambda: check_software(extras)
    yield "the clock", check_timing
    yield "the dancer", lambda: unopened if dancer is None else _check_dancer(dancer, show)
    yield "the sound devices", check_devices
    file = show.file
    if file is None:
        yield "the sound input", lambda: check_input(show.input, show.channels)
    elif file != Path("-"):
        yield "the song", lambda: check_file(file, show.channels)
    yield "the targets", lambda: check_targets(show.targets, show.control_address, dancer)
    yield "our own ports", lambda: check_own_ports(show.control_address, show.query_port)
    control, query_port = show.control_address, show.query_port
    query = None if control is None or query_port is None else (control[0], query_port)
    yield "the stage", lambda: check_stage(show.stage, query)
    yield "the loopback network", check_loopback
    yield "MIDI", lambda: check_midi(show.midi_port)
    preset, takes = show.preset, show.takes
    if preset is not None:
        names = ((), ()) if dancer is None else (dancer.styles, dancer.seed_poses)
        yield "the preset", lambda: check_preset(show.presets, preset, *names)
    if takes is not None:
        yield "the folder of takes", lambda: check_takes_folder(takes)


def _open_dancer(show: Show) -> tuple[DancerFile | None, list[CheckResult]]:
    """The dancer; or none, and why."""
    try:
        return DancerFile.open(show.checkpoint, show.backend, device=show.device), []
    except (ValueError, OSError) as error:
        advice = "name another file by --checkpoint, or none for the dancer of the repository"
        return None, [CheckResult(check="dancer", verdict="problem", found=str(error), advice=advice)]


def _check_dancer(dancer: DancerFile, show: Show) -> list[CheckResult]:
    findings = check_dancer(dancer, show.controls, device=show.device, cuda_graph=show.cuda_graph)
    return findings if dancer.slower_because is None else [_slower(dancer), *findings]


def _slower(dancer: DancerFile) -> CheckResult:
    """That the fast step was not taken, though it was not declined by name."""
    found = f"{dancer.path.name} is danced by {BACKEND_TITLES[dancer.backend]}: {dancer.slower_because}"
    way_out = f"unset {FORM_VARIABLE}" if FORM_VARIABLE in str(dancer.slower_because) else "put that right"
    advice = f"{way_out} and the step is faster, or say --backend torch if it is meant"
    return CheckResult(check="backend", verdict="warning", found=found, advice=advice)
