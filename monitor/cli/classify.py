"""classify: items as JSON lines in, assessments as JSON lines out; no database."""

from __future__ import annotations

import argparse
import logging
import sys
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from monitor.assess.assessor import Assessor
from monitor.cli import session
from monitor.cli.output import print_json_line
from monitor.config import SEEDS
from monitor.feeds.outcomes import fault_words
from monitor.items import read_moment

LOG = logging.getLogger("monitor.classify")
TEXTS = ("title", "summary", "language", "published", "publisher", "url")


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the command."""
    parser.add_argument(
        "--json-lines", action="store_true", help="the only form there is; may be left out"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Assess each line; a bad line gets an error in its place."""
    zone = session.configuration(args).zone
    assessor = Assessor.load(SEEDS)
    now = session.now()
    for line in sys.stdin.buffer:
        if line.strip():
            print_json_line(answer(assessor, line, zone=zone, now=now))
            sys.stdout.flush()
    return 0


def answer(assessor: Assessor, line: bytes, *, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """The assessment of one line, or `{"id", "error"}`."""
    identity: Any = None
    try:
        raw = orjson.loads(line)
        if not isinstance(raw, dict):
            raise ValueError("the line is no JSON object")
        identity = raw.get("id")
        words = _texts(raw)
        moment = read_moment(words["published"], zone) if words["published"] else now
        made = assessor.assess(
            title=words["title"],
            summary=words["summary"],
            language=words["language"] or None,
            published=moment,
            publisher=words["publisher"],
            url=words["url"],
        )
    except ValueError as error:  # orjson's own error is one too
        return {"id": identity, "error": str(error)}
    except Exception as error:
        LOG.exception("a line could not be judged; the others go on")
        return {"id": identity, "error": fault_words(error)}
    return {"id": identity, **made.as_json()}


def _texts(raw: dict[str, Any]) -> dict[str, str]:
    """The text fields; missing and null ones are empty.

    Raises:
        ValueError: A field is no text, or the title is missing.
    """
    words = {name: raw.get(name) or "" for name in TEXTS}
    for name, value in words.items():
        if not isinstance(value, str):
            raise ValueError(f"{name} must be text, not {value!r}")
    if not words["title"].strip():
        raise ValueError("title is missing")
    return words
