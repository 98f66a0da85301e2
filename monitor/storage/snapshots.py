"""Snapshots in the store: create, find, list, revoke, purge. Secrets are never written to a log."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from monitor.errors import StorageError
from monitor.snapshots import tokens
from monitor.snapshots.canonical import Sealed, seal, unseal
from monitor.snapshots.document import Audience, Document, SnapshotError
from monitor.storage import tables
from monitor.storage.changes import record
from monitor.storage.engine import Database

_SNAPSHOTS = tables.snapshots.c
_REVOKED = "revoked:"  # before the digest of a token that opens nothing any more
_HEAD = [column for column in _SNAPSHOTS if column.name not in {"document", "owner_key_sha256"}]


class Status(StrEnum):
    """What a link still opens."""

    OPEN = "open"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Revocation(StrEnum):
    """What became of a wish to revoke."""

    DONE = "done"
    ALREADY = "already"
    WRONG_KEY = "wrong_key"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Created:
    """What the maker of a snapshot is told, once."""

    id: str
    token: str = field(repr=False)
    owner_key: str = field(repr=False)
    sha256: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotHead:
    """A snapshot without its content."""

    id: str
    token: str | None = field(repr=False)  # None: revoked
    kind: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    author: str
    note: str
    audience: Audience
    sha256: str

    def status(self, now: datetime) -> Status:
        """Whether its link opens at `now`."""
        if self.revoked_at is not None:
            return Status.REVOKED
        return Status.EXPIRED if now >= self.expires_at else Status.OPEN


class Snapshots:
    """The kept snapshots of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, document: Document, *, audience: Audience = "open") -> Created:
        """Keep a document; its times, author and note come from the document itself.

        Raises:
            SnapshotError: The document is not complete; nothing was stored.
            StorageError: The database is locked, full or gone; nothing was stored.
        """
        sealed = seal(document)
        frozen = sealed.document
        made = Created(
            id=tokens.new_id(),
            token=tokens.new_token(),
            owner_key=tokens.new_owner_key(),
            sha256=sealed.sha256,
            expires_at=datetime.fromisoformat(frozen["expires_at"]),
        )
        row = {
            "id": made.id,
            "token": made.token,
            "owner_key_sha256": tokens.digest(made.owner_key),
            "kind": frozen["kind"],
            "created_at": datetime.fromisoformat(frozen["created_at"]),
            "expires_at": made.expires_at,
            "author": frozen["author"],
            "note": frozen["note"],
            "audience": audience,
            "sha256": sealed.sha256,
            "document": sealed.body,
        }
        with _secrets_kept(), self._database.write() as connection:
            connection.execute(sa.insert(tables.snapshots), row)
        return made

    def by_token(self, token: str) -> SnapshotHead | None:
        """The snapshot behind a link, also when it was revoked or has expired; None: never was.

        Raises:
            StorageError: The database is locked or gone.
        """
        return self._head(_SNAPSHOTS.token.in_([token, _REVOKED + tokens.digest(token)]))

    def by_id(self, snapshot_id: str) -> SnapshotHead | None:
        """The snapshot of that public name; None: there is none.

        Raises:
            StorageError: The database is locked or gone.
        """
        return self._head(_SNAPSHOTS.id == snapshot_id)

    def content(self, snapshot_id: str) -> Sealed:
        """The frozen document, checked against its hash.

        Raises:
            SnapshotError: It was purged, was changed in the database, or never was.
            StorageError: The database is locked or gone.
        """
        query = sa.select(_SNAPSHOTS.document, _SNAPSHOTS.sha256).where(
            _SNAPSHOTS.id == snapshot_id
        )
        with _secrets_kept(), self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            raise SnapshotError(f"there is no snapshot {snapshot_id}; see `snapshot list`")
        if not row.document:
            raise SnapshotError(f"snapshot {snapshot_id} has expired and its content was deleted")
        return unseal(bytes(row.document), row.sha256)

    def list(
        self, *, limit: int = 50, before: tuple[datetime, str] | None = None
    ) -> list[SnapshotHead]:
        """Snapshots without their content, newest first.

        Args:
            limit: At most so many.
            before: `created_at` and `id` of the last one already shown; None: from the newest.

        Raises:
            StorageError: The database is locked or gone.
        """
        query = sa.select(*_HEAD).order_by(_SNAPSHOTS.created_at.desc(), _SNAPSHOTS.id.desc())
        if before is not None:
            created_at, last_id = before
            query = query.where(
                sa.or_(
                    _SNAPSHOTS.created_at < created_at,
                    sa.and_(_SNAPSHOTS.created_at == created_at, _SNAPSHOTS.id < last_id),
                )
            )
        with _secrets_kept(), self._database.read() as connection:
            return [_as_head(row) for row in connection.execute(query.limit(limit))]

    def revoke(self, snapshot_id: str, owner_key: str, *, by: str, now: datetime) -> Revocation:
        """Make the link open nothing, for good; only with the owner key.

        Raises:
            StorageError: The database is locked or gone; the link still opens.
        """
        query = sa.select(
            _SNAPSHOTS.token, _SNAPSHOTS.owner_key_sha256, _SNAPSHOTS.revoked_at
        ).where(_SNAPSHOTS.id == snapshot_id)
        with _secrets_kept(), self._database.write() as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                return Revocation.UNKNOWN
            if not tokens.matches(owner_key, row.owner_key_sha256):
                return Revocation.WRONG_KEY
            if row.revoked_at is not None:
                return Revocation.ALREADY
            connection.execute(
                sa.update(tables.snapshots)
                .where(_SNAPSHOTS.id == snapshot_id)
                .values(token=_REVOKED + tokens.digest(row.token), revoked_at=now)
            )
            record(connection, by=by, now=now, what="snapshot revoked", subject=snapshot_id)
        return Revocation.DONE

    def purge(self, *, now: datetime, keep: timedelta = timedelta(0)) -> int:
        """Delete the content of snapshots that expired more than `keep` ago.

        Their rows stay, so that an old link can still say that it has expired.

        Returns:
            How many lost their content; purging twice gives 0.

        Raises:
            StorageError: The database is locked or gone; nothing was deleted.
        """
        statement = (
            sa.update(tables.snapshots)
            .where(_SNAPSHOTS.expires_at < now - keep, _SNAPSHOTS.document != b"")
            .values(document=b"")
        )
        with _secrets_kept(), self._database.write() as connection:
            return connection.execute(statement).rowcount

    def _head(self, condition: sa.ColumnElement[bool]) -> SnapshotHead | None:
        with _secrets_kept(), self._database.read() as connection:
            row = connection.execute(sa.select(*_HEAD).where(condition)).one_or_none()
        return None if row is None else _as_head(row)


@contextlib.contextmanager
def _secrets_kept() -> Iterator[None]:
    """Drop the driver's own error, which quotes the parameters: tokens must not reach a log."""
    try:
        yield
    except StorageError as error:
        raise StorageError(str(error)) from None


def _as_head(row: sa.Row[Any]) -> SnapshotHead:
    values = dict(row._mapping)
    token = values["token"]
    values["token"] = None if token is None or token.startswith(_REVOKED) else token
    return SnapshotHead(**values)
