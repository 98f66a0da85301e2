"""lexicon: what the rules and words are, and changing them: tried first, saved as a version."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson

from monitor.assess.changes import LISTS, Vocabulary, told
from monitor.assess.explain import needs
from monitor.assess.preview import Preview, Step, Verdict
from monitor.assess.rules import Rule
from monitor.cli import session
from monitor.cli.output import local, print_json, print_table, progress
from monitor.config import SEEDS, Config
from monitor.cycle.intake import Intake
from monitor.cycle.vocabulary import NEWEST, SHIPPED, Rehearsal, folded, go_back, rehearse, save
from monitor.errors import MonitorError
from monitor.storage.lexicons import LexiconVersion
from monitor.views import vocabulary as view
from monitor.views.lens import Lens

_FORM = (
    'FILE.json holds what to change: {"add": {"en/close": ["cordoned off"]}, '
    '"remove": {"nl/outage": ["..."]}, "weights": {"airspace": 7}, '
    '"rules": {"airspace.closed": {"enabled": false, "severity": {"cur": 3}}}}; - reads it from '
    "standard input"
)


def arguments(parser: argparse.ArgumentParser, _name: str) -> None:
    """Describe the commands."""
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    one = verbs.add_parser("show", help="what is in use; or one list, rule or indicator")
    one.add_argument(
        "what", nargs="?", metavar="WHAT", help="words (en/close), a rule, or an indicator"
    )
    one.set_defaults(run=show)
    tried = verbs.add_parser(
        "preview", help="which stored items would change verdict", epilog=_FORM
    )
    tried.add_argument("file", metavar="FILE.json")
    tried.add_argument(
        "--items", type=_number, default=NEWEST, metavar="N", help=f"newest items; {NEWEST}"
    )
    tried.set_defaults(run=preview)
    kept = verbs.add_parser("save", help="use a change from now on", epilog=_FORM)
    kept.add_argument("file", metavar="FILE.json")
    kept.add_argument("--note", required=True, help="why, for those who come after")
    kept.set_defaults(run=save_file)
    many = verbs.add_parser("versions", help="every saved version, newest first")
    many.set_defaults(run=versions)
    back = verbs.add_parser("revert", help="use an earlier version from now on")
    back.add_argument("version", metavar="VERSION", help=f"or {SHIPPED}: without any change")
    back.set_defaults(run=revert)
    for each in (one, tried, kept, many, back):
        each.add_argument("--json", action="store_true")


def _number(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of items, 1 or more")
    return int(text)


# --- show ----------------------------------------------------------------------------------------
def show(args: argparse.Namespace) -> int:
    """Print what is in use, or one part of it."""
    shipped = Vocabulary.load(SEEDS)
    with session.opened(args) as (settings, store):
        intake = session.intake(settings, store)
        if args.what:
            found = _part(shipped.changed(intake.changes), args.what)
        else:
            used = store.lexicons.in_use()
            found = {
                "version": intake.assessor.version,
                "saved": _version(used, shipped) if used else None,
                "changes": intake.changes,
                "in_words": list(told(shipped, intake.changes)),
                "left_out": list(intake.left_out),
            }
    if args.json:
        print_json(found)
    else:
        _tell(found, shipped.meanings.places)
    return 0


def _part(seen: Vocabulary, what: str) -> dict[str, Any]:
    """One list of words, one rule or one indicator."""
    name, _, concept = what.partition("/")
    if name in LISTS and concept in (concepts := seen.concepts(name)):
        rules = [f"{key}: {words}" for words, key in view.users(seen, concept)]
        return {"list": LISTS[name], "concept": concept, "meaning": seen.meanings.of(concept),
                "phrases": concepts[concept], "rules": rules}  # fmt: skip
    if what in seen.rules:
        return _rule(seen, seen.rules[what])
    if what in seen.indicators:
        one = seen.indicators[what]
        rules = [key for key in seen.rules if key.startswith(f"{what}.")]
        return {"indicator": what, "name": one.names["en"], "watches": one.definition,
                "weight": one.weight, "rules": rules}  # fmt: skip
    raise MonitorError(
        f"{what!r} is no list of words such as en/close, no rule such as airspace.closed, and no "
        f"indicator such as airspace"
    )


def _rule(seen: Vocabulary, rule: Rule) -> dict[str, Any]:
    parts = (*rule.when, *rule.anywhere, rule.against, rule.unless)
    concepts = dict.fromkeys(concept for part in parts for concept in part)
    return {
        "rule": rule.id,
        "enabled": rule.id not in seen.off,
        "why": rule.because,
        "needs": needs(rule, seen.meanings),
        "concepts": {one: seen.meanings.of(one) for one in concepts},
        "direction": rule.direction.value,
        "severity": dict(rule.severity),
    }


def _tell(found: Mapping[str, Any], places: Mapping[str, str]) -> None:
    for key, value in found.items():
        if isinstance(value, list):
            print(f"{key.replace('_', ' ')}:{'' if value else ' none'}")
            for line in value:
                print(f"  {line}")
        elif isinstance(value, Mapping):
            print(f"{key}: {_mapping(key, value, places)}")
        elif value is not None:
            print(f"{key}: {value}")


def _mapping(key: str, value: Mapping[str, Any], places: Mapping[str, str]) -> str:
    if key == "severity":
        return ", ".join(f"{places.get(group, group)} {one}" for group, one in value.items())
    if key == "concepts":
        return ", ".join(f"{meaning} ({concept})" for concept, meaning in value.items())
    return orjson.dumps(value).decode()


# --- preview and save ----------------------------------------------------------------------------
def _changes(name: str) -> Any:
    """What the file says is to be changed.

    Raises:
        MonitorError: It cannot be read, or is no JSON.
    """
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return orjson.loads(raw)
    except OSError as error:
        raise MonitorError(f"{name}: cannot be read ({error.strerror})") from error
    except orjson.JSONDecodeError as error:
        raise MonitorError(f"{name}: is no JSON ({error})") from error


def preview(args: argparse.Namespace) -> int:
    """Judge stored items as before and as changed; nothing is saved."""
    edit = _changes(args.file)
    with session.opened(args) as (settings, store):
        intake = session.intake(settings, store)
        found = rehearse(
            intake,
            Vocabulary.load(SEEDS),
            [edit],
            newest=args.items,
            progress=progress("judging"),
        )
        lens = _lens(settings, intake)
    if args.json:
        print_json(_as_json(found))
    else:
        _tell_preview(found, lens)
    return 0


def _lens(settings: Config, intake: Intake) -> Lens:
    names = {one.id: one.names["en"] for one in intake.assessor.indicators.values()}
    return Lens(now=session.now(), zone=settings.zone, names=names)


def _as_json(found: Rehearsal) -> dict[str, Any]:
    tried = found.preview
    return {
        "changes": list(found.lines),
        "version_before": tried.version_before,
        "version_after": tried.version_after,
        "judged": tried.judged,
        "newly_flagged": tried.count(Step.FLAGGED),
        "no_longer_flagged": tried.count(Step.DROPPED),
        "otherwise": tried.count(Step.OTHER),
        "labelled": tried.labelled,
        "precision": _shares(tried, "precision"),
        "recall": _shares(tried, "recall"),
        "items": [_item(one) for one in tried.changed],
    }


def _shares(tried: Preview, name: str) -> dict[str, Any]:
    return {when: getattr(tried, f"{name}_{when}").as_json() for when in ("before", "after")}


def _item(one: Verdict) -> dict[str, Any]:
    return {
        "id": one.sample.id,
        "title": one.sample.title,
        "url": one.sample.url,
        "step": one.step.value,
        "among_newest": one.sample.counted,
        "people_said_relevant": one.sample.relevant,
        "before": one.before.as_json(),
        "after": one.after.as_json(),
    }


def _tell_preview(found: Rehearsal, lens: Lens) -> None:
    tried = found.preview
    for line in found.lines:
        print(f"change   {line}")
    if any(line.startswith("Weight of ") for line in found.lines):
        print(view.WEIGHTS)
    print(view.sentence(tried))
    if tried.labelled:
        for name in ("precision", "recall"):
            before, after = (getattr(tried, f"{name}_{when}") for when in ("before", "after"))
            print(f"{name}: {view.share(before)} before, {view.share(after)} after")
        print(f"measured on {tried.labelled} items on which people decided. {view.FLAGGED_ONLY}")
    else:
        print(view.NOBODY)
    for one in tried.changed:
        print(f"\n{one.sample.title}")
        print(f"    now      {view.verdict(one.before, lens)}")
        print(f"    changed  {view.verdict(one.after, lens)}")
        print(f"    because  {view.because(one, lens)}")


def save_file(args: argparse.Namespace) -> int:
    """Use a change from now on."""
    edit = _changes(args.file)
    shipped = Vocabulary.load(SEEDS)
    with session.opened(args) as (settings, store):
        intake = session.intake(settings, store)
        changes, lines = folded(shipped, intake.changes, [edit])
        if changes == intake.changes:
            raise MonitorError(f"{args.file}: changes nothing; nothing was saved")
        version = save(
            intake,
            changes,
            instead_of=intake.saved,
            note=args.note,
            by=session.who(),
            now=session.now(),
        )
    if args.json:
        print_json({"version": version, "changes": changes, "in_words": list(lines)})
    else:
        for line in lines:
            print(f"change   {line}")
        print(
            f"version {version} is in use; `reassess` judges stored items by it, "
            f"`lexicon revert` goes back"
        )
    return 0


# --- versions ------------------------------------------------------------------------------------
def _version(one: LexiconVersion, shipped: Vocabulary) -> dict[str, Any]:
    return asdict(one) | {"in_words": list(told(shipped, one.changes))}


def versions(args: argparse.Namespace) -> int:
    """Print every saved version."""
    with session.opened(args) as (settings, store):
        saved = store.lexicons.all()
    if args.json:
        shipped = Vocabulary.load(SEEDS)
        print_json([_version(one, shipped) for one in saved])
    elif saved:
        print_table(
            ("version", "in use", "saved", "by", "note"),
            [
                (one.version, "yes" if one.current else "", local(one.created_at, settings.zone),
                 one.by, one.note)
                for one in saved
            ],
        )  # fmt: skip
    else:
        print("the lexicon is in use as shipped; nothing was ever saved")
    return 0


def revert(args: argparse.Namespace) -> int:
    """Use an earlier version from now on."""
    with session.opened(args) as (settings, store):
        intake = session.intake(settings, store)
        version = go_back(intake, args.version, by=session.who(), now=session.now())
    if args.json:
        print_json({"version": version, "changes": intake.changes})
    else:
        print(f"version {version} is in use; `reassess` judges stored items by it")
    return 0
