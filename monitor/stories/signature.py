"""What an item is about, apart from its wording: words, numbers, vessels, flights, names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from monitor.items import require_utc

TOKENS = 80
"""Words of title and summary that are compared; leads say it all, bodies dilute."""

_WORD = re.compile(r"[a-z0-9]+")
_NUMBER = re.compile(r"(?<![\w.,:/-])\d{1,3}(?:[.,]\d{3})+|(?<![\w.,:/-])\d+(?![\w:/]|[.,]\d)")
_CAPITALISED = re.compile(r"\b[^\W\d_a-zà-öø-ÿ][\w'’-]{3,}")
_VESSEL = re.compile(
    r"\b(?:USS|USNS|USCGC|HMS|HNLMS|MV|M/V|MT|ARV|AB)\s+([A-Z][\w.'-]+(?:\s[A-Z][\w.'-]+)?)"
    r"|\bZr\.?\s?Ms\.?\s+([A-Z][\w.'-]+(?:\s[A-Z][\w.'-]+)?)"
    r"|\b(?:[Tt]anker|[Pp]etrolero|[Oo]lietanker|[Bb]uque|[Bb]arku|[Ss]chip|[Ff]regat|[Dd]estroyer"
    r"|[Vv]essel)\s+[\"'“‘«]?([A-Z][\w'-]+)"
)
_FLIGHT = re.compile(r"\b(?:[A-Z]{2}\s?\d{3,4}|(?:[Ff]light|[Vv]uelo|[Vv]lucht)\s+(\d{2,4}))\b")
_CORRECTION = re.compile(
    r"^\W*(?:correction|corrected|correctie|rectificatie|rectificaci[oó]n|correcci[oó]n"
    r"|fe de erratas?|korekshon|rektifikashon|withdrawn|retraction|retracted|ingetrokken"
    r"|retirado|clarification|aclaraci[oó]n|aklarashon)\b"
    r"|\b(?:corrects? (?:an |its |the )?(?:earlier|previous)|earlier (?:post|report|statement) was"
    r" (?:incorrect|wrong|withdrawn)|withdraws? (?:its |an |the )?(?:earlier|previous)"
    r"|retracts? (?:its |an |the )?(?:earlier|previous)|corrigeert eerder|trekt eerder"
    r"|rectifica (?:su|la|el|una) (?:anterior|informaci[oó]n))",
    re.IGNORECASE,
)
_STOP_WORDS = """
a al and are as at be by da dat de del den der di die dit do e een el en er es esta for
from had has have he het hij his i in is it its la las le los met mi na naar niet no nos
of on onder op or os para pa por que se she su sus te than that the their they this to
ta tin tot un una uno van ve voor was were will with wordt worden y zijn zo zich aan bij
ook maar over uit om nog cu ku o i e su nan den riba pa ora despues after before into
not but said says also more over
"""
_STOP = frozenset(_STOP_WORDS.split())
_YEARS = range(1900, 2101)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupingItem:
    """An item as grouping needs it: plain values only."""

    id: str
    title: str
    summary: str = ""
    language: str = "und"
    seen_at: datetime  # UTC; when a poll first met it
    published_at: datetime | None = None
    group: str = ""  # publisher group
    indicators: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # ids of the gazetteer
    severity: int = 0
    direction: str = "neutral"

    def __post_init__(self) -> None:
        require_utc("seen_at", self.seen_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What two reports of one development share even in different languages."""

    indicators: frozenset[str]
    places: frozenset[str]
    numbers: frozenset[str]  # without years, clock times and single digits
    vessels: frozenset[str]
    flights: frozenset[str]
    names: frozenset[str]  # folded capitalised words: people, firms, operations

    @property
    def people(self) -> frozenset[str]:
        """Names that are not those of its places."""
        return self.names - {word for place in self.places for word in _WORD.findall(place)}

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        """Indicator and place together: a first net for candidates."""
        return frozenset((one, place) for one in self.indicators for place in self.places)


def signature(item: GroupingItem) -> Signature:
    """The signature of an item; empty sets where the text says nothing."""
    text = f"{item.title}\n{item.summary[:1000]}"
    return Signature(
        indicators=frozenset(item.indicators),
        places=frozenset(item.places),
        numbers=frozenset(_numbers(text)),
        vessels=frozenset(_groups(_VESSEL, text)),
        flights=frozenset(re.sub(r"\D", "", found.group()) for found in _FLIGHT.finditer(text)),
        names=frozenset(_names(text)),
    )


def tokens(item: GroupingItem) -> tuple[str, ...]:
    """Different folded words of title and lead, in order, at most `TOKENS`."""
    found = _WORD.findall(fold(f"{item.title} {item.summary[:900]}"))
    kept = dict.fromkeys(word for word in found if len(word) > 1 and word not in _STOP)
    return tuple(kept)[:TOKENS]


def is_correction(item: GroupingItem) -> bool:
    """Whether the item says of itself that it corrects or withdraws an earlier report."""
    return bool(_CORRECTION.search(item.title) or _CORRECTION.search(item.summary[:300]))


def fold(text: str) -> str:
    """Lower case without accents; dashes and curly quotes become spaces."""
    if text.isascii():
        return text.lower()
    spaced = text.translate(_SPACES)
    return unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode().lower()


_SPACES = str.maketrans(dict.fromkeys("–—‘’“”«»…·•\u00a0", " "))


def _numbers(text: str) -> list[str]:
    raw = (re.sub(r"[.,]", "", found.group()) for found in _NUMBER.finditer(text))
    return [one for one in raw if len(one) > 1 and int(one) not in _YEARS]


def _groups(pattern: re.Pattern[str], text: str) -> list[str]:
    return [fold(next(part for part in found.groups() if part)) for found in pattern.finditer(text)]


def _names(text: str) -> list[str]:
    return [fold(found.group()) for found in _CAPITALISED.finditer(text)]
