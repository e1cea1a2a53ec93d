"""A real OpenID provider on loopback: discovery, keys, code with PKCE, signed tokens, userinfo, logging out.

A test sets who is logged in there (``person``), and what the provider does wrong (``wrong``).
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "parkinglot", "a secret of the provider's"
KEY, STRANGER = (rsa.generate_private_key(65537, 2048) for _ in range(2))
KID = "key-1"


@dataclass
class OpenId:
    """What the provider knows. ``wrong``: names of faults, see where they are read."""

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "4711", "preferred_username": "olga"})
    wrong: set[str] = field(default_factory=set)
    claims: dict[str, Any] = field(default_factory=dict)
    """Put into the ID token over what is right."""
    asked: list[str] = field(default_factory=list)
    """Paths, in order."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def id_token(self) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, **self.person, **self.claims}
        claims = {name: value for name, value in claims.items() if value is not None}
        if "unsigned" in self.wrong:
            return jwt.encode(claims, None, algorithm="none", headers={"kid": KID})
        if "shared key" in self.wrong:
            return jwt.encode(claims, "x" * 32, algorithm="HS256", headers={"kid": KID})
        signer = STRANGER if "signature" in self.wrong else KEY
        kid = "another" if "kid" in self.wrong else KID
        return jwt.encode(claims, signer, algorithm="RS256", headers={"kid": kid})

    def discovery(self) -> dict[str, Any]:
        base = self.issuer
        found = {
            "issuer": "https://evil.example" if "issuer" in self.wrong else base,
            "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": "http://192.0.2.1/token" if "no tls" in self.wrong else f"{base}/token",
            "jwks_uri": f"{base}/elsewhere" if "redirect" in self.wrong else f"{base}/keys",
            "userinfo_endpoint": f"{base}/userinfo",
            "end_session_endpoint": f"{base}/end",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
        if "no userinfo" in self.wrong:
            del found["userinfo_endpoint"]
        return found

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [{**public, "kid": KID, "use": "sig", "alg": "RS256"}]}

    def userinfo(self) -> dict[str, Any]:
        return {**self.person, **({"sub": "somebody else"} if "userinfo" in self.wrong else {})}

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """For a code that was given for this question, once; None: refused."""
        given = self.codes.pop(sent.get("code", ""), None)
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        fits = given is not None and (
            (sent.get("client_id"), sent.get("client_secret")) == (CLIENT, SECRET)
            and sent.get("redirect_uri") == given["redirect_uri"]
            and given["code_challenge"] == challenge
        )
        if not fits:
            return None
        answer = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": 300}
        return answer if "no token" in self.wrong else {**answer, "id_token": self.id_token()}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to: the person is logged in here already."""
        if "cancel" in self.wrong:
            return f"{asked['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"


def _handler(provider: OpenId) -> type[BaseHTTPRequestHandler]:
    said = {
        "/.well-known/openid-configuration": provider.discovery,
        "/keys": provider.keys,
        "/userinfo": provider.userinfo,
    }
    leads = {
        "/authorize": provider.authorize,
        "/end": lambda asked: asked["post_logout_redirect_uri"],
        "/elsewhere": lambda _asked: f"{provider.issuer}/keys",
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            if parts.path in said:
                self.say(said[parts.path]())
            else:
                self.send(leads[parts.path](asked))

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            answer = provider.token({name: values[0] for name, values in parse_qs(body).items()})
            self.say(answer or {"error": "invalid_grant"}, 200 if answer else 400)

        def say(self, what: dict[str, Any], status: int = 200) -> None:
            body = json.dumps(what).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def send(self, where: str) -> None:
            self.send_response(302)
            self.send_header("location", where)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@contextmanager
def running() -> Iterator[OpenId]:
    """The provider, on a port of its own."""
    provider = OpenId()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
