"""snapshot: freeze, list, show, verify, compare, revoke, export."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from monitor.cli import session
from monitor.cli.output import local, print_json, print_table
from monitor.cli.words import span
from monitor.config import SEEDS, Config
from monitor.errors import MonitorError, StorageError
from monitor.snapshots.canonical import Sealed, Verdict, export, verify
from monitor.snapshots.coastline import Coastline
from monitor.snapshots.difference import difference
from monitor.snapshots.document import SnapshotError, check
from monitor.snapshots.render_csv import csv_bytes
from monitor.snapshots.render_html import page
from monitor.snapshots.render_png import png_bytes
from monitor.storage.snapshots import Revocation
from monitor.storage.store import Store
from monitor.views import freeze

KINDS = ("situation", "indicators", "stories", "brief")


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the commands."""
    verbs = parser.add_subparsers(metavar="VERB", required=True)

    def verb(name: str, summary: str, run: Any) -> argparse.ArgumentParser:
        one = verbs.add_parser(name, help=summary)
        one.add_argument("--json", action="store_true")
        one.set_defaults(run=run)
        return one

    new = verb("create", "freeze the present view and get a link", create)
    new.add_argument("--kind", choices=KINDS, default="situation")
    new.add_argument("--note", default="")
    new.add_argument("--author", default="")
    new.add_argument("--days", type=int, default=90, help="length of the range")
    new.add_argument("--expire-after", type=span, metavar="SPAN", help="such as 7d")
    new.add_argument("--signed-in", action="store_true", help="only for people who sign in")
    verb("list", "what was shared", list_snapshots)
    verb("show", "one snapshot", show).add_argument("id")
    verb("verify", "whether a file or a kept snapshot is unchanged", check_one).add_argument(
        "target", metavar="FILE-or-ID"
    )
    two = verb("diff", "what changed between two", compare)
    two.add_argument("earlier", metavar="A")
    two.add_argument("later", metavar="B")
    gone = verb("revoke", "make a link open nothing, for good", revoke)
    gone.add_argument("id")
    gone.add_argument(
        "--owner-key", default="", help="default: MONITOR_OWNER_KEY, so that no log keeps it"
    )
    out = verb("export", "write it to a file", export_one)
    out.add_argument("id")
    out.add_argument("--format", choices=("html", "json", "csv", "png"), default="html")
    out.add_argument("--output", type=Path, help="default: standard output")


def create(args: argparse.Namespace) -> int:
    """Freeze the present view."""
    with session.opened(args) as (settings, store):
        if args.signed_in and settings.access.mode != "oidc":
            raise MonitorError(
                "--signed-in: nobody can sign in here ([access] mode is not oidc), so nobody could "
                "open the link; leave it out, or set up sign-in (docs/operation.md)"
            )
        session.intake(settings, store)
        document = freeze.document(
            store,
            settings,
            kind=args.kind,
            choice={"days": args.days},
            note=args.note,
            author=args.author or session.who(),
            expire_after=args.expire_after or settings.snapshots.expire_after,
            now=session.now(),
        )
        made = store.snapshots.create(document, audience="signed_in" if args.signed_in else "open")
        answer = {
            "id": made.id,
            "url": link(settings, made.token),
            "owner_key": made.owner_key,
            "sha256": made.sha256,
            "expires_at": made.expires_at.isoformat(),
        }
        if args.json:
            print_json(answer)
        else:
            print(f"Link       {answer['url']}")
            print(f"Owner key  {made.owner_key}  (revokes it; shown only now)")
            print(f"Id         {made.id}, opens until {local(made.expires_at, settings.zone)}")
            print(f"SHA-256    {made.sha256}")
    return 0


def link(settings: Config, token: str) -> str:
    """What people share."""
    base = (settings.site.public_url or "http://127.0.0.1:8501").rstrip("/")
    return f"{base}/s/{token}"


def list_snapshots(args: argparse.Namespace) -> int:
    """Print what was shared; links are secrets and stay out of lists."""
    with session.opened(args) as (settings, store):
        now = session.now()
        rows = store.snapshots.list(limit=1000)
        if args.json:
            print_json(
                [
                    {
                        "id": one.id,
                        "kind": one.kind,
                        "created_at": one.created_at.isoformat(),
                        "expires_at": one.expires_at.isoformat(),
                        "status": one.status(now).value,
                        "author": one.author,
                        "note": one.note,
                        "audience": one.audience,
                        "sha256": one.sha256,
                    }
                    for one in rows
                ]
            )
            return 0
        print_table(
            ("id", "created", "status", "kind", "author", "note"),
            [
                (
                    one.id,
                    local(one.created_at, settings.zone),
                    one.status(now).value,
                    one.kind,
                    one.author,
                    one.note,
                )
                for one in rows
            ],
        )
    return 0


def show(args: argparse.Namespace) -> int:
    """Print one snapshot."""
    with session.opened(args) as (_settings, store):
        sealed = content(store, args.id)
        if args.json:
            print_json({"sha256": sealed.sha256, "document": sealed.document})
            return 0
        frozen = sealed.document
        print(f"{frozen['site']}: {frozen['level']['name']}")
        print(frozen["level"]["sentence"])
        print(f"Frozen {frozen['created_at']} by {frozen['author'] or 'unknown'}")
        print(f"SHA-256 {sealed.sha256}")
        for story in frozen["stories"]:
            print(f"- [{story['severity']}] {story['title']}")
    return 0


def content(store: Store, snapshot_id: str) -> Sealed:
    """The sealed document behind an id, unless its link was revoked or has expired.

    Raises:
        SnapshotError: It opens nothing.
    """
    head = store.snapshots.by_id(snapshot_id)
    if head is None:
        raise SnapshotError(f"there is no snapshot {snapshot_id!r}; see `snapshot list`")
    status = head.status(session.now())
    if status != "open":
        raise SnapshotError(f"snapshot {snapshot_id} is {status.value} and shows nothing")
    return store.snapshots.content(snapshot_id)


def check_one(args: argparse.Namespace) -> int:
    """Say whether a file or a kept snapshot is unchanged."""
    path = Path(args.target)
    verdict = verify(_read(path)) if path.is_file() else _verify_kept(args)
    if args.json:
        print_json({"valid": verdict.valid, "sha256": verdict.sha256, "says": verdict.sentence})
    else:
        print(verdict.sentence)
    sys.stdout.flush()
    return 0 if verdict.valid else 1


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise MonitorError(f"{path}: cannot be read ({error.strerror})") from error


def _verify_kept(args: argparse.Namespace) -> Verdict:
    with session.opened(args) as (_settings, store):
        try:
            return verify(export(content(store, args.target)))
        except StorageError:
            raise
        except SnapshotError as error:
            raise MonitorError(f"{args.target}: no such file, and {error}") from error


def compare(args: argparse.Namespace) -> int:
    """Print what changed between two snapshots."""
    earlier, later = (_document(args, one) for one in (args.earlier, args.later))
    found = difference(earlier, later)
    if args.json:
        print_json(found.as_json())
    else:
        for sentence in found.sentences:
            print(sentence)
    return 0


def _document(args: argparse.Namespace, name: str) -> Any:
    path = Path(name)
    if path.is_file():
        data = _read(path)
        verdict = verify(data)
        if not verdict.valid or verdict.document is None:
            raise MonitorError(f"{path}: {verdict.sentence}")
        return check(verdict.document)
    with session.opened(args) as (_settings, store):
        return content(store, name).document


def revoke(args: argparse.Namespace) -> int:
    """Make a link open nothing."""
    key = args.owner_key or os.environ.get("MONITOR_OWNER_KEY", "")
    if not key:
        raise MonitorError("revoke: give --owner-key or set MONITOR_OWNER_KEY; nothing changed")
    with session.opened(args) as (_settings, store):
        done = store.snapshots.revoke(args.id, key, by=session.who(), now=session.now())
    words = {
        Revocation.DONE: f"snapshot {args.id} is revoked; its link opens nothing any more",
        Revocation.ALREADY: f"snapshot {args.id} was revoked before",
        Revocation.WRONG_KEY: f"that is not the owner key of snapshot {args.id}; nothing changed",
        Revocation.UNKNOWN: f"there is no snapshot {args.id!r}; see `snapshot list`",
    }
    if done in (Revocation.WRONG_KEY, Revocation.UNKNOWN):
        raise MonitorError(words[done])
    if args.json:
        print_json({"id": args.id, "status": done.value})
    else:
        print(words[done])
    return 0


def export_one(args: argparse.Namespace) -> int:
    """Write a snapshot to a file."""
    with session.opened(args) as (_settings, store):
        sealed = content(store, args.id)
    made = _made(sealed, args.format)
    if args.output is None:
        sys.stdout.buffer.write(made)
        return 0
    try:
        args.output.write_bytes(made)
    except OSError as error:
        raise MonitorError(f"{args.output}: cannot be written ({error.strerror})") from error
    return 0


def _made(sealed: Sealed, kind: str) -> bytes:
    if kind == "json":
        return export(sealed)
    if kind == "csv":
        return csv_bytes(sealed.document)
    if kind == "png":
        return png_bytes(sealed.document, SEEDS / "fonts")
    return page(sealed, Coastline.load(SEEDS / "coastline.geojson")).encode()
