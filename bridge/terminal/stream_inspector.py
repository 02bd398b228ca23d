"""What comes to a port, looked at closely: who sends, what, how evenly, and what a receiver would trip over."""

from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import pairwise
from typing import Any, Final, Literal

import numpy as np

from bridge.timing.metrics import Histogram, Percentiles
from bridge.wire.dance_protocol import SEQUENCE_MODULUS, AudioLevels, Beat, Latency, Status, WhyUpdate
from bridge.wire.osc_message import OscMessage, excerpt, parse_datagram
from bridge.wire.osc_template import MAX_DATAGRAM_BYTES
from bridge.wire.receiver import DanceEvent, DancePose, DanceReceiver, is_newer
from bridge.wire.sender_ports import SenderPorts, unit
from bridge.wire.vmc_stream import VmcStream
from data.motion.motion import Pose
from data.motion.skeleton import Skeleton

Watched = Literal["auto", "vmc", "dance"]
Address = tuple[str, int]

_MAX_SENDERS: Final = 8
_MAX_OTHER: Final = 16
_WINDOW_S: Final = 2.0
_WHY_LASTS_S: Final = 3.0
_WHY_LETTERS: Final = 400
"""The line that says why nobody dances ends with the way out, which must not be cut off."""
_SILENT_S: Final = 1.0
_PACE: Final = (0.8, 1.25)
"""A second of a sender's clock is a second of ours; sounds and frames drift by thousandths."""
_REORDERED: Final = 64  # further back than this, the sender has begun anew
_MAX_REACH_M: Final = 1000.0


@dataclass(frozen=True, kw_only=True, eq=False)
class StreamReport:
    """What one sender sends, so far.

    Attributes:
        sender: Its address, `host:port`; `host:*` where it sends from more than one port.
        protocol: `vmc`, `dance`, both, or `unknown`.
        frames: Frames begun: poses of our own protocol, else of VMC.
        rate_hz: Frames a second within the last two seconds.
        interval_ms: Between frames; what p99 has over p50 is the jitter.
        datagrams: That came, whatever was in them.
        bytes_a_second: Within the last two seconds.
        largest_bytes: The largest datagram; above 1472 it travels in pieces.
        malformed: Datagrams of which something had to be refused.
        last_fault: Why the newest of them was; None if there was none.
        lost: Frames that never came, by the sequence numbers of our own protocol.
        reordered: Frames that came after a later one.
        not_finite: Transforms with NaN or infinity.
        not_unit: Quaternions whose length was not 1.
        bones: Names, in the order of the skeleton or of first arrival.
        beat: The newest, of our own protocol; None before any. So are the next three.
        levels: How loud the music is.
        latency: Where the sender's time goes.
        status: The sender's state and its missed deadlines.
        why: Why its figure does not dance; empty while it does.
        blend_shapes: Newest values by name.
        other: Addresses that no figure needs, as many as are worth showing.
        silent_s: Since the newest datagram.
        notices: What a person should know, one line each.
        figure: The newest pose on its skeleton; None before there is one.
    """

    sender: str
    protocol: str
    frames: int
    rate_hz: float
    interval_ms: Percentiles
    datagrams: int
    bytes_a_second: float
    largest_bytes: int
    malformed: int
    last_fault: str | None
    lost: int
    reordered: int
    not_finite: int
    not_unit: int
    bones: tuple[str, ...]
    beat: Beat | None
    levels: AudioLevels | None
    latency: Latency | None
    status: Status | None
    why: str
    blend_shapes: dict[str, float]
    other: tuple[str, ...]
    silent_s: float
    notices: tuple[str, ...]
    figure: tuple[Skeleton, Pose] | None = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Plain dictionaries and numbers; the figure is left out."""
        entries = {name: value for name, value in vars(self).items() if name != "figure"}
        for name in ("interval_ms", "beat", "levels", "latency", "status"):
            entries[name] = None if entries[name] is None else asdict(entries[name])
        return entries


class StreamInspector:
    """Takes in every datagram that comes to a port and tells what it saw. Pure: no socket, no clock.

    No bytes make it raise, and its size has a limit: eight senders at a time. A ninth takes the place of one that has
    been silent for two seconds; if there is none, it is counted and passed over.

    Attributes:
        num_passed_over: Datagrams of senders for whom there was no place.
    """

    def __init__(self, protocol: Watched = "auto") -> None:
        """Prepares.

        Args:
            protocol: What is decoded; `auto` tells by the addresses.
        """
        self.num_passed_over = 0
        self._protocol = protocol
        self._senders: dict[Address, _Sender] = {}

    @property
    def num_frames(self) -> int:
        """Frames of all senders that are remembered."""
        return sum(sender.num_frames for sender in self._senders.values())

    def receive(self, datagram: bytes, address: Address, time_s: float) -> None:
        """Looks at a datagram that came from `address` at a time of the monotonic clock."""
        messages: list[OscMessage] = []
        fault = ""
        try:
            messages = parse_datagram(datagram)
        except ValueError as error:
            fault = str(error)
        sender = self._sender_of(messages, address, time_s)
        if sender is None:
            self.num_passed_over += 1
        else:
            sender.receive(datagram, messages, fault, time_s)

    def _sender_of(self, messages: list[OscMessage], address: Address, time_s: float) -> "_Sender | None":
        """A sender is a host, and a port of it where a second figure comes from there; None if there is no place."""
        host, port = address
        if address in self._senders:
            return self._senders[address]
        whole = self._senders.get((host, 0)) or self._new_sender((host, 0), time_s)
        units = [unit(message.address, *message.arguments[:1]) for message in messages]
        if whole is None or whole.ports.takes(port, units, time_s):
            return whole
        return self._new_sender(address, time_s)

    def _new_sender(self, address: Address, time_s: float) -> "_Sender | None":
        if len(self._senders) == _MAX_SENDERS:
            oldest = min(self._senders, key=lambda known: self._senders[known].last_s)
            if time_s - self._senders[oldest].last_s < _WINDOW_S:
                return None
            del self._senders[oldest]
        self._senders[address] = _Sender(self._protocol)
        return self._senders[address]

    def snapshot(self, now_s: float) -> tuple[StreamReport, ...]:
        """All senders at a time of the monotonic clock: those with most frames first, then with most datagrams."""
        reports = [
            sender.report(f"{host}:{port or sender.ports.port or '*'}", now_s)
            for (host, port), sender in self._senders.items()
        ]
        return tuple(sorted(reports, key=lambda report: (-report.frames, -report.datagrams)))


class _Sender:
    """One sender: counters, decoders, and the newest of everything."""

    def __init__(self, protocol: Watched) -> None:
        self.last_s = 0.0
        self.ports = SenderPorts()
        self._protocol = protocol
        self._vmc = VmcStream()
        self._dance = DanceReceiver()
        self._pose: DancePose | None = None
        self._newest: dict[type, Any] = {}
        self._num_poses = self._num_lost = self._num_reordered = 0
        self._num_datagrams = self._num_malformed = self._largest_bytes = 0
        self._num_single = 0
        self._last_fault: str | None = None
        self._other: dict[str, None] = {}
        self._intervals_ms = Histogram(limit=2000.0, num_bins=20_000)
        self._frame_times_s: deque[float] = deque(maxlen=1024)
        self._arrivals: deque[tuple[float, int]] = deque(maxlen=4096)
        self._clock: deque[tuple[float, float]] = deque(maxlen=1024)  # our time and theirs, of each frame

    @property
    def num_frames(self) -> int:
        return self._num_poses or self._vmc.num_frames

    def receive(self, datagram: bytes, messages: list[OscMessage], fault: str, time_s: float) -> None:
        self.last_s = time_s
        self._num_datagrams += 1
        self._largest_bytes = max(self._largest_bytes, len(datagram))
        self._arrivals.append((time_s, len(datagram)))
        before = self.num_frames
        faults = [fault] if fault else list(self._decode(datagram, messages))
        if faults:
            self._num_malformed += 1
            self._last_fault = excerpt(faults[-1])
        if self.num_frames > before:
            if self._frame_times_s:
                self._intervals_ms.add(1e3 * (time_s - self._frame_times_s[-1]))
            self._frame_times_s.append(time_s)
            if self._vmc.time_s is not None:
                self._clock.append((time_s, self._vmc.time_s))

    def _decode(self, datagram: bytes, messages: list[OscMessage]) -> Iterator[str]:
        """Takes a datagram in; yields what was wrong with it."""
        self._num_single += len(messages) == 1 and messages[0].address == "/VMC/Ext/Bone/Pos"
        if self._protocol != "vmc" and any(message.address.startswith("/dance/") for message in messages):
            try:
                if len(datagram) > MAX_DATAGRAM_BYTES:  # also keeps the names of a forged skeleton short
                    raise ValueError(f"{len(datagram)} bytes of /dance; a datagram of it has at most 1472")
                for event in self._dance.receive(datagram):
                    self._note(event)
            except ValueError as error:
                yield str(error)
        for message in messages:
            try:
                self._take(message)
            except ValueError as error:
                yield str(error)

    def _take(self, message: OscMessage) -> None:
        if self._protocol != "dance" and self._vmc.receive(message):
            return
        is_ours = message.address.startswith("/dance/") and self._protocol != "vmc"
        if not is_ours and len(self._other) < _MAX_OTHER:
            self._other[excerpt(message.address)] = None

    def _note(self, event: DanceEvent) -> None:
        """Keeps an event, and counts what the sequence numbers tell."""
        if isinstance(event, Status):
            event = replace(event, state=excerpt(event.state))
        if isinstance(event, WhyUpdate):
            event = replace(event, text=excerpt(event.text, _WHY_LETTERS))
        if not isinstance(event, DancePose):
            self._newest[type(event)] = event
            return
        self._num_poses += 1
        if self._pose is not None:
            new, last = event.frame.sequence, self._pose.frame.sequence
            if is_newer(new, than=last):
                missing = (new - last) % SEQUENCE_MODULUS - 1
                self._num_lost += missing if missing < SEQUENCE_MODULUS // 1024 else 0
            elif 0 < (last - new) % SEQUENCE_MODULUS <= _REORDERED:
                self._num_reordered += 1
                self._num_lost = max(0, self._num_lost - 1)
                return
        self._pose = event

    def report(self, name: str, now_s: float) -> StreamReport:
        vmc, bones, figure = self._vmc, tuple(self._vmc.bones), None
        if self._pose is not None:
            described = self._dance.skeleton_of(self._pose)
            bones = () if described is None else tuple(excerpt(bone.name) for bone in described)
            figure = self._dance_figure(self._pose)
        elif bones:
            figure = vmc.figure()
        protocols = {"vmc": bool(vmc.num_frames or vmc.bones), "dance": bool(self._num_poses or self._newest)}
        frame_times_s = [time_s for time_s in self._frame_times_s if time_s > now_s - _WINDOW_S]
        arrivals = [arrival for arrival in self._arrivals if arrival[0] > now_s - _WINDOW_S]
        span_s = max(now_s - arrivals[0][0], 1e-3) if arrivals else 1.0
        intervals_s = [later - earlier for earlier, later in pairwise(frame_times_s)]
        return StreamReport(
            sender=name,
            protocol=" and ".join(word for word, is_spoken in protocols.items() if is_spoken) or "unknown",
            frames=self.num_frames,
            rate_hz=len(intervals_s) / max(sum(intervals_s), 1e-3) if intervals_s else 0.0,
            interval_ms=self._intervals_ms.percentiles(),
            datagrams=self._num_datagrams,
            bytes_a_second=sum(num_bytes for _, num_bytes in arrivals) / span_s,
            largest_bytes=self._largest_bytes,
            malformed=self._num_malformed,
            last_fault=self._last_fault,
            lost=self._num_lost,
            reordered=self._num_reordered,
            not_finite=vmc.num_not_finite,
            not_unit=vmc.num_not_unit,
            bones=bones,
            beat=self._newest.get(Beat),
            levels=self._newest.get(AudioLevels),
            latency=self._newest.get(Latency),
            status=self._newest.get(Status),
            why=self._why(now_s),
            blend_shapes={excerpt(shape): value for shape, value in vmc.blend_shapes.items()},
            other=tuple(self._other),
            silent_s=max(0.0, now_s - self.last_s),
            notices=tuple(self._notices(now_s, len(bones))),
            figure=figure,
        )

    def _why(self, now_s: float) -> str:
        """What a sender who has fallen silent said of its figure is over."""
        still = self._newest.get(WhyUpdate)
        return "" if still is None or now_s - self.last_s >= _WHY_LASTS_S else still.text

    def _dance_figure(self, pose: DancePose) -> tuple[Skeleton, Pose] | None:
        """The newest pose of our own protocol, or None where its skeleton is unknown or makes no sense."""
        described = self._dance.skeleton_of(pose)
        if described is None:
            return None
        offsets = np.array([bone.offset for bone in described], np.float32)
        if max(np.abs(offsets).max(), np.abs(pose.frame.root_position).max()) > _MAX_REACH_M:
            return None
        try:
            skeleton = Skeleton(
                tuple(bone.name for bone in described), tuple(bone.parent for bone in described), offsets
            )
        except ValueError:  # such as two bones of one name
            return None
        return skeleton, Pose(pose.frame.root_position, pose.frame.rotations)

    def _notices(self, now_s: float, num_bones: int) -> Iterator[str]:
        vmc = self._vmc
        if now_s - self.last_s > _SILENT_S:
            yield f"nothing has come for {now_s - self.last_s:.0f} s"
        if self._num_malformed:
            yield f"{self._num_malformed} datagrams were refused in part or whole; the last: {self._last_fault}"
        if self._largest_bytes > MAX_DATAGRAM_BYTES:
            yield f"datagrams of {self._largest_bytes} bytes travel in pieces: lose one and all is lost; 1472 fit whole"
        if self._pose is not None and not num_bones:
            yield "poses, but no whole skeleton yet (it comes once a second)"
        if vmc.num_not_finite:
            yield f"{vmc.num_not_finite} bones or roots with NaN or infinity; receivers may lose the figure for good"
        if vmc.num_not_unit:
            yield f"{vmc.num_not_unit} quaternions whose length is not 1: the figure may be crushed or vanish"
        if vmc.num_not_float:
            yield (
                f"{vmc.num_not_float} messages whose numbers are integers or doubles: many receivers drop "
                "these; let the sender write every number as a float (OSC type f)"
            )
        if vmc.num_named_as_in_vrm:
            yield "names bones as VRM files do (leftHand): receivers know those of Unity (LeftHand) alone; send these"
        if vmc.num_implausible:
            yield f"{vmc.num_implausible} bones longer than 5 m or places beyond 1 km: is the sender in centimetres?"
        if vmc.has_zero_positions:
            yield "all bone positions are zero: receivers that apply positions crush the figure; let them ignore those"
        if vmc.bones and vmc.time_s is None:
            yield "no /VMC/Ext/T: some receivers wait for it to show a frame"
        timed = [pair for pair in self._clock if pair[0] > now_s - _WINDOW_S]
        if len(timed) > 1 and timed[-1][0] - timed[0][0] > 0.5 * _WINDOW_S:
            pace = (timed[-1][1] - timed[0][1]) / (timed[-1][0] - timed[0][0])
            if not _PACE[0] < pace < _PACE[1]:
                yield (
                    f"its clock, /VMC/Ext/T, counts {pace:.3g} in a second: receivers that play by it freeze or "
                    "stutter; send the seconds that have passed"
                )
        if vmc.calibration not in (None, 3):
            yield f"says it is not calibrated ({vmc.calibration}, not 3): some receivers hide the figure"
        if vmc.is_loaded is False:
            yield "says that it has not loaded its avatar yet"
        if self.ports.changes:
            yield "sends from more than one port: some receivers take each for a sender of its own; keep one socket"
        if self._num_single > 10 * max(1, self.num_frames):
            yield "sends each bone in a datagram of its own: some receivers slow down; bundle them"
