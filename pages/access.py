"""Who is looking, what this reader may do, and where colleagues reach the dashboard."""

from __future__ import annotations

import getpass
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from monitor.snapshots.document import Audience
from pages import roles, session
from pages.roles import Role

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")


def person() -> Mapping[str, Any]:
    """What the identity provider says of who is signed in; empty: nobody is."""
    claims: Mapping[str, Any] = st.user.to_dict()
    return claims if claims.get("is_logged_in") is True else {}


def is_unknown() -> bool:
    """Sign-in is set up and nobody has signed in; needs no settings."""
    return st.user.to_dict().get("is_logged_in") is False


def who() -> str:
    """The name under which changes are kept: the signed-in address, else this machine's user."""
    if session.settings().access.mode == "oidc":
        known = person()
        return str(known.get("email") or known.get("name") or known.get("sub") or "")
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local"


def role() -> Role:
    """What this reader may do."""
    access = session.settings().access
    if access.mode == "oidc":
        return roles.granted(access, person())
    return Role.ADMIN if _is_own_machine() else Role.VIEWER


def may(needs: Role) -> bool:
    """Whether this reader's role is enough."""
    return role() >= needs


def can_edit() -> bool:
    """This reader may decide, correct and share."""
    return may(Role.EDITOR)


def must_sign_in() -> bool:
    """Nothing may be shown yet."""
    return role() is Role.STRANGER


def may_open(audience: Audience) -> bool:
    """Whether this reader may see a snapshot that was made for this audience."""
    return audience == "open" or bool(person()) or can_edit()


def read_only_reason(needs: Role = Role.EDITOR) -> str:
    """Why this reader cannot change things, and what would allow it; "" when the role is enough."""
    return roles.refusal(session.settings().access, role(), needs)


def _is_own_machine() -> bool:
    """Whoever asks sits at this machine and calls it so.

    Through a proxy the whole world comes from 127.0.0.1. It shows by the name that was asked for,
    by what it adds to the request, or by public_url; a stranger can forge the first of them.
    """
    headers = st.context.headers
    public = urlsplit(session.settings().site.public_url or "http://localhost")
    return (
        st.get_option("server.address") in LOOPBACK
        and _is_loopback(public.netloc)
        and _is_loopback(headers.get("Host") or "")
        and not any(headers.get(name) for name in _FORWARDED)
    )


def _is_loopback(place: str) -> bool:
    """Whether a host, with or without a port, is this machine."""
    try:
        host = urlsplit(f"//{place}").hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def address() -> str:
    """Where colleagues reach this dashboard, without a slash at the end."""
    configured = session.settings().site.public_url
    if configured:
        return configured.rstrip("/")
    opened = st.context.url or "http://127.0.0.1:8501"
    parts = urlsplit(opened)
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{parts.scheme}://{parts.netloc}" + (f"/{base}" if base else "")
