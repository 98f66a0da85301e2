"""Denied, refused, asked for, supposed, reassured: when a flag does not mean what it says."""

from __future__ import annotations

from typing import NamedTuple

from monitor.assess.matching import Hits
from monitor.assess.model import Direction
from monitor.assess.rules import Match

DEFIANT = frozenset(
    (
        "threat_of_force",
        "ultimatum",
        "leadership_change",
        "civil_unrest",
        "diplomatic_rupture",
        "negotiation",
        "terrorist_designation",
        "detention",
    )
)
"""Where "not" is said in defiance ("will not yield") and denies nothing."""
TRAFFIC = frozenset(
    {
        "airspace",
        "border_closure",
        "flight_disruption",
        "maritime_disruption",
        "negotiation",
        "sanctions",
        "diplomatic_rupture",
    }
)
"""Where asking for relief is itself a step towards it, though the smallest."""
ROUTES = frozenset({"airspace", "border_closure", "flight_disruption", "maritime_disruption"})
"""Where a meeting weighs 1 and a proposal or a date 2 until the way is open (guide, section 8)."""
REVERSIBLE = frozenset(
    {*ROUTES, "force_deployment", "maritime_strike", "travel_advisory", "energy_supply"}
)
"""Where the end of a danger is a relief; of violence and unrest it is only their end."""
BEFORE = 5
"""Tokens before a match in which a modifier still governs it (chosen by us)."""
ASKED = "asked"
"""A title that ends with a question mark asks and does not tell: read as debated."""
MODIFIERS = frozenset(
    (
        ASKED,
        "neg",
        "deny",
        "reassure",
        "lifted",
        "reject",
        "request",
        "debate",
        "may",
        "bordertalk",
        "proposew",
    )
)
"""Concepts of words that change how a match is to be read."""
ACUTE = 4
"""From this severity on a debate about an event does not lessen it (chosen by us)."""
AFTER = 4
"""Tokens after a match in which a modifier still governs it (chosen by us)."""


class Reading(NamedTuple):
    """A match, read with the words around it; `because` is empty where nothing changed."""

    match: Match
    direction: Direction
    severity: int
    rule: str = ""
    because: str = ""


def read(match: Match, severity: int, hits: Hits, stops: list[int], title: int) -> Reading:
    """Direction and severity of a match after the words around it.

    Args:
        match: What the rule found.
        severity: Its severity at this place, 0 to 4.
        hits: Concepts of the text.
        stops: Tokens that end a sentence.
        title: The token that ends the title.
    """
    plain = Reading(match, match.rule.direction, severity)
    if match.rule.fixed or hits.keys().isdisjoint(MODIFIERS):
        return plain
    governed = _Window(match, hits, stops, title)
    if plain.direction is Direction.DEESCALATORY:
        return _relief(plain, governed)
    if plain.direction is Direction.ESCALATORY:
        return _danger(plain, governed)
    return plain


class _Window:
    """Looks for a modifier in the same sentence, close to the match."""

    def __init__(self, match: Match, hits: Hits, stops: list[int], title: int) -> None:
        sentence = match.sentence
        start = stops[sentence - 1] if sentence else -1
        end = stops[sentence] if sentence < len(stops) else match.last + AFTER
        self._hits = hits
        self._own = match.spans
        self._opening = {first for first, last in match.spans if last > first}
        self._start, self._end = start, end
        self._title = title
        self._first = match.first
        self._to = min(end, match.last + AFTER)

    def span(self, concept: str, before: int = BEFORE) -> tuple[int, int] | None:
        """Where the modifier stands; `before` narrows how far ahead of the match it may be.

        A word of the match itself ("threatens") is what is reported, and modifies nothing;
        nor does the word that opens a phrase of it ("no diesel").
        """
        lowest = max(self._start + 1, self._first - before)
        for one in self._hits.get(concept, ()):
            inside = one in self._own or one[0] in self._opening
            if lowest <= one[0] <= self._to and not inside:
                return one
        return None

    def in_sentence(self, concept: str) -> tuple[int, int] | None:
        """Where the modifier stands in the same sentence or in the title, however far.

        Nor here is a word of the match its own modifier: a blockade that is lifted rejects nothing.
        """
        for one in self._hits.get(concept, ()):
            if one not in self._own and (self._start < one[0] < self._end or one[0] < self._title):
                return one
        return None


def _relief(plain: Reading, near: _Window) -> Reading:
    traffic = plain.match.rule.indicator in TRAFFIC
    for concept, why in (
        ("reject", "a relief that is refused is no relief"),
        ("neg", "the relief is denied"),
        ("request", "a relief that is asked for is no relief"),
        ("debate", "a relief that is debated is no relief"),
        (ASKED, "a relief that is asked about is no relief"),
    ):
        span = near.span(concept) if concept == "neg" else near.in_sentence(concept)
        if span is not None:
            talk = traffic and concept == "request"
            most = 2 if talk and _is_proposed(plain, near) else 1
            return plain._replace(
                direction=plain.direction if talk else Direction.NEUTRAL,
                severity=min(most, plain.severity),
                rule=f"polarity.{concept}",
                because="a reopening that is talked of, not done" if talk else why,
            )
    span = near.span("may")
    if span is not None and plain.severity > 1:
        return plain._replace(
            severity=1,
            rule="polarity.may",
            because="the relief is only considered",
        )
    return _step(plain, near)


def _is_proposed(plain: Reading, near: _Window) -> bool:
    """Whether a way is to be opened by a formal proposal, a joint statement or from a date on."""
    return plain.match.rule.indicator in ROUTES and near.in_sentence("proposew") is not None


def _step(plain: Reading, near: _Window) -> Reading:
    """A way that is being talked about, or will be opened, weighs less than one that is open."""
    if plain.match.rule.indicator in ROUTES:
        for concept, most in (("bordertalk", 1), ("proposew", 2)):
            if plain.severity > most and near.in_sentence(concept) is not None:
                return plain._replace(
                    severity=most,
                    rule=f"polarity.{concept}",
                    because="a step towards a reopening, not the reopening",
                )
    return plain


def _danger(plain: Reading, near: _Window) -> Reading:
    defiant = plain.match.rule.indicator in DEFIANT
    for concept, why, before in (
        ("deny", "the report is denied", BEFORE),
        ("" if defiant else "neg", "the danger is denied", 3),
        ("reassure", "the text reassures", BEFORE),
        ("lifted", "what is reported is its end", BEFORE),
    ):
        span = near.span(concept, before)
        if span is not None:
            over = concept == "lifted" and plain.match.rule.indicator in REVERSIBLE
            return plain._replace(
                direction=Direction.DEESCALATORY if over else Direction.NEUTRAL,
                severity=min(2 if over else 1, plain.severity),
                rule=f"polarity.{concept}",
                because=why,
            )
    span = near.in_sentence("debate") or near.in_sentence(ASKED)
    if span is not None and plain.severity < ACUTE:
        return plain._replace(
            direction=Direction.NEUTRAL,
            severity=max(1, plain.severity - 1),
            rule="polarity.debate",
            because="debated or explained, not done",
        )
    span = near.span("may")
    if span is not None and plain.severity > 1:
        return plain._replace(
            severity=plain.severity - 1,
            rule="polarity.may",
            because="supposed or planned, not done",
        )
    return plain
