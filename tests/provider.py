"""An identity provider on loopback: whoever comes is let in as one person."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey


@contextmanager
def signing_in(**claims: str) -> Iterator[str]:
    """Serve OpenID Connect with code flow until the block ends; gives the address."""
    key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
    asked: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            if url.path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(url.query).items()}
                asked["nonce"] = query["nonce"]
                back = urlencode({"code": "c", "state": query["state"]})
                self.send_response(302)
                self.send_header("Location", f"{query['redirect_uri']}?{back}")
                self.end_headers()
            elif url.path == "/keys":
                self._say({"keys": [key.as_dict(private=False)]})
            else:
                self._say(
                    {
                        "issuer": address,
                        "authorization_endpoint": f"{address}/authorize",
                        "token_endpoint": f"{address}/token",
                        "jwks_uri": f"{address}/keys",
                        "id_token_signing_alg_values_supported": ["RS256"],
                        "code_challenge_methods_supported": ["S256"],
                    }
                )

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            now = int(time.time())
            told = {"iss": address, "aud": "monitor", "sub": "1", "iat": now, "exp": now + 600}
            token = jwt.encode({"alg": "RS256", "kid": "one"}, told | asked | claims, key)
            self._say({"access_token": "a", "token_type": "Bearer", "id_token": token})

        def _say(self, body: Any) -> None:
            data = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()


def secrets(provider: str, dashboard: str) -> str:
    """What Streamlit reads to send people there."""
    return (
        "[auth]\n"
        f'redirect_uri = "{dashboard}/oauth2callback"\n'
        'cookie_secret = "a long random text for tests"\n'
        'client_id = "monitor"\n'
        'client_secret = "none"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n'
    )
