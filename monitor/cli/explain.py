"""explain: why a text is flagged or not, for a person to read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import Any

from monitor.assess.assessor import Assessor
from monitor.assess.explain import Explanation, Mark, explain
from monitor.assess.model import Flag
from monitor.assess.words import LANGUAGES
from monitor.cli.output import print_json
from monitor.config import SEEDS

_ON, _OFF = "\x1b[1;4m", "\x1b[0m"


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the command."""
    parser.add_argument("text", metavar="TEXT", help="- reads standard input: title, then text")
    parser.add_argument("--language", choices=tuple(LANGUAGES), default=None)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the assessment with its reasons."""
    text = sys.stdin.read() if args.text == "-" else args.text
    title, _, summary = text.strip().partition("\n")
    assessor = Assessor.load(SEEDS)
    found = explain(assessor, title=title, summary=summary.strip(), language=args.language)
    if args.json:
        print_json(as_json(found))
    else:
        _tell(found, title, summary.strip(), assessor)
    return 0


def as_json(found: Explanation) -> dict[str, Any]:
    """Plain values: the assessment, and what would change it."""
    return {
        "assessment": found.verdict.as_json(),
        "rules": [
            {"id": one.id, "words": list(one.words), "why": one.why, "needs": one.needs}
            for one in found.rules
        ],
        "would_change": [
            {
                "without": one.without,
                "rule": one.rule,
                "relevant": one.relevant,
                "severity": one.severity,
                "direction": one.direction,
                "indicators": list(one.indicators),
                "changes_verdict": one.changes_verdict,
            }
            for one in found.changes
        ],
        "suppressed": list(found.near_misses),
    }


def _tell(found: Explanation, title: str, summary: str, assessor: Assessor) -> None:
    made = found.verdict
    print(_marked(title, found.title_marks))
    if summary:
        print(_marked(summary, found.summary_marks))
    language = LANGUAGES.get(made.language, "language not certain")
    verdict = f"FLAGGED, severity {made.severity} of 4, {made.direction.value}"
    print(
        f"\n{verdict if made.relevant else 'not flagged'} "
        f"({language}, relevance {made.relevance.value:.2f})"
    )
    for line in dict.fromkeys(_reasons(found, assessor)):
        print(f"  {line}")
    print(f"lexicon {made.lexicon_version}")


def _reasons(found: Explanation, assessor: Assessor) -> Iterator[str]:
    """Everything behind the verdict, a line each, in the order in which people ask."""
    made = found.verdict
    yield from (f"because  {reason}" for reason in made.relevance.reasons)
    yield from (_flag(flag, assessor) for flag in made.flags)
    for place in made.places:
        yield f"place    {place.name}, {place.distance_km:.0f} km from Willemstad"
    for event in made.event_dates:
        yield f"date     {event.date} “{event.evidence.text}” {event.conflict}".rstrip()
    for deadline in made.deadlines:
        yield f"due      {deadline.due} “{deadline.evidence.text}”"
    yield from (f"not      {taken_back}" for taken_back in found.near_misses)
    for change in [one for one in found.changes if one.changes_verdict]:
        after = f"severity {change.severity}, {change.direction}"
        yield f"without “{change.without}”: {after if change.relevant else 'not flagged'}"


def _flag(flag: Flag, assessor: Assessor) -> str:
    name = assessor.indicators[flag.indicator].names["en"]
    words = ", ".join(f"“{one.text}” ({one.rule})" for one in flag.evidence)
    return f"flag     {name}: {flag.direction.value}, severity {flag.severity}: {words}"


def _marked(text: str, marks: tuple[Mark, ...]) -> str:
    """The text with its evidence underlined on a terminal, in brackets elsewhere."""
    on, off = (_ON, _OFF) if sys.stdout.isatty() else ("[", "]")
    parts, end = [], 0
    for one in marks:
        parts += [text[end : one.start], on, text[one.start : one.end], off]
        end = one.end
    return "".join([*parts, text[end:]])
