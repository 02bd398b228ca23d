"""Requests to a web server: what went wrong as a sentence, and patience with trouble that passes.

urllib of the standard library is enough: it knows the proxies of the environment and the certificates of the system.
httpx would bring four packages more and certificates of its own, so that a company's proxy that signs by its own
authority, which the system knows, would be refused; and it would replace `open_url` alone, since to go on where a
transfer broke, to wait as the server asks and to say in a sentence what is wrong is ours in any case. pooch begins
broken transfers anew, which costs hours with files of gigabytes, and knows no CRC-32C.
"""

import http.client
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPResponse
from typing import Final, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, build_opener, getproxies, proxy_bypass

T = TypeVar("T")

PASSING: Final = frozenset([408, 425, 429, 500, 502, 503, 504])
REFUSALS: Final = {
    401: "is not open to the public",
    403: "is not open to the public",
    404: "is not there",
    407: "lies behind a proxy that wants a password",
    410: "is not there any more",
}


class UnreachableError(OSError):
    """No connection to the host, or to the proxy before it."""


class TransientError(OSError):
    """Trouble that may be over soon. `wait_s` is the pause that the server asked for, if it did."""

    def __init__(self, message: str, wait_s: float = 0.0) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class RefusedError(OSError):
    """The server's no. `status` is the number it gave."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How often to try again, and after which pauses.

    Attributes:
        num_retries: failures in a row that are forgiven.
        first_pause_s: the first pause; each is twice the one before.
        longest_pause_s: no pause is longer, whatever the server asks for.
        timeout_s: how long a silent connection is waited for.
        sleep: what passes the time.
        tell: Called with what went wrong before each pause.
    """

    num_retries: int = 5
    first_pause_s: float = 1.0
    longest_pause_s: float = 60.0
    timeout_s: float = 30.0
    sleep: Callable[[float], None] = time.sleep
    tell: Callable[[str], None] = lambda _: None

    def forgive(self, num_failures: int, trouble: OSError) -> None:
        """Pause after a failure.

        Raises:
            OSError: this was one failure in a row too many.
        """
        if num_failures > self.num_retries:
            raise OSError(f"{trouble}; gave up after {num_failures} attempts")
        asked_s = max(self.first_pause_s * 2 ** (num_failures - 1), getattr(trouble, "wait_s", 0.0))
        pause_s = min(asked_s, self.longest_pause_s)
        self.tell(f"{trouble}; trying again in {pause_s:.0f} s")
        self.sleep(pause_s)

    def attempt(self, action: Callable[[], T]) -> T:
        """What an action returns, tried again while the trouble may pass.

        Raises:
            UnreachableError: the host does not answer; this is said at once.
            OSError: the server says no, or the trouble lasts.
        """
        num_failures = 0
        while True:
            try:
                return action()
            except TransientError as trouble:
                num_failures += 1
                self.forgive(num_failures, trouble)


def open_url(
    url: str, *, method: str = "GET", headers: Mapping[str, str] | None = None, timeout_s: float = 30.0
) -> HTTPResponse:
    """The answer to one request, its body unread and as it is stored.

    Raises:
        UnreachableError, TransientError, RefusedError: there is no such answer, with a sentence why.
    """
    everyone = {"User-Agent": "transflower-data", "Accept-Encoding": "identity"}
    request = Request(url, headers=everyone | dict(headers or {}), method=method)
    try:
        response: HTTPResponse = build_opener().open(request, timeout=timeout_s)
    except HTTPError as error:
        with error:
            raise _refusal(url, error) from None
    except URLError as error:
        raise _no_connection(url, error.reason) from None
    except (OSError, http.client.HTTPException) as error:  # connected, and then it broke off
        raise TransientError(f"{host_of(url)} broke off ({error})") from None
    if urlsplit(url).scheme == "https" != urlsplit(response.url).scheme:
        response.close()
        raise RefusedError(f"{url} leads to an address without encryption, {response.url}", response.status)
    return response


def host_of(url: str) -> str:
    """The host that a URL names, with its port."""
    return urlsplit(url).netloc


def _refusal(url: str, error: HTTPError) -> OSError:
    if error.code in PASSING:
        asked = error.headers.get("Retry-After", "")
        return TransientError(
            f"{host_of(url)} says {error.code} {error.reason}", float(asked) if asked.isdecimal() else 0
        )
    return RefusedError(
        f"{url} {REFUSALS.get(error.code, 'is refused')} (HTTP {error.code} {error.reason})", error.code
    )


def _no_connection(url: str, reason: object) -> OSError:
    host = host_of(url)
    if isinstance(reason, ssl.SSLCertVerificationError):
        return RefusedError(
            f"the certificate of {host} cannot be verified ({reason.verify_message}): if the clock of this computer is "
            "right, SSL_CERT_FILE may name a file of certificates; Python from python.org on a Mac brings "
            "'Install Certificates.command' for this",
            0,
        )
    if isinstance(reason, ConnectionResetError | BrokenPipeError):
        return TransientError(f"{host} broke off ({reason})")
    words = reason.strerror if isinstance(reason, OSError) and reason.strerror else str(reason)
    by_proxy = urlsplit(url).scheme in getproxies() and not proxy_bypass(host)
    return UnreachableError(
        f"{host} cannot be reached{' by the proxy of the environment' if by_proxy else ''} ({words})"
    )
