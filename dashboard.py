"""The launcher: `streamlit run dashboard.py` serves pages and routes, and polls."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st
from streamlit.web.server.starlette import starlette_websocket

from monitor.web.boot import surroundings

HERE = Path(__file__).resolve().parent


def read_cookie(cookies: Mapping[str, str], name: str) -> bytes | None:
    """Content of a cookie that Streamlit signed; tests/web/test_signin.py watches this name."""
    return starlette_websocket._get_signed_cookie_with_chunks(dict(cookies), name)


around = surroundings(
    Path(st.__file__).parent / "static",
    read_cookie=read_cookie,
    base_url=str(st.get_option("server.baseUrlPath") or ""),
)
app = st.App(HERE / "pages" / "navigation.py", **(around.as_arguments() if around else {}))
