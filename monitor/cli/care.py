"""backup, restore, migrate, doctor: care of the store."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from monitor.cli import session
from monitor.cli.output import print_json
from monitor.cycle.checkup import checkup
from monitor.storage import care, changes
from monitor.storage.engine import Database


def arguments(parser: argparse.ArgumentParser, name: str) -> None:
    """Describe one of the four commands."""
    if name in ("backup", "restore"):
        parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(
        run={
            "backup": backup,
            "restore": restore,
            "migrate": migrate,
            "doctor": doctor,
        }[name]
    )


def backup(args: argparse.Namespace) -> int:
    """Write the whole store to a file."""
    with session.opened(args) as (_settings, store):
        rows = care.backup(store.database, args.file)
    return _said(args, {"file": str(args.file), "rows": rows}, f"{args.file}: {rows} rows kept")


def restore(args: argparse.Namespace) -> int:
    """Fill an empty store from a backup."""
    database = Database(session.configuration(args).database_url)
    rows = care.restore(database, args.file)
    by, now, what = session.who(), session.now(), "backup restored"
    changes.note(database, by=by, now=now, what=what, subject=str(args.file), rows=rows)
    text = f"{database.name}: {rows} rows restored from {args.file}"
    database.dispose()
    return _said(args, {"file": str(args.file), "rows": rows}, text)


def migrate(args: argparse.Namespace) -> int:
    """Bring the tables up to date."""
    database = Database(session.configuration(args).database_url)
    before, after = database.migrate()
    text = f"{database.name}: schema {before or 'none'} -> {after}"
    database.dispose()
    return _said(args, {"before": before, "after": after}, text)


def doctor(args: argparse.Namespace) -> int:
    """Check everything and say what to do."""
    findings = checkup(session.configuration(args), now=datetime.now(UTC))
    if args.json:
        print_json([{"what": one.what, "fine": one.fine, "says": one.says} for one in findings])
    else:
        for one in findings:
            print(f"{'ok  ' if one.fine else 'LOOK'} {one.what}: {one.says}")
    sys.stdout.flush()
    return 0 if all(one.fine for one in findings) else 1


def _said(args: argparse.Namespace, value: object, text: str) -> int:
    if args.json:
        print_json(value)
    else:
        print(text)
    return 0
