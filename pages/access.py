"""Who is looking, what this reader may do, and where colleagues reach the dashboard."""

from __future__ import annotations

import getpass
from urllib.parse import urlsplit

import streamlit as st

from pages import session

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def who() -> str:
    """The name under which changes are kept: the signed-in address, else this machine's user."""
    if session.settings().access.mode == "oidc":
        return str(getattr(st.user, "email", "") or "")
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "local"


def can_edit() -> bool:
    """This reader may change things: alone on this machine, or a signed-in editor."""
    access = session.settings().access
    if access.mode == "oidc":
        return bool(who()) and who() in {*access.editors, *access.admins}
    return st.get_option("server.address") in LOOPBACK


def read_only_reason() -> str:
    """Why nothing can be changed, and what would allow it; "" when it can."""
    if can_edit():
        return ""
    if session.settings().access.mode == "oidc":
        return "You can look but not change. An administrator can add you to [access] editors."
    return (
        "You can look but not change: this dashboard is open to the network without sign-in. "
        'To edit, open it from 127.0.0.1 or set [access] mode = "oidc" in config.toml.'
    )


def address() -> str:
    """Where colleagues reach this dashboard, without a slash at the end."""
    configured = session.settings().site.public_url
    if configured:
        return configured.rstrip("/")
    opened = st.context.url or "http://127.0.0.1:8501"
    parts = urlsplit(opened)
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{parts.scheme}://{parts.netloc}" + (f"/{base}" if base else "")
