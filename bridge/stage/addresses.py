"""Under which addresses the page can be reached."""

from urllib.parse import urlsplit

from bridge.stage.settings import StageSettings
from bridge.system.hosts import addresses_of, is_loopback


def page_urls(settings: StageSettings, *, token: str | None) -> list[str]:
    """Where the page is, as addresses for a browser, those of a network first.

    Args:
        settings: Of a stage whose port is known.
        token: What those bring who follow them; None for addresses that let nobody in.
    """
    scheme = "http" if settings.is_local else "https"
    query = "" if token is None else f"?token={token}"
    hosts = [f"[{host}]" if ":" in host else host for host in addresses_of(settings.host)]
    return [f"{scheme}://{host}:{settings.port}/{query}" for host in hosts]


def is_reached_by_others(url: str) -> bool:
    """Whether an address of the page is of use on another machine than this.

    Example:
        >>> is_reached_by_others("https://192.168.1.20:39542/"), is_reached_by_others("http://127.0.0.1:39542/")
        (True, False)
    """
    return not is_loopback(urlsplit(url).hostname or "localhost")
