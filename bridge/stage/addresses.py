"""Under which addresses this machine, and the page on it, can be reached."""

import ipaddress
import socket
from urllib.parse import urlsplit

import psutil

from bridge.stage.settings import StageSettings, is_loopback


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


def page_urls(settings: StageSettings, *, with_token: bool = True) -> list[str]:
    """Where the page is, as addresses for a browser, those of a network first.

    Args:
        settings: Of a stage whose port is known.
        with_token: Whether who follows them is let in.
    """
    scheme = "http" if settings.is_local else "https"
    token = f"?token={settings.token}" if with_token and settings.token is not None else ""
    hosts = [f"[{host}]" if ":" in host else host for host in addresses_of(settings.host)]
    return [f"{scheme}://{host}:{settings.port}/{token}" for host in hosts]


def is_reached_by_others(url: str) -> bool:
    """Whether an address of the page is of use on another machine than this.

    Example:
        >>> is_reached_by_others("https://192.168.1.20:39542/"), is_reached_by_others("http://127.0.0.1:39542/")
        (True, False)
    """
    return not is_loopback(urlsplit(url).hostname or "localhost")
