"""Hosts: under which addresses this machine is reached, and which of them nobody else reaches."""

import ipaddress
import socket


def addresses_of(host: str) -> list[str]:
    """The addresses at which a server that listens at `host` is reached, those of a network first.

    For ``0.0.0.0`` these are all IPv4 addresses of this machine, for any other host it is the host itself.
    """
    if host not in ("0.0.0.0", ""):
        return [host]
    import psutil  # not for the help of commands, which asks only what is loopback

    found = [
        address.address
        for interface in psutil.net_if_addrs().values()
        for address in interface
        if address.family is socket.AF_INET and not ipaddress.ip_address(address.address).is_link_local
    ]
    return sorted(found, key=is_loopback)


def is_loopback(host: str) -> bool:
    """Whether a host, by name or address, is this machine and nobody else can reach it."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
