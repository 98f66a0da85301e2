"""The lexicon as people change it: what is in use, what a change would do, its versions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from monitor.assess.changes import Vocabulary, told
from monitor.assess.evaluation import Share
from monitor.assess.explain import needs
from monitor.assess.model import Assessment
from monitor.assess.preview import Preview, Step, Verdict
from monitor.assess.rules import Rule
from monitor.storage.lexicons import LexiconAct, Lexicons, LexiconVersion
from monitor.storage.reading import Reading
from monitor.views.cards import ItemCard, item_card
from monitor.views.lens import DIRECTIONS, SEVERITIES, Lens, count, listed

NOBODY = (
    "Nobody has decided on an item yet, so precision and recall cannot be told. Decide on some on "
    "the Triage page first."
)
FLAGGED_ONLY = (
    "People decide on flagged items, so recall tells which confirmed items a change would lose, "
    "not what the rules never found."
)
WEIGHTS = (
    "A weight changes how much a story counts in the index, from the next measurement on. It "
    "changes no verdict."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One saved version in words."""

    version: str
    about: str  # who and when
    note: str
    lines: tuple[str, ...]  # beside the shipped lexicon; empty: as shipped
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InUse:
    """The lexicon in use and those before it."""

    sentence: str
    versions: tuple[Version, ...]
    history: tuple[str, ...]
    is_shipped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Precision or recall before and after."""

    name: str
    after: str
    delta: str  # "" when it stays as it is, or cannot be told
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What a change would do."""

    sentence: str
    older: str  # decided items that are not among the newest; "" for none
    measures: tuple[Measure, ...]
    about_labels: str
    cards: tuple[ItemCard, ...]
    more: int  # changed items that are not shown


def load(lexicons: Lexicons, lens: Lens, *, shipped: Vocabulary) -> InUse:
    """What is in use, and every version that was saved."""
    saved = lexicons.all()
    used = next((one for one in saved if one.current), None)
    changes = used.changes if used else {}
    return InUse(
        sentence=_used(used, len(told(shipped, changes)), lens),
        versions=tuple(_version(one, shipped, lens) for one in saved),
        history=tuple(_act(one, lens) for one in lexicons.history()),
        is_shipped=not changes,
    )


def _used(used: LexiconVersion | None, number: int, lens: Lens) -> str:
    if used is None:
        return "The lexicon is in use as shipped; nobody has changed it yet."
    if not used.changes:
        return "The lexicon is in use as shipped; what was changed has been taken back."
    return (
        f"In use: version {used.version}, {count(number, 'change')} to the shipped lexicon, saved "
        f"by {used.by or 'an unnamed person'}, {lens.when(used.created_at)}."
    )


def _version(one: LexiconVersion, shipped: Vocabulary, lens: Lens) -> Version:
    return Version(
        version=one.version,
        about=f"{one.by or 'an unnamed person'}, {lens.when(one.created_at)}",
        note=one.note,
        lines=told(shipped, one.changes),
        current=one.current,
    )


def _act(one: LexiconAct, lens: Lens) -> str:
    what = "went back to" if one.went_back else "saved"
    note = f": “{one.note}”" if one.note else ""
    return f"{lens.when(one.at)}: {one.by or 'an unnamed person'} {what} {one.version}{note}"


def rehearsed(found: Preview, reading: Reading, lens: Lens, *, shown: int = 10) -> Rehearsed:
    """What a change would do, with the first `shown` items that change verdict.

    Newly flagged ones come first, then those that would be dropped, then the others.
    """
    order = list(Step)
    changed = sorted(found.changed, key=lambda one: order.index(one.step))
    older = sum(not one.sample.counted for one in changed)
    return Rehearsed(
        sentence=sentence(found),
        older=f"{count(older, 'older item')} on which people decided would change too."
        if older
        else "",
        measures=tuple(_measures(found)) if found.labelled else (),
        about_labels=f"Measured on {count(found.labelled, 'item')} on which people decided. "
        f"{FLAGGED_ONLY}"
        if found.labelled
        else NOBODY,
        cards=_cards(changed[:shown], reading, lens),
        more=max(0, len(changed) - shown),
    )


def sentence(found: Preview) -> str:
    """What a change would do to the newest items, in one sentence."""
    new, gone, other = (found.count(step) for step in Step)
    items = f"Of the newest {count(found.judged, 'item')}"
    if not new + gone + other:
        return f"{items}, none would be judged otherwise."
    return (
        f"{items}, {new:,} would be newly flagged, {gone:,} would no longer be, and {other:,} "
        f"would stay flagged with another severity, direction or indicator."
    )


def _measures(found: Preview) -> Iterator[Measure]:
    for name, before, after, words in (
        ("Precision", found.precision_before, found.precision_after, "flagged items were relevant"),
        ("Recall", found.recall_before, found.recall_after, "relevant items are flagged"),
    ):
        yield Measure(
            name=name,
            after=share(after),
            delta=_delta(before, after),
            words=f"{_counted(after)} {words}; before {share(before)}, {_counted(before)}",
        )


def share(one: Share) -> str:
    """A share as a figure; a dash where nothing could be counted."""
    return "–" if one.value is None else f"{one.value:.2f}"


def _counted(one: Share) -> str:
    return f"{one.hits:,} of {one.of:,}"


def _delta(before: Share, after: Share) -> str:
    if before.value is None or after.value is None or before.value == after.value:
        return ""
    return f"{after.value - before.value:+.2f}"


def _cards(changed: Sequence[Verdict], reading: Reading, lens: Lens) -> tuple[ItemCard, ...]:
    rows = {row.id: row for row in reading.items_by_id(one.sample.id for one in changed)}
    cards = []
    for one in changed:
        row = rows.get(one.sample.id)
        if row is None:
            continue
        judged = one.before if one.step is Step.DROPPED else one.after  # whose words are marked
        card = item_card(replace(row, assessment=judged, flagged=True), lens)
        cards.append(replace(card, change=tuple(_changes(one, lens))))
    return tuple(cards)


def _changes(one: Verdict, lens: Lens) -> Iterator[tuple[str, str]]:
    yield "Now", verdict(one.before, lens)
    yield "With the change", verdict(one.after, lens)
    yield "Because", because(one, lens)
    if one.sample.relevant is not None:
        yield "People said", "relevant" if one.sample.relevant else "not relevant"


def verdict(made: Assessment, lens: Lens) -> str:
    """A verdict in few words."""
    if not made.relevant:
        return "not flagged"
    names = listed([lens.name(key) for key in made.indicators])
    severity, way = SEVERITIES[made.severity], DIRECTIONS[made.direction.value]
    return f"severity {made.severity} {severity}, {way}: {names}"


def because(one: Verdict, lens: Lens) -> str:
    """Which rules make the difference, and by which words."""
    before, after = _rules(one.before), _rules(one.after)
    known = {(each.indicator, each.rule) for each in one.before.suppressed}
    parts = [
        *(f"{_quoted(words)} now meets a rule for {lens.name(key[0])} ({key[1]})"
          for key, words in after.items() if key not in before),
        *(f"{_quoted(words)} no longer meets a rule for {lens.name(key[0])} ({key[1]})"
          for key, words in before.items() if key not in after),
        *(f"{lens.name(each.indicator)}: {each.because} ({each.rule})"
          for each in one.after.suppressed if (each.indicator, each.rule) not in known),
    ]  # fmt: skip
    rules = listed([f"{lens.name(indicator)} ({rule})" for indicator, rule in after])
    return "; ".join(parts) or f"weighed otherwise by the rules for {rules}"


def _rules(made: Assessment) -> dict[tuple[str, str], dict[str, None]]:
    """Rules behind the flags, by indicator and id, each with its words."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for flag in made.flags:
        for proof in flag.evidence:
            found.setdefault((flag.indicator, proof.rule), {})[proof.text] = None
    return found


def _quoted(words: dict[str, None]) -> str:
    return " + ".join(f"“{word}”" for word in words)


def by_meaning(vocabulary: Vocabulary, concepts: Iterable[str]) -> list[str]:
    """Concepts in the order of what they mean, articles aside: a border stands under b."""

    def place(concept: str) -> str:
        article, _, rest = (meaning := vocabulary.meanings.of(concept).casefold()).partition(" ")
        return rest if article in ("a", "an", "the") else meaning.strip("“”")

    return sorted(concepts, key=place)


def concept_name(vocabulary: Vocabulary, concept: str) -> str:
    """A concept as people choose it: what it means, and its name in the word lists."""
    return f"{vocabulary.meanings.of(concept)} ({concept})"


def rule_name(rule: Rule, lens: Lens) -> str:
    """A rule as people choose it: its indicator, what it means where it says so, and its id."""
    meaning = f": {rule.because}" if rule.because else ""
    return f"{lens.name(rule.indicator)}{meaning} ({rule.id})"


def rule_words(vocabulary: Vocabulary, rule: Rule) -> str:
    """What a rule wants, and what it means by it, in plain English."""
    meaning = f" It means: {rule.because}." if rule.because else ""
    return f"It wants {needs(rule, vocabulary.meanings)}.{meaning}"


def users(vocabulary: Vocabulary, concept: str) -> tuple[tuple[str, str], ...]:
    """Rules in which a concept plays a part: what each wants, and its id."""
    return tuple(
        (rule_words(vocabulary, rule), rule.id)
        for rule in vocabulary.rules.values()
        if concept in _concepts(rule)
    )


def _concepts(rule: Rule) -> set[str]:
    terms = {one for term in (*rule.when, *rule.anywhere) for one in term}
    return terms | {*rule.against, *rule.unless}
