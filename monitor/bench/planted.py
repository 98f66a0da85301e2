"""A planted archive: months of made-up headlines, for measuring pages and for the browser tests.

Nothing here is news: papers, people and figures are invented, and the addresses cannot exist.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import orjson

PAPERS = ("Bench Courier", "Bench Bode", "Diario Banco", "Banku Notisia", "Bench Wire")
_LANGUAGES = ("en", "nl", "es", "pap", "en")
_SECURITY = {
    "en": (
        "FAA extends warning for airspace near Curaçao by {n} days",
        "US Navy destroyer enters the southern Caribbean, {n} aboard",
        "Venezuela moves {n} troops to the coast facing Aruba",
        "Airline cancels {n} flights to Caracas after airspace notice",
        "US strike on alleged drug boat off Venezuela kills {n}",
        "Washington gives Caracas {n} days to release detained crew",
        "Coast guard intercepts boat with {n} migrants off Curaçao",
        "Venezuela and Netherlands resume talks after {n} days",
    ),
    "nl": (
        "KLM schrapt {n} vluchten naar Curaçao wegens luchtruim Venezuela",
        "Marineschip met {n} militairen naar Caribisch gebied",
        "Kustwacht onderschept boot met {n} migranten bij Curaçao",
    ),
    "es": (
        "Venezuela despliega {n} soldados en la costa frente a Aruba",
        "Aerolíneas suspenden {n} vuelos a Caracas por alerta de la FAA",
        "Maduro rechaza ultimátum de Washington tras {n} días",
    ),
    "pap": (
        "Wardakosta ta intersepta boto ku {n} migrante serka di Kòrsou",
        "Venezuela ta sera frontera ku Aruba pa {n} dia",
    ),
}
_ORDINARY = {
    "en": (
        "Carnival parade draws {n} thousand visitors",
        "Local baker wins prize number {n}",
        "School opens {n} new classrooms",
        "Hotel occupancy rises {n} per cent",
        "Football club wins by {n} goals",
    ),
    "nl": ("Basisschool krijgt {n} nieuwe lokalen", "Restaurant viert {n}-jarig bestaan"),
    "es": ("El club gana con {n} goles", "Feria del libro recibe {n} mil visitas"),
    "pap": ("Skol ta habri {n} klas nobo", "Karnaval ta atraé {n} mil bishitante"),
}


def lines(
    *, now: datetime, days: int = 120, per_day: int = 8, rise: float = 3.0, seed: int = 1
) -> Iterator[bytes]:
    """Archive lines as `curacao-monitor import` reads them, oldest first.

    Args:
        now: UTC; no item is newer than an hour before.
        days: From so many days ago until today.
        per_day: Items a day, on average.
        rise: In the last ten days security headlines are so many times as frequent.
        seed: Another one gives other items.
    """
    rng = random.Random(seed)  # noqa: S311 - the same archive in every run
    for ago in range(days, -1, -1):
        share = 0.15 * (rise if ago < 10 else 1)
        moments = sorted(rng.uniform(1, 24) for _ in range(rng.randint(per_day - 2, per_day + 2)))
        for hours in reversed(moments):
            yield orjson.dumps(_item(rng, now - timedelta(days=ago, hours=hours), share))


def _item(rng: random.Random, seen: datetime, share: float) -> dict[str, str]:
    paper = rng.randrange(len(PAPERS))
    language = _LANGUAGES[paper]
    titles = (_SECURITY if rng.random() < share else _ORDINARY)[language]
    title = rng.choice(titles).format(n=rng.randint(2, 90))
    return {
        "url": f"https://paper{paper}.example/{seen:%Y/%m/%d}/{rng.randrange(10**9)}",
        "title": title,
        "summary": f"Planted for a bench, {rng.randrange(10**6)}. {title}.",
        "language": language,
        "publisher": PAPERS[paper],
        "published": (seen - timedelta(minutes=rng.randint(5, 300))).isoformat(),
        "first_seen": seen.isoformat(),
    }
