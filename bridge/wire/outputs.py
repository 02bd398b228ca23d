"""Outputs: one pose in, and to every target what it wants, when it wants it."""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from bridge.wire.bones import AvatarBones
from bridge.wire.dance_protocol import DanceEncoder
from bridge.wire.osc_template import bundles, message_head, osc_string, unbundled
from bridge.wire.plain_pose import PlainDanceEncoder
from bridge.wire.pose_frame import PoseFrame
from bridge.wire.target import Target
from bridge.wire.targets import UdpTargets
from bridge.wire.vmc import VmcEncoder
from bridge.wire.vrchat import VrchatEncoder
from bridge.wire.vrm_file import read_avatar
from data.motion.motion import Pose, blend
from data.motion.skeleton import Skeleton

_MAX_RELAYED: Final = 128
"""Messages of others that are passed on with one pose; more wait for the next."""


class Periods(Protocol):
    """What an avatar wants how often, in frames; `bridge.inbound.vmc_in.SetPeriod` is one."""

    @property
    def status(self) -> int:
        """Status and time."""
        ...

    @property
    def root(self) -> int:
        """The root."""
        ...

    @property
    def bone(self) -> int:
        """The bones."""
        ...


class Relay(Protocol):
    """What others want passed on to avatars; `bridge.inbound.vmc_in.VmcRelay` is one."""

    messages: deque[bytes]
    requests: deque[str]

    @property
    def periods(self) -> Mapping[str, Periods]:
        """By host."""
        ...


@dataclass
class Channel:
    """Targets that get the same bytes at the same time.

    Attributes:
        encoder: makes the bytes; its own, since an encoder's buffers are its memory.
        protocol: what it speaks.
        indices: of the targets.
        bundle: whether messages may be bundled.
        steps: poses sent for each of the dancer's; 1 sends just those.
        every: of the dancer's poses, each so many-th is sent.
        sequence: number of the next pose.
    """

    encoder: VmcEncoder | DanceEncoder | VrchatEncoder
    protocol: str
    indices: list[int]
    bundle: bool
    steps: int
    every: int
    sequence: int = field(default=0)

    def encode(self, pose: Pose, time_us: int) -> list[bytes]:
        """The datagrams of the next pose."""
        frame = PoseFrame(self.sequence, time_us, pose.root_position, pose.rotations)
        self.sequence += 1
        return self.encoder.encode(frame)


class Outputs:
    """Encodes poses for all targets and hands them over. One thread's own.

    A target with a higher rate than the dancer's gets poses between: with `n` poses for each of the dancer's, pose `k`
    is reached over the `n` sends that begin when it is due, so such a target sees the dance ``(n - 1) / n`` of a
    frame later (17 ms at 60 Hz and 22 ms at 90 Hz, for a dancer of 30 Hz), and every pose between is interpolated,
    never guessed. Sends that were missed are left out: a stall is followed by no burst.
    """

    def __init__(
        self,
        skeleton: Skeleton,
        targets: UdpTargets,
        *,
        rate_hz: int,
        start_s: float,
        relay: Relay | None = None,
        inbound_port: int | None = None,
    ) -> None:
        """Prepares the encoders.

        Args:
            skeleton: whose poses are sent.
            targets: where to; they stay the caller's.
            rate_hz: poses a second that come in.
            start_s: when the performance began: what VMC's time counts from.
            relay: what others want passed on, and what avatars ask for.
            inbound_port: where the bridge listens, for avatars that ask.

        Raises:
            ValueError: a target asks for a rate, a bone or an avatar that cannot be had.
        """
        self._targets = targets
        self._period_s = 1.0 / rate_hz
        self._relay = relay
        self._seldom = [_seldom(target, inbound_port) for target in targets.targets]
        self._channels = _channels(skeleton, targets.targets, rate_hz, round(start_s * 1e6))
        self._vmc = [index for index, target in enumerate(targets.targets) if target.protocol == "vmc"]
        self._dance = [index for index, target in enumerate(targets.targets) if target.protocol == "dance"]
        self._telemetry_targets = [index for index, target in enumerate(targets.targets) if target.telemetry]
        self._skeleton = DanceEncoder(skeleton).encode_skeleton() if self._dance else []
        self._num_poses = 0
        self._last: Pose | None = None
        self._between: deque[tuple[float, Channel, Pose]] = deque()

    @property
    def sends_status(self) -> bool:
        """Whether any target speaks our own protocol, and so wants more than poses."""
        return bool(self._dance)

    @property
    def sends_telemetry(self) -> bool:
        """Whether any target wants telemetry."""
        return bool(self._telemetry_targets)

    @property
    def next_between_s(self) -> float:
        """When the next pose between two of the dancer's is due; infinity when none is."""
        return self._between[0][0] if self._between else math.inf

    def send_pose(self, pose: Pose, time_s: float) -> None:
        """Sends the dancer's next pose, which is meant for this moment, and plans those between."""
        self._targets.look_for_refusals(time_s)
        self._between.clear()
        last = pose if self._last is None else self._last
        planned: list[tuple[float, Channel, Pose]] = []
        for channel in self._channels:
            if self._num_poses % channel.every:
                continue
            if channel.steps == 1:
                self._send(channel, pose, time_s)
                continue
            self._send(channel, blend(last, pose, 1.0 / channel.steps), time_s)
            for step in range(1, channel.steps):
                due_s = time_s + self._period_s * step / channel.steps
                weight = (step + 1) / channel.steps
                planned.append((due_s, channel, pose if step + 1 == channel.steps else blend(last, pose, weight)))
        if planned:
            self._between.extend(sorted(planned, key=lambda plan: plan[0]))
        self._last = pose
        self._num_poses += 1
        if self._relay is not None:
            self._pass_on(self._relay)

    def send_between(self, now_s: float) -> None:
        """Sends what is due of the poses between."""
        while self._between and self._between[0][0] <= now_s:
            due_s, channel, pose = self._between.popleft()
            self._send(channel, pose, due_s)

    def send_skeleton(self) -> None:
        """Sends `/dance/skeleton`."""
        self.send_status(self._skeleton)

    def send_status(self, datagrams: Sequence[bytes]) -> None:
        """Sends messages of our own protocol to all who speak it."""
        for index in self._dance:
            self._targets.send(datagrams, index)

    def send_telemetry(self, datagrams: Sequence[bytes]) -> None:
        """Sends messages of our own protocol to the targets with telemetry."""
        for index in self._telemetry_targets:
            self._targets.send(datagrams, index)

    def _send(self, channel: Channel, pose: Pose, time_s: float) -> None:
        number = channel.sequence
        datagrams = channel.encode(pose, round(time_s * 1e6))
        ready = datagrams if channel.bundle else unbundled(datagrams)
        is_asked = self._relay is not None and channel.protocol == "vmc"
        periods: Mapping[str, Periods] = self._relay.periods if is_asked and self._relay is not None else {}
        for index in channel.indices:
            wanted_periods = periods.get(self._targets.addresses[index][0]) if periods else None
            if wanted_periods is None:
                self._targets.send(ready, index)
            else:
                wanted = _thinned(datagrams, number, wanted_periods)
                self._targets.send(wanted if channel.bundle else unbundled(wanted), index)

    def _pass_on(self, relay: Relay) -> None:
        """Sends what others sent to the bridge for its avatars, as it came, and answers avatars that ask."""
        messages: list[bytes] = []
        while relay.messages and len(messages) < _MAX_RELAYED:
            messages.append(relay.messages.popleft())
        if messages:
            in_bundles = bundles(messages)
            for index in self._vmc:
                self._targets.send(in_bundles if self._targets.targets[index].bundle else messages, index)
        while relay.requests:
            host = relay.requests.popleft()
            for index in self._vmc:
                if self._targets.addresses[index][0] == host:
                    self._targets.send(self._seldom[index], index)


def _seldom(target: Target, inbound_port: int | None) -> list[bytes]:
    """What VMC calls low-rate: where the bridge listens, and which avatar the target said it has."""
    messages: list[bytes] = []
    if inbound_port is not None:
        head = message_head("/VMC/Ext/Rcv", "ii")
        messages.append(head + (1).to_bytes(4, "big") + inbound_port.to_bytes(4, "big"))
    if target.vrm is not None:
        avatar = read_avatar(target.vrm)
        texts = (str(avatar.path.absolute()), avatar.title, avatar.sha256)
        messages.append(message_head("/VMC/Ext/VRM", "sss") + b"".join(osc_string(text) for text in texts))
    return bundles(messages) if target.bundle and messages else messages


def _thinned(datagrams: list[bytes], number: int, periods: Periods) -> list[bytes]:
    """Status and root, then bones, of the pose of this number, as often as they are wanted."""
    # Status, time and root share a datagram: it leaves as often as the more frequent of them is wanted.
    status = datagrams[:1] if number % min(periods.status, periods.root) == 0 else []
    return [*status, *(datagrams[1:] if number % periods.bone == 0 else [])]


def _channels(skeleton: Skeleton, targets: Sequence[Target], rate_hz: int, start_time_us: int) -> list[Channel]:
    """One channel for all targets that want the same."""
    channels: dict[tuple[object, ...], Channel] = {}
    for index, target in enumerate(targets):
        steps, every = _rate(target, rate_hz)
        key = (
            target.protocol,
            steps,
            every,
            target.bones,
            target.travel,
            target.axes,
            target.bundle,
            target.vrm,
            target.plain,
        )
        if key in channels:
            channels[key].indices.append(index)
            continue
        encoder: VmcEncoder | DanceEncoder | VrchatEncoder
        if target.protocol == "vmc":
            encoder = VmcEncoder(
                skeleton,
                bones=AvatarBones.of(skeleton, target),
                start_time_us=start_time_us,
                travel=target.travel,
            )
        else:
            own = PlainDanceEncoder if target.plain else DanceEncoder
            encoder = own(skeleton) if target.protocol == "dance" else VrchatEncoder(skeleton)
        channels[key] = Channel(encoder, target.protocol, [index], target.bundle, steps, every)
    return list(channels.values())


def _rate(target: Target, rate_hz: int) -> tuple[int, int]:
    """Poses sent for each of the dancer's, and of the dancer's poses how many for one that is sent."""
    wanted_hz = target.rate_hz or rate_hz
    if wanted_hz % rate_hz == 0:
        return wanted_hz // rate_hz, 1
    if rate_hz % wanted_hz == 0:
        return 1, rate_hz // wanted_hz
    higher = (wanted_hz // rate_hz + 1) * rate_hz
    raise ValueError(
        f"rate={wanted_hz} of {target.name} is neither a multiple nor a part of the dancer's {rate_hz} poses a second; "
        f"take {higher - rate_hz or rate_hz} or {higher}"
    )
