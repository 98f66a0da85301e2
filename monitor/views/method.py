"""Method: how is it computed, how good is it, and what would it say of this text?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import pandas as pd

from monitor.assess.explain import Change, Explanation
from monitor.assess.model import Assessment, Suppressed
from monitor.indicators.settings import Settings
from monitor.items import Item
from monitor.storage.reading import Reading
from monitor.storage.rows import ItemRow
from monitor.views import triage
from monitor.views.cards import ItemCard, item_card
from monitor.views.indicators import Described
from monitor.views.lens import DIRECTIONS, LANGUAGES, LEVELS, SEVERITIES, Lens, count, listed

LIMITS = (
    "It measures what watched sources report, not what happens. What nobody reports is not seen.",
    "Rules read titles and short summaries, not whole articles, and know four languages.",
    "One publisher's wave can look like escalation: independent publishers count, not articles.",
    "With few stories a day, a doubling needs a week to be certain; tripwires catch grave events.",
    "Papiamentu rules were written without a native reader's check of every phrase.",
    "Reference events on charts are for orientation and never feed the index.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """One step of the computation with its present constants."""

    name: str
    latex: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Everything on the page but the try-out."""

    lexicon: str
    formulas: tuple[Formula, ...]
    constants: pd.DataFrame  # columns: constant, value
    indicators: pd.DataFrame  # columns: indicator, kind, weight, half-life in days, watches
    accuracy: pd.DataFrame  # one row a language; empty when nothing was evaluated here
    accuracy_about: str
    agreement: str
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A text that a person typed, judged, with what would change the verdict."""

    verdict: str
    card: ItemCard
    rules: tuple[tuple[str, str], ...]  # those that hold: words found and wanted, and its id
    taken_back: tuple[tuple[str, str], ...]  # what a rule took back or lessened, and its id
    changes: tuple[str, ...]  # the verdict without single words
    steady: str  # what stands whichever single word is left out; "" for nothing


def load(
    reading: Reading,
    lens: Lens,
    *,
    watched: Mapping[str, Described],
    settings: Settings,
    version: str,
    evaluation: Mapping[str, Any] | None = None,
) -> Method:
    """Formulas with the constants in use, indicators, and how good the judgement is.

    Args:
        reading: The store's queries.
        lens: The reader's clock and names.
        watched: Indicators of the lexicon.
        settings: Constants of the index.
        version: Of the lexicon.
        evaluation: What `evaluate --json` printed, kept with the program; None: nothing.
    """
    return Method(
        lexicon=f"Lexicon {version}, {count(len(watched), 'indicator')}",
        formulas=formulas(settings),
        constants=_constants(settings),
        indicators=_indicators(watched, lens),
        accuracy=_accuracy(evaluation or {}),
        accuracy_about=str((evaluation or {}).get("about", "")),
        agreement=triage.agreement(reading.verdicts()),
        limits=LIMITS,
    )


def formulas(settings: Settings) -> tuple[Formula, ...]:
    """The steps from stories to a level, with their constants."""
    delta = 0.5 ** (1 / settings.half_life_days)
    steps = ", ".join(
        f"{name} from {value:g}"
        for name, value in zip(LEVELS[1:], settings.thresholds, strict=True)
    )
    return (
        Formula(
            name="Expected",
            latex=r"E_t = \sum_{g \in U_t} N_{gt}\,\rho_g",
            words=f"What the sources that were up would show in normal times: the stories N of "
            f"each publisher group times its usual share ρ of flagged ones, learnt from the last "
            f"{settings.base_days} days without the newest {settings.guard_days}.",
        ),
        Formula(
            name="Index",
            latex=r"\begin{aligned} I_t &= 100\,\frac{a_t}{b_t} \\"
            r"a_t &= \delta a_{t-1} + (1-\delta)a_0 + Y_t/\varphi \\"
            r"b_t &= \delta b_{t-1} + (1-\delta)a_0 + E_t/\varphi \end{aligned}",
            words=f"Seen stories Y over expected ones, fading with a half-life of "
            f"{settings.half_life_days:g} days (δ = {delta:.2f}). 100 is normal. The band holds "
            f"the true value in 8 of 10 cases.",
        ),
        Formula(
            name="Weight of a story",
            latex=r"W = w_{\text{indicator}} \cdot \pi_{\text{place}} \cdot"
            r"\Bigl(1-\prod_g (1-q_g)\Bigr)",
            words="Weight of the indicator, nearness of the effect to Curaçao, and how surely "
            "independent publishers of known reliability q confirm it. Reprints of one agency "
            "count once.",
        ),
        Formula(
            name="Level",
            latex=r"L_t = \max\{\,k : P(I_t > T_k) \geq "
            f"{settings.up_probability:g}"
            r"\,\}",
            words=f"{steps}. Up at once, down one step after {settings.down_days} calm days; a "
            f"tripwire can hold a floor under it.",
        ),
        Formula(
            name="Coverage",
            latex=r"\kappa_t = \frac{\sum_{g \in U_t} E_{gt}}{\sum_{g} E_{gt}}",
            words=f"Share of the expected evidence that was really observed. Below "
            f"{settings.hatched_below:.0%} the chart is hatched, below {settings.blind_below:.0%} "
            f"the level is held and shown as blind: a dead feed never looks calm.",
        ),
    )


def _constants(settings: Settings) -> pd.DataFrame:
    rows = [
        [one.name.replace("_", " "), _told(getattr(settings, one.name))] for one in fields(settings)
    ]
    return pd.DataFrame(rows, columns=["constant", "value"])


def _told(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {one:g}" for key, one in value.items())
    if isinstance(value, tuple | list):
        return ", ".join(f"{one:g}" for one in value)
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _indicators(watched: Mapping[str, Described], lens: Lens) -> pd.DataFrame:
    rows = [
        [lens.name(name), one.kind, one.weight, one.half_life_days, one.definition]
        for name, one in watched.items()
    ]
    columns = ["Indicator", "Kind", "Weight", "Half-life, days", "What it watches"]
    return pd.DataFrame(rows, columns=columns)


_MEASURES = {
    "n": "Headlines",
    "relevance_precision": "Flags that were right",
    "relevance_recall": "Found of what matters",
    "direction": "Direction right",
    "severity_within_one": "Severity right within one step",
    "indicators_f1": "Indicators right (F1)",
}


def _figure(value: float) -> str:
    """A count as it is, a share in per cent."""
    return f"{value:,}" if isinstance(value, int) else f"{value:.0%}"


def _accuracy(evaluation: Mapping[str, Any]) -> pd.DataFrame:
    """One row a language from `{"languages": {code: {measure: value}}}`, all languages last."""
    known: Mapping[str, Mapping[str, float]] = evaluation.get("languages", {})
    rows = [
        {"Language": "All" if code == "all" else LANGUAGES.get(code, code)}
        | {_MEASURES.get(name, name): _figure(value) for name, value in measures.items()}
        for code, measures in known.items()
    ]
    return pd.DataFrame(rows)


def tried(found: Explanation, title: str, summary: str, lens: Lens, *, now: datetime) -> Tried:
    """A text that a person typed, judged as an item would be, and what would change that."""
    card = _typed(title, summary, found.verdict, lens, now)
    deciding = [one for one in found.changes if one.changes_verdict]
    left_out = count(len(found.changes), "word was left out", "words were left out one by one")
    return Tried(
        verdict=verdict(card),
        card=card,
        rules=tuple(
            (
                f"{listed([f'“{word}”' for word in one.words])}. It wants {one.needs}."
                + (f" It means: {one.why}." if one.why else ""),
                one.id,
            )
            for one in found.rules
        ),
        taken_back=tuple(_taken_back(one, lens) for one in found.verdict.suppressed),
        changes=tuple(f"Without “{one.without}”: {_otherwise(one, lens)}" for one in deciding),
        steady=f"No single word decides; {left_out}." if found.changes and not deciding else "",
    )


def _taken_back(one: Suppressed, lens: Lens) -> tuple[str, str]:
    words = listed([f"“{proof.text}”" for proof in one.evidence])
    of_words = f" for {words}" if words else ""
    return f"{lens.name(one.indicator)}{of_words}: {one.because}", one.rule


def _otherwise(one: Change, lens: Lens) -> str:
    """A verdict in few words."""
    if not one.relevant:
        return "not flagged"
    names = listed([lens.name(key) for key in one.indicators])
    severity, way = SEVERITIES[one.severity], DIRECTIONS[one.direction]
    return f"severity {one.severity} {severity}, {way}: {names}"


def _typed(title: str, summary: str, judged: Assessment, lens: Lens, now: datetime) -> ItemCard:
    item = Item(feed_id="", guid="", url="", title=title, summary=summary, seen_at=now)
    row = ItemRow(
        id="",
        feed_id="",
        feed_title="this text",
        reliability="F",
        official=False,
        url="",
        title=item.title,
        summary=item.summary,
        language=judged.language,
        publisher="",
        group="",
        published_at=None,
        seen_at=now,
        sort_at=now,
        revised_at=None,
        revisions=0,
        story_id=None,
        flagged=bool(judged.flags),
        assessment=judged,
        joined_because="",
    )
    return item_card(row, lens, whole=True)


def verdict(card: ItemCard) -> str:
    """What the rules make of a text, in one sentence."""
    if not card.reasons and not card.relevance:
        return "Not relevant: no rule found a security matter that concerns Curaçao."
    if not card.reasons:
        return f"Not flagged, though it concerns Curaçao ({'; '.join(card.relevance)})."
    names = ", ".join(reason.name for reason in card.reasons)
    return (
        f"Relevant ({card.relevance_value:.2f}), severity {card.severity} {card.severity_word}, "
        f"{card.direction_word}: {names}."
    )
