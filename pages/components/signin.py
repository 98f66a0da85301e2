"""Signing in and out: the door, the way back to what was asked for, and who one is."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from streamlit.errors import StreamlitAPIException, StreamlitSecretNotFoundError
from streamlit.navigation.page import StreamlitPage

from pages import access, session
from pages.components import frame
from pages.roles import Role

_PAGES = Path(__file__).resolve().parent.parent
_JS = (Path(__file__).resolve().parent / "web" / "way_back.js").read_text(encoding="utf-8")
_way_back = st.components.v2.component("monitor_way_back", html="<span></span>", js=_JS)

_MAY = {
    Role.VIEWER: "You can look at everything and change nothing.",
    Role.EDITOR: "You can look at everything, decide on items, note what became of deadlines, "
    "correct grouping, and share views.",
    Role.ADMIN: "You can look at everything and change everything, feeds, words, rules and "
    "weights too.",
}
_STYLE = """
<style>
.st-key-door { max-width: 27rem; margin: 12vh auto 0; }
@media (max-width: 640px) { .st-key-door { margin-top: 4vh; } }
</style>
"""


def way_back() -> None:
    """Remember what a stranger asked for; once signed in, open it."""
    if session.settings().access.mode != "oidc":
        return
    with st.container(key="way"):
        _way_back(data={"signed_in": not access.must_sign_in()}, key="way-back", height=0)


def door() -> None:
    """All that a stranger sees, whatever page was asked for."""
    st.html(_STYLE)
    way_back()
    with st.container(border=True, key="door", gap="small"):
        st.title(frame.escape(session.settings().site.title), anchor=False)
        ways = _ways()
        if not ways:
            st.error(
                "Sign-in is wanted but not set up: .streamlit/secrets.toml has no usable [auth] "
                "(docs/operation.md, “Who may change things”).",
                icon=":material/build:",
            )
            return
        st.markdown("Sign in with the account of your organisation to open this dashboard.")
        for name, label in ways.items():
            st.button(
                label, type="primary", icon=":material/login:", width="stretch",
                key=f"sign-in-{name}", on_click=_enter, args=(name,),
            )  # fmt: skip
        problem = st.session_state.pop("sign-in-error", "")
        if problem:
            st.error(frame.escape(problem), icon=":material/error:")


def _ways() -> dict[str, str]:
    """Identity providers that are set up, by name ("": the only one), and what to press."""
    try:
        found = st.secrets.get("auth")
    except StreamlitSecretNotFoundError:
        return {}
    if not isinstance(found, Mapping):
        return {}
    if found.get("client_id"):
        return {"": "Sign in"}
    named = [name for name, one in found.items() if isinstance(one, Mapping)]
    return {name: f"Sign in with {name.capitalize()}" for name in named}


def _enter(name: str) -> None:
    try:
        st.login(name or None)
    except StreamlitAPIException as error:
        st.session_state["sign-in-error"] = f"Signing in is not possible: {error}"


def account() -> None:
    """Who one is, what one may do, and the way out."""
    known = access.person()
    st.title("Account", anchor=False)
    name, mail = str(known.get("name") or ""), access.who()
    told = f"{name}, {mail}" if name and name != mail else mail
    st.markdown(f"Signed in as **{frame.escape(told or 'somebody without an address')}**.")
    st.markdown(_MAY[access.role()])
    refused = access.read_only_reason(Role.ADMIN)
    if refused:
        st.caption(refused)
    st.button("Sign out", icon=":material/logout:", key="sign-out", on_click=st.logout)


def pages() -> list[StreamlitPage]:
    """The account's place in the navigation, where people sign in: named as they are, shortly."""
    if session.settings().access.mode != "oidc":
        return []
    own = str(access.person().get("given_name") or access.who().partition("@")[0])
    icon = ":material/account_circle:"
    return [st.Page(_PAGES / "account.py", title=own[:24] or "Account", icon=icon)]
