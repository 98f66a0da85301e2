"""Streamlit's sign-in, as routes can see it: the cookie that it signs.

Streamlit keeps the signed-in person in a websocket session, which no route can see. The cookie
that opens that session is sent to routes too; whoever knows how to check its signature is passed
in, so that Streamlit stays outside this room.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request

COOKIE = "_streamlit_user"

ReadCookie = Callable[[Mapping[str, str], str], bytes | None]


def signed_in_by(read_cookie: ReadCookie) -> Callable[[Request], bool]:
    """A check for `Access`: whether a request carries a valid sign-in made on this address.

    Args:
        read_cookie: Takes the request's cookies and a name; gives the content when the signature
            is right and not too old, else None.
    """

    def signed_in(request: Request) -> bool:
        content = read_cookie(request.cookies, COOKIE)
        person = _person(content) if content else {}
        return person.get("is_logged_in") is True and _made_here(person, request)

    return signed_in


def nobody(_request: Request) -> bool:
    """The check where nobody can sign in."""
    return False


def _person(content: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _made_here(person: Mapping[str, Any], request: Request) -> bool:
    """A cookie of another site of the same host name does not count; nor does Streamlit take it."""
    origin = urlsplit(str(person.get("origin", "")))
    return origin.netloc == request.headers.get("host", "")
