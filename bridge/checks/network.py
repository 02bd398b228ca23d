"""The network: whether targets can be reached, our own ports are free, and how fast this machine answers itself."""

import socket
import ssl
import struct
import time
from typing import Final

import numpy as np

from bridge.checks.finding import CheckResult
from bridge.control.control_state import ControlState
from bridge.control.controls import BeatControls, Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.inbound.inbox import Inbox
from bridge.inbound.vmc_in import VmcRelay
from bridge.stage.settings import StagePlace
from bridge.system.ports import port_owner
from bridge.wire.osc_message import parse_datagram
from bridge.wire.osc_template import message_head
from bridge.wire.outputs import Outputs
from bridge.wire.target import Target
from bridge.wire.targets import UdpTargets

_NUM_PINGS: Final = 80
_PING_PERIOD_S: Final = 0.01
_PING_PATIENCE_S: Final = 0.2
_ANY: Final = "0.0.0.0"
_SLOW_MS: Final = 5.0
_PING_HEAD: Final = message_head("/dance/ping", "h")


def check_targets(
    texts: tuple[str, ...], control: tuple[str, int] | None, dancer: DancerFile | None = None
) -> list[CheckResult]:
    """Whether each target can be served by this dancer, its host is known, and, on this machine, who listens there.

    Args:
        texts: As for `--target`.
        control: Host and port at which controls come in.
        dancer: Whose rate and bones the targets ask for; None leaves those open.
    """
    findings = [_check_target(text, control, dancer) for text in texts]
    if not texts:
        findings = [
            CheckResult(check="target", verdict="warning", found="none: nobody sees the dance", advice="--target")
        ]
    return findings


def _check_target(text: str, control: tuple[str, int] | None, dancer: DancerFile | None) -> CheckResult:
    try:
        target = Target.parse(text)
        with UdpTargets((target,)) as targets:
            host, port = targets.addresses[0]
            if dancer is not None:
                Outputs(dancer.skeleton, targets, rate_hz=dancer.rate_hz, start_s=0.0)
    except (ValueError, OSError) as error:
        return CheckResult(check="target", verdict="problem", found=str(error), advice="correct --target")
    check = f"target {target.name}"
    if control is not None and port == control[1] and _is_here(host):
        advice = "send the dance to another port, or hear controls at another one by --control"
        return CheckResult(check=check, verdict="problem", found="that is where controls come in", advice=advice)
    if not _is_here(host):
        return CheckResult(check=check, verdict="ok", found=f"{host} on the network; whether it listens is not known")
    owner = port_owner(port, "udp", hears_all=True)
    if owner is None:
        advice = "start the avatar's application, and let it receive at this port"
        return CheckResult(check=check, verdict="warning", found="nobody is seen to listen", advice=advice)
    return CheckResult(check=check, verdict="ok", found=f"{owner} listens")


def _is_here(host: str) -> bool:
    return host.startswith("127.")


def check_own_ports(control: tuple[str, int] | None, query_port: int | None) -> list[CheckResult]:
    """Whether the ports at which the bridge itself listens are free.

    Args:
        control: Host and port of the controls, UDP; None hears nobody.
        query_port: TCP port of OSCQuery on the same host; None answers nobody.
    """
    if control is None:
        return [CheckResult(check="controls", verdict="ok", found="none are heard (--control None)")]
    findings = [_check_own_port("controls", *control, "udp", "--control HOST:PORT")]
    if query_port is not None:
        findings.append(_check_own_port("OSCQuery", control[0], query_port, "tcp", "--query-port PORT"))
    return findings


def check_stage(stage: StagePlace | None, query: tuple[str, int] | None) -> list[CheckResult]:
    """Whether the page in the browser can be shown as it is asked for.

    Args:
        stage: Where; None shows none.
        query: Host and TCP port of OSCQuery, which the page cannot have too; None answers nobody.
    """
    if stage is None:
        return [CheckResult(check="stage", verdict="ok", found="no page is shown (--stage None)")]
    advice = "choose another place by --stage HOST:PORT, or --stage None"
    try:
        stage.settings()
        if stage.certificate is not None:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(stage.certificate)
    except (ValueError, OSError) as error:  # that of OpenSSL is an OSError
        advice = "see --stage-token and --stage-certificate"
        return [CheckResult(check="stage", verdict="problem", found=str(error), advice=advice)]
    if query is not None and stage.port == query[1] != 0 and (stage.host == query[0] or _ANY in (stage.host, query[0])):
        found = f"tcp port {stage.port} is asked for twice: by --stage and by --query-port"
        return [CheckResult(check="stage", verdict="problem", found=found, advice=advice)]
    return [_check_own_port("stage", stage.host, stage.port, "tcp", "--stage HOST:PORT")]


def _check_own_port(check: str, host: str, port: int, kind: str, option: str) -> CheckResult:
    """Opens the port as the bridge would, and closes it again."""
    if port == 0:
        return CheckResult(check=check, verdict="ok", found=f"any free {kind} port of {host}")
    try:
        if kind == "udp":
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
                own.bind((host, port))
        else:
            socket.create_server((host, port)).close()
    except (OSError, OverflowError) as error:
        owner = port_owner(port, "udp" if kind == "udp" else "tcp")
        held = f"{owner} holds it" if owner else f"{error}"
        advice = f"end that program, most likely another bridge, or choose another port by {option}"
        return CheckResult(
            check=check, verdict="problem", found=f"{kind} port {port} of {host} is not free: {held}", advice=advice
        )
    return CheckResult(check=check, verdict="ok", found=f"{kind} port {port} of {host} is free")


def check_loopback() -> list[CheckResult]:
    """How long a ping of our own protocol takes to the bridge's inbox and back on this machine; takes a second."""
    inbox = Inbox(0, "127.0.0.1", ControlState(Controls(), BeatControls()), VmcRelay())
    try:
        inbox.start()
    except ValueError as error:
        advice = "look at the firewall and at the loopback interface"
        return [CheckResult(check="loopback", verdict="problem", found=str(error), advice=advice)]
    try:
        times_ms = _ping(inbox.address)
    finally:
        inbox.stop()
    lost = _NUM_PINGS - len(times_ms)
    if not times_ms:
        found = f"none of {_NUM_PINGS} pings came back"
        advice = "a firewall keeps this machine from talking to itself: let Python use UDP on 127.0.0.1"
        return [CheckResult(check="loopback", verdict="problem", found=found, advice=advice)]
    p50, p99 = (float(value) for value in np.percentile(times_ms, [50, 99]))
    found = f"there and back p50 {p50:.2f} ms, p99 {p99:.2f} ms, {lost} of {_NUM_PINGS} lost"
    if lost or p99 > _SLOW_MS:
        advice = "this machine is busy, or something looks into every datagram: end other programs, see the firewall"
        return [CheckResult(check="loopback", verdict="warning", found=found, advice=advice)]
    return [CheckResult(check="loopback", verdict="ok", found=found)]


def _ping(address: tuple[str, int]) -> list[float]:
    """Round trips in milliseconds of the pings that were answered, one every hundredth of a second."""
    times_ms: list[float] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind(("127.0.0.1", 0))
        own.settimeout(_PING_PATIENCE_S)
        for token in range(_NUM_PINGS):
            begin_s = time.monotonic()
            own.sendto(_PING_HEAD + struct.pack(">q", token), address)
            try:
                while True:
                    (message,) = parse_datagram(own.recv(1500))
                    if message.arguments[0] == token:  # an older one may come late
                        break
            except OSError:
                continue
            times_ms.append(1e3 * (time.monotonic() - begin_s))
            time.sleep(max(0.0, begin_s + _PING_PERIOD_S - time.monotonic()))
    return times_ms
