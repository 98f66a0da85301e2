"""One text read: concepts, places, persons, and the rules that hold."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.assess import background, polarity, scope
from monitor.assess.actors import Office, Person
from monitor.assess.calendar import BEGINS
from monitor.assess.gazetteer import Place, spans_by_group
from monitor.assess.language import choose
from monitor.assess.lexicon import Lexicon
from monitor.assess.matching import Hits, Span
from monitor.assess.model import Direction, Evidence, Suppressed
from monitor.assess.polarity import Reading
from monitor.assess.quantities import weigh
from monitor.assess.rules import STOP_CONCEPT, Match, Strength
from monitor.assess.text import Text
from monitor.assess.wordlists import LANGUAGES

MIXED = 0.7
"""A language with this share of the best one's points is read too (chosen by us)."""
CLEAR = 12
"""Points below which a language is a guess and all four are read (chosen by us)."""
SUPPRESSED_SHOWN = 8
"""Suppressed flags that an assessment lists at most (chosen by us)."""
ELSEWHERE = frozenset({"ELS", "CUB"})
"""Place groups whose news does not concern us unless the title names one of ours too."""
OURS = frozenset({"CUR", "ABC", "ARU", "BON", "FIR", "VEN", "COL", "GUY", "TRI"})
"""Place groups whose news concerns us though the title names a place elsewhere as well."""
HERE = frozenset({"CUR", "ABC", "ARU", "BON"})
"""Place groups of the islands."""
LOCAL: Mapping[str, frozenset[str]] = {
    "disaster": HERE,
    "violent_crime": HERE,
    "cyber_telecom": HERE,
    "civil_unrest": HERE | {"VEN"},
}
"""Where what concerns us at certain places alone does so: a flood in Caracas is no news for us."""
ANY = "any"
NEUTRAL = Direction.NEUTRAL
_EVERY = frozenset(LANGUAGES)


@dataclass(slots=True, kw_only=True)
class TextReading:
    """What a text holds, before it is judged.

    Attributes:
        groups: Place groups that the text is about; `home` among them where the text names none.
        dated: Words and numbers with which a date can begin.
        readings: Rules that hold, with direction and severity.
        suppressed: Rules that were taken back, and why.
    """

    text: Text
    language: str
    hits: Hits
    groups: frozenset[str]
    home: str
    places: tuple[tuple[Place, Span], ...]
    persons: tuple[tuple[Person, Office | None, Span], ...]
    dated: Sequence[Span]
    readings: tuple[Reading, ...]
    suppressed: tuple[Suppressed, ...]


def read(
    lexicon: Lexicon,
    text: Text,
    *,
    declared: str | None,
    published: date | None,
    publisher: str,
    url: str,
) -> TextReading:
    """Find everything that the rules need, and apply them."""
    scores = lexicon.scorer.scores(text.tokens)
    language = choose(scores, len(text.tokens), declared)
    hits = lexicon.matcher.find(text, _active(scores, language))
    dated = hits.pop(BEGINS, ())
    if text.title.rstrip().endswith("?"):
        hits[polarity.ASKED] = [(0, text.summary_from - 1)]  # the whole title
    weigh(text.tokens, hits)
    places = lexicon.gazetteer.take(hits)
    persons = lexicon.actors.take(hits, published)
    news = [one for one in places if not _is_dateline(text, one[1])]
    groups = scope.merge(hits, spans_by_group(news), lexicon.rule_file.groups)
    home = ""
    if groups <= scope.NOT_A_PLACE:
        home = scope.home(lexicon.homes, publisher, url)
        if language == "pap" and home in ("", "abc"):
            home = scope.spelling(text.tokens) or home
        if home:
            groups.add(home)
            hits.setdefault(home.upper(), [])
    readings, suppressed = _judge(lexicon, text, hits, groups)
    return TextReading(
        text=text,
        language=language,
        hits=hits,
        groups=frozenset(groups),
        home=home,
        places=tuple(places),
        persons=tuple(persons),
        dated=dated,
        readings=tuple(readings),
        suppressed=tuple(suppressed),
    )


def _is_dateline(text: Text, span: Span) -> bool:
    """Whether a place only says where the report was written: `WILLEMSTAD –` ahead of it."""
    if span[0] != text.summary_from:
        return False
    _, start, end = text.locate(span[0], span[1])
    behind = text.summary[end : end + 3].lstrip()
    return text.summary[start:end].isupper() and behind[:1] in tuple("-–—")


def _active(scores: Mapping[str, int], language: str) -> frozenset[str]:
    """The languages in which a text is read: its own, and those that are mixed in."""
    best = max(scores.values())
    if best < CLEAR:
        return _EVERY
    enough = MIXED * best
    return frozenset([one for one in LANGUAGES if one == language or scores[one] >= enough])


def _judge(
    lexicon: Lexicon, text: Text, hits: Hits, groups: set[str]
) -> tuple[list[Reading], list[Suppressed]]:
    judge = _Judge(lexicon, text, hits, groups)
    found = judge.read() or _fitting(judge.read(general=True))
    readings = judge.lean(found) if found else judge.guess()
    return readings, judge.suppressed()


class _Judge:
    """Applies the rules to one text and remembers what took a match back."""

    def __init__(self, lexicon: Lexicon, text: Text, hits: Hits, groups: set[str]) -> None:
        self._off = lexicon.off
        self._likelihood = lexicon.likelihood
        self._meanings = lexicon.rule_file.exclusions[Strength.SOFT]  # all that there are
        self._text, self._hits, self._groups = text, hits, groups
        self._title = text.summary_from - 1
        self._page = lexicon.book.page(hits, self._title)
        self._stops = self._page.stops
        self._exclusions = lexicon.rule_file.exclusions
        self._subjects = _subjects(self._meanings, hits, text)
        self._taken: list[tuple[Match, str, str]] = []
        self._refused: list[tuple[Match, Span]] = []

    def read(self, *, general: bool = False) -> list[Reading]:
        """The rules that hold; `general`: those that count only where no other does."""
        matches, refused = self._page.matches(general=general)
        self._refused += refused
        readings: list[Reading] = []
        for match in matches:
            severity = _severity(match, self._hits, self._groups, self._stops)
            subject = self._silenced(match.rule.strength)
            if severity == 0:
                self._take(match, "gate.place", "no place named here concerns us for this")
            elif subject:
                because = f"the title is about {self._meanings[subject]}"
                self._take(match, f"exclusion.{subject}", because)
            else:
                reading = polarity.read(match, severity, self._hits, self._stops, self._title)
                if reading.rule:
                    self._take(match, reading.rule, reading.because)
                readings.append(reading)
        return self._without_background(readings)

    def _without_background(self, readings: list[Reading]) -> list[Reading]:
        """The readings without those that the text only recalls."""
        if not readings or self._hits.keys().isdisjoint(background.NAMES):
            return readings
        behind = background.clauses(self._text, self._hits, self._stops)
        kept, recalled = background.divide(readings, behind)
        for one, because in recalled:
            self._take(one.match, background.RULE, because)
        return kept

    def lean(self, readings: list[Reading]) -> list[Reading]:
        """Readings that are open to either way, told by the words of the title together.

        A title that asks points nowhere by its words either.
        """
        if polarity.ASKED in self._hits or not all(_is_open(one) for one in readings):
            return readings
        way = self._likelihood.lean(_of_title(self._hits, self._title))
        if way is NEUTRAL:
            return readings
        because = f"its words together are {way.value}"
        return [one._replace(direction=way, because=because) for one in readings]

    def guess(self) -> list[Reading]:
        """What the words of the title together suggest, where no rule holds.

        Nothing where a rule was taken back or its event is only recalled, where one would hold if
        people had not switched it off, or where all that happened lies elsewhere.
        """
        recalled = any(rule == background.RULE for _, rule, _ in self._taken)
        if recalled or self._refused or self._silenced(Strength.FIRM) or self._is_switched_off():
            return []
        told = _of_title(self._hits, self._title)
        if not ELSEWHERE.isdisjoint(told) and told.isdisjoint(OURS):
            return []
        guess = self._likelihood.guess(told)
        where = LOCAL.get(guess.rules[0].indicator) if guess else None
        if where is not None and where.isdisjoint(self._here()):
            return []
        speaking = guess.speaking if guess else ()
        spans = [self._hits[concept][0] for concept, _ in speaking]
        if guess is None or not spans:
            return []
        said = [one_evidence(self._text, "", span).text for span in spans]
        because = guess.because(said)
        return [
            Reading(
                match=Match(rule, tuple(dict.fromkeys(spans)), 0),
                direction=rule.direction,
                severity=rule.severity[ANY],
                because=because,
            )
            for rule in guess.rules
        ]

    def _silenced(self, strength: Strength) -> str:
        """The subject of the title that silences rules of this strength, or ""."""
        if not self._subjects:
            return ""
        silencing = self._exclusions[strength]
        return max([one for one in self._subjects if one in silencing], default="")

    def _here(self) -> set[str]:
        return {one.upper() for one in self._groups}

    def _is_switched_off(self) -> bool:
        if not self._off.rules:
            return False
        page = self._off.page(self._hits, self._title)
        return any(page.matches(general=general)[0] for general in (False, True))

    def _take(self, match: Match, rule: str, because: str) -> None:
        self._taken.append((match, rule, because))

    def suppressed(self) -> list[Suppressed]:
        """What was taken back or read otherwise, with the rule that did it."""
        for match, span in self._refused[: max(0, SUPPRESSED_SHOWN - len(self._taken))]:
            because = f"the text also says “{one_evidence(self._text, '', span).text}”"
            self._take(match, f"{match.rule.id}/not", because)
        return [_suppressed(self._text, *one) for one in self._taken[:SUPPRESSED_SHOWN]]


def spoken(found: TextReading) -> frozenset[str]:
    """The concepts of the title, places as groups in capitals."""
    return _of_title(found.hits, found.text.summary_from - 1)


def _of_title(hits: Hits, title: int) -> frozenset[str]:
    """Concepts of the title.

    A place taken from the publisher has no words and is none: a local paper writes of anything.
    """
    return frozenset([one for one, spans in hits.items() if spans and spans[0][0] < title]) - {
        STOP_CONCEPT
    }


def _is_open(one: Reading) -> bool:
    """Whether a reading says only what a text is about, not which way it points."""
    return one.match.rule.open and not one.rule


def _fitting(readings: list[Reading]) -> list[Reading]:
    """General readings, without those that give way where another one fits."""
    return [one for one in readings if not one.match.rule.yields] or readings


def _severity(match: Match, hits: Hits, groups: set[str], stops: list[int]) -> int:
    """By the places that its sentence names, else by those that the text names."""
    named = [one for one in match.rule.severity.items() if one[0] in groups or one[0] == ANY]
    if len(named) > 1:
        for group, severity in named:
            for span in hits.get(group.upper(), ()):
                if bisect_left(stops, span[0]) == match.sentence:
                    return severity
    return named[0][1] if named else 0


def _subjects(meanings: Mapping[str, str], hits: Hits, text: Text) -> list[str]:
    """What the title is about that may silence rules."""
    named = meanings.keys() & hits.keys()
    return [one for one in named if hits[one][0][0] < text.summary_from]


def _suppressed(text: Text, match: Match, rule: str, because: str) -> Suppressed:
    return Suppressed(
        indicator=match.rule.indicator,
        rule=rule,
        because=because,
        evidence=evidence(text, match.rule.id, match.spans),
    )


def evidence(text: Text, rule: str, spans: Sequence[Span]) -> tuple[Evidence, ...]:
    """The words of a rule, each with its place in the original."""
    return tuple([one_evidence(text, rule, span) for span in dict.fromkeys(spans)])


def one_evidence(text: Text, rule: str, span: Span) -> Evidence:
    """One span of tokens as evidence."""
    field, start, end = text.locate(span[0], span[1])
    return Evidence(field, start, end, text.original(field)[start:end], rule)
