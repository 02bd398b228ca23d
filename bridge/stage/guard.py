"""The guard at the stage's door: who may come in, and what is said of those who may not."""

import hmac
from collections.abc import Awaitable, Callable
from typing import Final
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from bridge.stage.settings import StageSettings
from bridge.system.hosts import is_loopback
from bridge.wire.osc_message import excerpt

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MAY_STEER: Final = "may_steer"
"""In a request that was let in: whether it comes from one who may do more than watch."""

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
        "connect-src 'self' blob: data:; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Server": "Transflower stage",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "xr-spatial-tracking=(self), midi=(self), microphone=(self), camera=(), geolocation=()",
}
_MAX_LOGGED: Final = 200


class Guard:
    """Checks each request before anything else sees it.

    A token comes once in the address and from then on in a cookie, so that neither bookmarks of inner pages nor
    referrers carry it. A foreign page that makes a viewer's browser ask here betrays itself by its `Origin`,
    `Sec-Fetch-Site` or `Referer`; one that gave this machine a name of its own, by `Host`.
    """

    def __init__(self, settings: StageSettings, log: Callable[[str], None]) -> None:
        """Prepares.

        Args:
            settings: Say who may.
            log: Called once with each reason to refuse somebody.
        """
        self._settings = settings
        self._log = log
        self._logged: set[tuple[str, str]] = set()

    @web.middleware
    async def check(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Refuses, or answers with headers that keep the page to itself."""
        try:
            response = self._refusal(request) or await handler(request)
            if self._brings_token(request) and response.status < 400:
                self._let_in(request, response)
        except web.HTTPException as error:
            if error.status >= 400:  # what was asked for is not repeated in the answer
                self.log_once(request, f"{error.status} {error.reason}")
            response = web.Response(status=error.status, text=f"{error.reason}\n", headers=_kept(error))
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    def log_once(self, request: web.Request, reason: str) -> None:
        """Tells of a reason once for each host, and of so many only, whatever is sent."""
        host = request.remote or "somebody"
        if (host, reason) not in self._logged and len(self._logged) < _MAX_LOGGED:
            self._logged.add((host, reason))
            self._log(excerpt(f"the stage refused {host}: {reason}"))

    def _refusal(self, request: web.Request) -> web.Response | None:
        if request.method not in (hdrs.METH_GET, hdrs.METH_HEAD):
            return self._refused(request, 405, "this stage is for reading; it is steered over its WebSocket")
        host = request.headers.get(hdrs.HOST, "")
        name = urlsplit(f"//{host}").hostname or ""
        if self._settings.is_local and not is_loopback(name):
            return self._refused(request, 403, "a foreign Host: open the address that the bridge prints")
        origin = request.headers.get(hdrs.ORIGIN)
        if origin is not None and origin != f"{request.scheme}://{host}":
            return self._refused(request, 403, "a foreign Origin: only the stage's own page may speak to it")
        if request.path != "/" and _is_asked_from_elsewhere(request, host):
            return self._refused(request, 403, "asked by a page of another site: only the stage's own page may")
        request[MAY_STEER] = self._settings.steers
        if self._settings.token is None:
            return None
        if self._brings_token(request):
            return self._judged(request, request.query["token"])
        scheme, _, bearer = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        brought = bearer if scheme == "Bearer" else request.cookies.get(self._cookie(request), "")
        if not brought:
            return self._refused(request, 401, "no token: open the address that the bridge prints")
        return self._judged(request, brought)

    def _judged(self, request: web.Request, brought: str) -> web.Response | None:
        token, watch_token = self._settings.token, self._settings.watch_token
        assert token is not None
        is_ours = _is_same(brought, token)
        request[MAY_STEER] = is_ours and self._settings.steers
        if is_ours or (watch_token is not None and _is_same(brought, watch_token)):
            return None
        return self._refused(request, 401, "a wrong token: open the address that the bridge prints")

    def _brings_token(self, request: web.Request) -> bool:
        return self._settings.token is not None and request.path == "/" and "token" in request.query

    def _let_in(self, request: web.Request, response: web.StreamResponse) -> None:
        """Gives the cookie with the page itself, which takes the token out of the address line.

        After a redirection a browser would keep a strict cookie back, if it was another site, such as web mail, on
        which the address was clicked.
        """
        token, is_secure = request.query["token"], request.scheme == "https"
        response.set_cookie(self._cookie(request), token, httponly=True, samesite="Strict", secure=is_secure)
        response.headers[hdrs.CACHE_CONTROL] = "no-store"

    def _refused(self, request: web.Request, status: int, reason: str) -> web.Response:
        self.log_once(request, reason)
        return web.Response(status=status, text=reason + "\n")

    def _cookie(self, request: web.Request) -> str:
        """A name of its own for each port, since cookies know no ports."""
        port = urlsplit(f"//{request.headers.get(hdrs.HOST, '')}").port or 0
        return f"transflower_stage_{port}"


def _is_asked_from_elsewhere(request: web.Request, host: str) -> bool:
    """Whether a browser says that another site's page asks.

    A picture or a link of theirs has no `Origin`, and though they cannot read the answer, it may cost us much. The page
    itself may be linked from anywhere.
    """
    if request.headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
        return True
    referrer = request.headers.get(hdrs.REFERER)  # our own pages send none
    return referrer is not None and not f"{referrer}/".startswith(f"{request.scheme}://{host}/")


def _is_same(brought: str, token: str) -> bool:
    return hmac.compare_digest(brought.encode(errors="replace"), token.encode())


def _kept(error: web.HTTPException) -> dict[str, str]:
    return {hdrs.LOCATION: error.headers[hdrs.LOCATION]} if hdrs.LOCATION in error.headers else {}
