"""Canonical bytes, the hash over them, the file that carries both, and the check of such a file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import cast

import rfc8785

from monitor.snapshots.document import Document, SnapshotError, check, freeze

MAXIMUM_BYTES = 20_000_000  # chosen by us: a hundred times the usual snapshot
_HASH_LENGTH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A document, its canonical JSON (RFC 8785) and the SHA-256 over exactly those bytes."""

    document: Document
    body: bytes
    sha256: str  # 64 lower-case hex digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a snapshot is what its hash says, in words for the person who asked."""

    valid: bool
    sentence: str
    sha256: str | None = None  # of what the file holds; None: it holds no document
    named: str | None = None  # the hash that the file names
    document: Document | None = None  # only when valid


def seal(document: Document) -> Sealed:
    """The document cleaned, in canonical form, with its hash.

    Raises:
        SnapshotError: A part is missing, of the wrong type, or has no canonical form.
    """
    clean = freeze(document)
    try:
        body = rfc8785.dumps(cast("dict[str, object]", clean))  # type: ignore[arg-type]  # plain JSON
    except rfc8785.CanonicalizationError as error:
        raise SnapshotError(f"snapshot: has no canonical form: {error}") from error
    return Sealed(document=clean, body=body, sha256=sha256(body).hexdigest())


def unseal(body: bytes, digest: str) -> Sealed:
    """Stored bytes as a document, when they still have the hash that was stored beside them.

    Raises:
        SnapshotError: The bytes or the hash were changed, or are no document.
    """
    found = sha256(body).hexdigest()
    if found != digest:
        raise SnapshotError(
            f"the stored snapshot was changed: its hash is {found}, but {digest} was recorded; "
            "restore it from a backup or a downloaded file"
        )
    return Sealed(document=check(_parsed(body)), body=body, sha256=digest)


def export(sealed: Sealed) -> bytes:
    """The file to download: hash and document as one line of JSON."""
    return b'{"sha256":"' + sealed.sha256.encode() + b'","document":' + sealed.body + b"}\n"


def verify(data: bytes) -> Verdict:
    """Check a downloaded file against the hash that it names.

    Every byte counts: a file that was only re-indented is refused too, in other words. The hash
    shows that nothing changed after it was made; who made it, it cannot show.
    """
    if len(data) > MAXIMUM_BYTES:
        return _refused(f"This file has {len(data):,} bytes; no snapshot is that large.")
    if data.lstrip()[:1] == b"<":
        return _refused("This is a page, not the snapshot file; download it as JSON and try again.")
    try:
        raw = _parsed(data)
        named, document = _parts(raw)
    except SnapshotError as error:
        return _refused(f"Not a snapshot file: {error}.")
    try:
        sealed = seal(document)
    except SnapshotError as error:
        return _refused(f"The content is damaged: {error}.", named)
    return _compared(data, named, sealed)


def _compared(data: bytes, named: str, sealed: Sealed) -> Verdict:
    if sealed.sha256 != named:
        return _refused(
            "Refused: the content does not have the hash that the file names; "
            "something was changed after it was made.",
            named,
            sealed.sha256,
        )
    if export(sealed) != data:
        return _refused(
            "Refused: the content has its hash, but the file was written anew (spaces, order or "
            "doubled parts); ask for the file as it was exported.",
            named,
            sealed.sha256,
        )
    return Verdict(
        valid=True,
        sentence="Intact: every byte is as it was when the hash was made. "
        "Compare the hash with the one you were given.",
        named=named,
        sha256=sealed.sha256,
        document=sealed.document,
    )


def _parsed(data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise SnapshotError(f"byte {error.start} is not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        raise SnapshotError(f"it is no JSON ({error})") from error


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is no JSON number")


def _parts(raw: object) -> tuple[str, Document]:
    if not isinstance(raw, dict) or set(raw) != {"sha256", "document"}:
        raise SnapshotError("it should hold exactly a sha256 and a document")
    named = raw["sha256"]
    if not isinstance(named, str) or len(named) != _HASH_LENGTH:
        raise SnapshotError("its sha256 is not 64 hex digits")
    return named, check(raw["document"])


def _refused(sentence: str, named: str | None = None, found: str | None = None) -> Verdict:
    return Verdict(valid=False, sentence=sentence, named=named, sha256=found)
