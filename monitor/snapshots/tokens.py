"""Secrets of a snapshot: the token in its link, and the owner key that can revoke it."""

from __future__ import annotations

import hmac
import secrets
import string
from datetime import timedelta
from hashlib import sha256

EXPIRE_AFTER = timedelta(days=30)
_LETTERS = string.ascii_letters + string.digits  # a token survives mail, shells and double-clicks
_TOKEN_LETTERS = 27  # 27 x log2(62) = 160 bits; 128 are asked for
_ID_LETTERS = 10


def new_token() -> str:
    """27 random letters and digits, 160 bits: cannot be guessed."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_TOKEN_LETTERS))


def new_owner_key() -> str:
    """Like a token, but told only to the person who makes the snapshot."""
    return new_token()


def new_id() -> str:
    """A short public name; no secret."""
    return "".join(secrets.choice("23456789abcdefghjkmnpqrstuvwxyz") for _ in range(_ID_LETTERS))


def digest(secret: str) -> str:
    """What is stored in place of a secret: SHA-256, enough for 160 random bits."""
    return sha256(secret.encode()).hexdigest()


def matches(secret: str, stored: str) -> bool:
    """Whether the secret is the one whose digest is stored; takes the same time either way."""
    return hmac.compare_digest(digest(secret), stored)
