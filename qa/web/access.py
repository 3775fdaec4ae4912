"""Who may talk to the server, and what goes out with every answer: the outermost layer.

A page in the user's own browser can reach a server on this machine. So a request has to name one of our
hosts (against DNS rebinding), and one that changes something must not come from a foreign page.
"""

from __future__ import annotations

import ipaddress
import re
import uuid
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders

from qa.errors import InvalidInput
from qa.web.problems import respond_status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
# What the chat page's framework offers beside the chat and we do not: fetching, editing code, histories.
_CLOSED = re.compile(
    r"/+(gradio_api/+)?(file[=/].*:/|proxy=|stream/|process_recording|vibe|undo-vibe|run-history|runs\b|dev/"
    r"|profiling|monitoring|deep_link)",
    re.IGNORECASE,
)
# The chat page brings inline scripts and templates; nothing may be loaded from, or sent to, anywhere else.
CHAT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
NOTHING_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
OWN_PREFIXES = ("/v1", "/source", "/mcp", "/healthz", "/readyz", "/metrics", "/openapi.json")


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach a server that listens there."""
    return host in LOOPBACK_NAMES or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def check_binding(host: str, *, allow_open: bool) -> None:
    """Make sure that nobody else can reach the server unless that is wanted.

    Raises:
        InvalidInput: it would be open to the network.
    """
    if not is_loopback(host) and not allow_open:
        message = (
            f"Listening on {host} would let everybody who reaches this machine read, add and delete "
            "documents. Listen on 127.0.0.1, or set QA_ALLOW_OPEN=1 where a firewall or a proxy decides "
            "who gets here."
        )
        raise InvalidInput(message)


def host_names(host: str, public_url: str | None, allowed_hosts: str) -> frozenset[str]:
    """Return the names that requests may address: loopback, the public one, the allowed ones."""
    public = urlsplit(public_url or "").hostname
    named = {name.strip().lower() for name in allowed_hosts.split(",")}
    return frozenset({*LOOPBACK_NAMES, host.lower(), public or "", *named} - {"", "0.0.0.0", "::"})  # noqa: S104


class Access:
    """Middleware that gives each request an id, turns foreign ones away, and adds the security headers.

    `any_address` lets requests name any IP address: wanted when the server listens to the network,
    and harmless, as a rebinding attack needs a name.
    """

    def __init__(
        self, app: ASGIApp, names: Iterable[str], public_url: str | None, *, any_address: bool
    ) -> None:
        self._app = app
        self._names = frozenset(names)
        self._public_origin = urlsplit(public_url or "").netloc.lower()
        self._any_address = any_address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # nothing here speaks WebSocket
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), scope["path"], request_id)
            await send(message)

        refusal = self._refusal(scope, headers)
        await (refusal or self._app)(scope, receive, send_with_headers)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not self._is_ours(hosts[0]):
            detail = "The server does not answer to this host name; QA_ALLOWED_HOSTS can list further ones."
            return respond_status(scope, 400, detail)
        if scope["method"] not in _SAFE_METHODS and self._is_foreign(hosts[0], headers):
            return respond_status(
                scope, 403, "A page of another site sent this request; only our own pages may."
            )
        if _CLOSED.match(scope["path"]):
            return respond_status(scope, 404)
        return None

    def _is_ours(self, host: str) -> bool:
        try:
            name = (urlsplit(f"//{host}").hostname or "").removesuffix(".")
        except ValueError:
            return False
        return name in self._names or (self._any_address and _is_address(name))

    def _is_foreign(self, host: str, headers: Headers) -> bool:
        origins = headers.getlist("origin")
        if not origins:
            return headers.get("sec-fetch-site", "") == "cross-site"
        own = {host.lower(), self._public_origin} - {""}
        return any(_netloc(origin) not in own for origin in origins)


def _netloc(origin: str) -> str:
    """Return an origin's host and port; the scheme is left to a proxy, which may end TLS."""
    scheme, separator, rest = origin.lower().partition("://")
    return rest if separator and scheme in {"http", "https"} else "null"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _add_headers(headers: MutableHeaders, path: str, request_id: str) -> None:
    headers["X-Request-ID"] = request_id
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers.setdefault(
        "Content-Security-Policy", NOTHING_POLICY if path.startswith(OWN_PREFIXES) else CHAT_POLICY
    )
    if path.startswith(("/v1", "/mcp")):
        headers.setdefault("Cache-Control", "no-store")
    # Other sites never get to read an answer, whatever the chat page's framework would allow.
    for name in [name for name in headers if name.startswith("access-control-")]:
        del headers[name]
