"""Two machines in one: network namespaces, joined by a cable.

They have no names that two runs could share, and they go with the processes that hold them, which end with their
standard input. So nothing is left behind, however a run ends.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

Machine = tuple[str, ...]
"""What stands before a command that is to run there."""

ADDRESSES = "10.77.0.1", "10.77.0.2"
_PROGRAMS = {"ip": "iproute2", "unshare": "util-linux", "nsenter": "util-linux"}


def missing_part() -> str | None:
    """What this machine lacks for network namespaces, or None."""
    for program, package in _PROGRAMS.items():
        if shutil.which(program) is None:
            return f"{program} is missing (apt install {package}), by which network namespaces are made"
    tried = subprocess.run(["unshare", "--net", "true"], capture_output=True, text=True)
    if tried.returncode:
        return f"this machine does not let network namespaces be made, which root may: {tried.stderr.strip()}"
    return None


@contextmanager
def two_machines() -> Iterator[tuple[Machine, Machine]]:
    """Two machines at `ADDRESSES`, each with a loopback of its own; multicast goes over the cable."""
    with ExitStack() as stack:
        holders = [stack.enter_context(_new_namespace()) for _ in ADDRESSES]
        machines = [("nsenter", "--net", f"--target={holder.pid}") for holder in holders]
        ends = [("cable", "netns", str(holder.pid)) for holder in holders]
        _run("ip", "link", "add", *ends[0], "type", "veth", "peer", *ends[1])
        for machine, address in zip(machines, ADDRESSES, strict=True):
            _run(*machine, "ip", "addr", "add", f"{address}/24", "dev", "cable")
            _run(*machine, "ip", "link", "set", "lo", "up")
            _run(*machine, "ip", "link", "set", "cable", "up")
            _run(*machine, "ip", "route", "add", "224.0.0.0/4", "dev", "cable")
        yield machines[0], machines[1]


@contextmanager
def _new_namespace() -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds one."""
    command = ["unshare", "--net", "cat"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        try:
            assert holder.stdin is not None
            assert holder.stdout is not None
            holder.stdin.write(b"here\n")
            holder.stdin.flush()
            assert holder.stdout.readline() == b"here\n", "no network namespace was made"
            yield holder
        finally:
            holder.kill()


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, f"{' '.join(command)}: {done.stderr}"
