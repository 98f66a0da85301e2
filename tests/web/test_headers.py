import base64
from hashlib import sha256
from pathlib import Path

import pytest

from monitor.errors import ConfigError
from monitor.web.headers import dashboard_policy, script_hashes
from tests.web.parts import make_client


def test_the_inline_script_of_the_page_is_hashed_and_others_are_not(tmp_path: Path):
    page = tmp_path / "index.html"
    page.write_text("<script>\n a = 1\n</script><script src='./x.js'></script><SCRIPT>b</SCRIPT>")
    wanted = [base64.b64encode(sha256(one).digest()).decode() for one in (b"\n a = 1\n", b"b")]
    assert script_hashes(page) == tuple(f"'sha256-{one}'" for one in wanted)


def test_a_missing_page_is_named(tmp_path: Path):
    with pytest.raises(ConfigError, match="reinstall streamlit"):
        script_hashes(tmp_path / "index.html")


def test_the_policy_of_the_pages_allows_no_inline_script_and_no_eval():
    policy = dashboard_policy(["'sha256-abc'"])
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert scripts == "script-src 'self' blob: 'sha256-abc'"


@pytest.mark.parametrize(
    ("path", "words", "referrer"),
    [
        ("/", "script-src 'self' blob: 'sha256-", "same-origin"),
        ("/s/unknown", "default-src 'none'; style-src 'unsafe-inline'", "no-referrer"),
        ("/api/v1/status", "default-src 'none'; base-uri", "no-referrer"),
        ("/healthz", "default-src 'none'; base-uri", "no-referrer"),
    ],
)
@pytest.mark.parametrize("base", ["", "/monitor"])
def test_every_answer_carries_its_headers(
    tmp_path: Path, base: str, path: str, words: str, referrer: str
):
    snapshots = type("Empty", (), {"by_token": lambda self, token: None})()
    headers = make_client(snapshots, tmp_path, base=base).get(f"{base}{path}").headers
    assert words in headers["content-security-policy"]
    assert headers["referrer-policy"] == referrer
    assert headers["x-content-type-options"] == "nosniff"
    assert "noindex" in headers["x-robots-tag"]
    assert "geolocation=()" in headers["permissions-policy"]
    assert headers["x-frame-options"] in ("DENY", "SAMEORIGIN")
    assert "frame-ancestors" in headers["content-security-policy"]


async def _other(scope, receive, send):
    await send({"type": "websocket.accept"})


def test_a_websocket_passes_untouched(tmp_path: Path):
    import asyncio

    from monitor.web.headers import SecurityHeaders

    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(SecurityHeaders(_other, policy="x")({"type": "websocket"}, None, send))
    assert sent == [{"type": "websocket.accept"}]


def test_a_header_that_a_route_sets_stays():
    import asyncio

    from monitor.web.headers import SecurityHeaders

    async def route(scope, receive, send):
        headers = [(b"Content-Security-Policy", b"own")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(SecurityHeaders(route, policy="x")({"type": "http", "path": "/"}, None, send))
    names = [name.lower() for name, _ in sent[0]["headers"]]
    assert names.count(b"content-security-policy") == 1
    assert (b"Content-Security-Policy", b"own") in sent[0]["headers"]
