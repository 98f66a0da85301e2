"""Response headers that keep a browser from doing what we never asked for."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor.errors import ConfigError

Header = tuple[bytes, bytes]
_INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_SHARED = {
    b"x-content-type-options": b"nosniff",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    b"cross-origin-opener-policy": b"same-origin",
    b"x-robots-tag": b"noindex, nofollow, noarchive",
}
SNAPSHOT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_DATA_PATHS = ("/api/", "/healthz", "/metrics", "/flagged.atom")


def script_hashes(index: Path) -> tuple[str, ...]:
    """Hashes of the inline scripts in Streamlit's page, as a content policy writes them.

    Read at every start, so that an update of Streamlit does not break the policy.

    Raises:
        ConfigError: The file cannot be read.
    """
    try:
        text = index.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(str(index), "", f"{error.strerror}; reinstall streamlit") from error
    return tuple(
        f"'sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE.findall(text)
    )


def dashboard_policy(hashes: Iterable[str]) -> str:
    """The content policy of the pages: own files only, no inline script but the hashed ones.

    `blob:` is for Streamlit's own components; inline style is how it draws.
    """
    scripts = " ".join(["'self'", "blob:", *hashes])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
        "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'self'"
    )


class SecurityHeaders:
    """Adds the headers to every HTTP response; a header that a route has set stays.

    Pure ASGI: Starlette's own base class would wrap each static file.
    """

    def __init__(self, app: ASGIApp, *, policy: str, base: str = "") -> None:
        """Wrap the application.

        Args:
            app: What answers.
            policy: Content policy of the pages, from `dashboard_policy`.
            base: Path under which everything stands, "" or "/monitor".
        """
        self._app = app
        self._base = base
        self._pages = _headers(policy, referrer=b"same-origin", frames=b"SAMEORIGIN")
        self._snapshots = _headers(SNAPSHOT_POLICY, referrer=b"no-referrer", frames=b"DENY")
        self._data = _headers(_DATA_POLICY, referrer=b"no-referrer", frames=b"DENY")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the headers added."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = self._for(scope["path"].removeprefix(self._base))

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message.get("headers", ())}
                extra = [header for header in wanted if header[0] not in present]
                message = {**message, "headers": [*message.get("headers", ()), *extra]}
            await send(message)

        await self._app(scope, receive, sending)

    def _for(self, path: str) -> list[Header]:
        if path.startswith("/s/"):
            return self._snapshots
        return self._data if path.startswith(_DATA_PATHS) else self._pages


def _headers(policy: str, *, referrer: bytes, frames: bytes) -> list[Header]:
    own = {
        b"content-security-policy": policy.encode(),
        b"referrer-policy": referrer,
        b"x-frame-options": frames,
    }
    return list((_SHARED | own).items())
