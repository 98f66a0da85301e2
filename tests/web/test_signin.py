import json
from pathlib import Path

import pytest
from starlette.requests import Request
from streamlit.web.server.starlette import starlette_app_utils, starlette_websocket

from monitor.web import signin


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(starlette_websocket, "get_cookie_secret", lambda: "a secret of the site")
    return "a secret of the site"


def request(cookie: str | None, host: str = "monitor.example") -> Request:
    headers = [(b"host", host.encode())]
    if cookie is not None:
        headers.append((b"cookie", f"{signin.COOKIE}={cookie}".encode()))
    return Request({"type": "http", "headers": headers})


def signed(secret: str, content: object) -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    return starlette_app_utils.create_signed_value(secret, signin.COOKIE, text).decode()


def changed(cookie: str) -> str:
    """Another character in the middle, where each bit counts."""
    middle = len(cookie) // 2
    other = "B" if cookie[middle] == "A" else "A"
    return cookie[:middle] + other + cookie[middle + 1 :]


CHECK = signin.signed_in_by(starlette_websocket._get_signed_cookie_with_chunks)
PERSON = {"is_logged_in": True, "origin": "https://monitor.example", "email": "a@b.example"}


def test_a_cookie_that_streamlit_signed_is_a_sign_in(secret: str):
    assert CHECK(request(signed(secret, PERSON)))


@pytest.mark.parametrize(
    "cookie",
    [
        pytest.param(lambda secret: None, id="none"),
        pytest.param(lambda secret: "", id="empty"),
        pytest.param(lambda secret: json.dumps(PERSON), id="not signed"),
        pytest.param(lambda secret: signed("another secret", PERSON), id="signed by another"),
        pytest.param(lambda secret: changed(signed(secret, PERSON)), id="changed"),
        pytest.param(lambda secret: signed(secret, PERSON | {"is_logged_in": False}), id="out"),
        pytest.param(lambda secret: signed(secret, PERSON | {"is_logged_in": "yes"}), id="word"),
        pytest.param(lambda secret: signed(secret, PERSON | {"origin": "https://x.y"}), id="where"),
        pytest.param(lambda secret: signed(secret, "no json"), id="no json"),
        pytest.param(lambda secret: signed(secret, "[1]"), id="no person"),
    ],
)
def test_nothing_else_is(secret: str, cookie):
    assert not CHECK(request(cookie(secret)))


def test_an_old_sign_in_has_ended(secret: str, monkeypatch: pytest.MonkeyPatch):
    import time

    old = signed(secret, PERSON)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 60 * 86_400)
    assert not CHECK(request(old))


def test_where_nobody_can_sign_in_nobody_is(tmp_path: Path):
    assert not signin.nobody(request("x"))
