"""Announces the controls on the network, so that control surfaces list the bridge instead of asking for its address.

By zeroconf (mDNS, RFC 6762; DNS-SD, RFC 6763), as the OSCQuery proposal says: `_oscjson._tcp` where OSCQuery answers,
and `_osc._udp` where the controls are heard. It multicasts, so it is done only when it was asked for.
"""

import contextlib
import socket
from typing import TYPE_CHECKING, Final

from bridge.system.hosts import addresses_of, is_loopback

if TYPE_CHECKING:
    from zeroconf import ServiceInfo, Zeroconf

NAME: Final = "Transflower Bridge"
QUERY_TYPE: Final = "_oscjson._tcp.local."
CONTROL_TYPE: Final = "_osc._udp.local."


class Announcement:
    """Tells the network where the bridge is, until `stop`; threads of the package zeroconf's own."""

    def __init__(self, host: str, control_port: int, query_port: int | None) -> None:
        """Prepares.

        Args:
            host: Where the bridge listens; an address of one network is announced there alone.
            control_port: UDP port of the controls.
            query_port: TCP port of OSCQuery; None announces the controls alone.
        """
        self._host = host
        self._ports = {CONTROL_TYPE: control_port} | ({} if query_port is None else {QUERY_TYPE: query_port})
        self._zeroconf: Zeroconf | None = None
        self.names: tuple[str, ...] = ()

    def start(self) -> None:
        """Begins to answer those who look: as "Transflower Bridge 39540 on MACHINE", after the port of the controls.

        Raises:
            ValueError: The package is missing, or this machine cannot multicast.
        """
        try:
            from zeroconf import Error as ZeroconfError
            from zeroconf import Zeroconf
        except ModuleNotFoundError:
            raise ValueError("--announce needs the package zeroconf: pip install -e '.[announce]'") from None
        try:
            addresses = [socket.gethostbyname(host) for host in addresses_of(self._host)]
            self._zeroconf = Zeroconf(interfaces=addresses)
            reached = [address for address in addresses if not is_loopback(address)] or addresses
            names = []
            for kind, port in self._ports.items():
                info = self._info(kind, port, reached)
                self._zeroconf.register_service(info, allow_name_change=True)
                names.append(info.name)
        except (OSError, ZeroconfError) as error:
            self.stop()
            raise ValueError(f"--announce: the network at {self._host} does not take it ({error})") from error
        self.names = tuple(names)

    def stop(self) -> None:
        """Says goodbye; may be called twice."""
        if self._zeroconf is not None:
            with contextlib.suppress(OSError):
                self._zeroconf.close()
        self._zeroconf = None

    def _info(self, kind: str, port: int, addresses: list[str]) -> "ServiceInfo":
        from zeroconf import ServiceInfo

        machine = socket.gethostname().split(".")[0][:30]  # a name has 63 bytes at most
        return ServiceInfo(
            kind,
            f"{NAME} {self._ports[CONTROL_TYPE]} on {machine}.{kind}",
            port=port,
            properties={"txtvers": "1"},
            server=f"transflower-{machine}.local.",
            parsed_addresses=addresses,
        )
