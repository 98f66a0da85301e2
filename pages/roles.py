"""What readers may do: their roles, who holds which, and what to say to whoever may not."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from monitor.config import Access


class Role(IntEnum):
    """What a reader may do; each also what stands above it."""

    STRANGER = 0  # nothing: has to sign in first
    VIEWER = 1  # look
    EDITOR = 2  # decide, note outcomes, correct grouping, share and revoke
    ADMIN = 3  # change feeds, words, rules and weights


def granted(access: Access, claims: Mapping[str, Any]) -> Role:
    """What a signed-in person may do; no claims: nobody has signed in.

    An address that the provider calls unverified gives no rights: anyone could have typed it.
    """
    if not claims:
        return Role.STRANGER
    mail = str(claims.get("email") or "").casefold()
    if not mail or claims.get("email_verified") in (False, "false"):
        return Role.VIEWER
    if mail in {one.casefold() for one in access.admins}:
        return Role.ADMIN
    is_editor = mail in {one.casefold() for one in access.editors}
    return Role.EDITOR if is_editor else Role.VIEWER


_NO_SIGN_IN = (
    "You can look but not change. Without sign-in that is only for the person at the machine where "
    "this dashboard runs: open it there as 127.0.0.1, bound to no other address, behind no proxy "
    'and without public_url. For everybody else set [access] mode = "oidc" in config.toml.'
)
_NO_ADMIN = (
    "You can decide, correct and share, but not change feeds, words, rules and weights. "
    "Whoever runs this dashboard can add you to [access] admins."
)
_NO_EDITOR = (
    "You can look but not change. Whoever runs this dashboard can add you to [access] editors."
)


def refusal(access: Access, held: Role, needs: Role) -> str:
    """Why a reader cannot change things, and what would allow it; "" when the role is enough."""
    if held >= needs:
        return ""
    if access.mode == "open":
        return _NO_SIGN_IN
    return _NO_ADMIN if held is Role.EDITOR else _NO_EDITOR
