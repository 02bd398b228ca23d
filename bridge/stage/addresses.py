"""Under which addresses this machine can be reached."""

import ipaddress
import socket

import psutil

from bridge.stage.settings import is_loopback


def addresses_of(host: str) -> list[str]:
    """The addresses at which a server that listens at `host` is reached, those of a network first.

    For ``0.0.0.0`` these are all IPv4 addresses of this machine, for any other host it is the host itself.
    """
    if host not in ("0.0.0.0", ""):
        return [host]
    found = [
        address.address
        for interface in psutil.net_if_addrs().values()
        for address in interface
        if address.family is socket.AF_INET and not ipaddress.ip_address(address.address).is_link_local
    ]
    return sorted(found, key=is_loopback)
