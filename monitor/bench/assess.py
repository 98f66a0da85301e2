"""`python -m monitor.bench.assess`: texts judged a second, beside the bare phrase matcher.

One text in seven is a piece of the shipped article, thick with flags; the others are made up of
everyday words. All have 400 characters. Both ways see the same texts in the same run, and the
start-up is that of a fresh process.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from monitor.assess.assessor import Assessor
from monitor.assess.text import Text
from monitor.bench.report import Line
from monitor.config import SEEDS

ARTICLE = "articles/curacao-chronicle-2025-12-02.txt"
LENGTH = 400
TITLE = 80
HOT_IN = 7
ROUNDS = 5
PUBLISHED = datetime(2025, 12, 2, 14, tzinfo=UTC)
EVERYDAY = (
    "the",
    "a",
    "of",
    "to",
    "and",
    "in",
    "on",
    "for",
    "with",
    "by",
    "new",
    "council",
    "plan",
    "park",
    "river",
    "residents",
    "parking",
    "engineer",
    "work",
    "years",
    "province",
    "school",
    "music",
    "garden",
    "market",
    "morning",
    "evening",
    "street",
    "house",
    "family",
    "water",
    "company",
    "price",
    "report",
    "week",
    "month",
    "team",
    "player",
    "coach",
    "season",
    "song",
    "museum",
    "festival",
    "student",
    "teacher",
    "doctor",
    "harbour",
    "tree",
    "summer",
    "winter",
    "city",
    "bridge",
    "road",
    "train",
    "people",
    "decision",
    "de",
    "het",
    "een",
    "van",
    "en",
    "op",
    "voor",
    "met",
    "nieuwe",
    "gemeente",
    "bewoners",
    "werk",
    "jaren",
    "muziek",
    "tuin",
    "markt",
    "ochtend",
    "straat",
    "huis",
    "familie",
    "bedrijf",
    "prijs",
    "maand",
    "speler",
    "seizoen",
    "lied",
    "el",
    "la",
    "los",
    "y",
    "para",
    "con",
    "nuevo",
    "parque",
    "vecinos",
    "trabajo",
    "escuela",
    "jardin",
    "mercado",
    "calle",
)


def texts(seeds: Path, count: int, seed: int = 1) -> list[str]:
    """Texts of `LENGTH` characters, one in `HOT_IN` a piece of the shipped article."""
    rng = random.Random(seed)  # noqa: S311  made-up text, nothing to guess
    article = " ".join((seeds / ARTICLE).read_text("utf-8").split())
    found = []
    for number in range(count):
        if number % HOT_IN == 0:
            begin = rng.randrange(len(article) - LENGTH)
            found.append(article[begin : begin + LENGTH])
        else:
            found.append(" ".join(rng.choices(EVERYDAY, k=LENGTH // 3))[:LENGTH])
    return found


def per_second(work: Callable[[str], object], given: Sequence[str]) -> float:
    """Texts a second of one core: the best of `ROUNDS`, after one to warm up."""
    best = 0.0
    for _ in range(ROUNDS + 1):
        begin = time.process_time()
        for text in given:
            work(text)
        best = max(best, len(given) / (time.process_time() - begin))
    return best


def measure(seeds: Path, count: int) -> dict[str, float]:
    """Rates in texts a second, their ratio, and start-up in seconds."""
    assessor = Assessor.load(seeds)
    given = texts(seeds, count)
    matcher = assessor.lexicon.matcher
    full = per_second(
        lambda text: assessor.assess(title=text[:TITLE], summary=text[TITLE:], published=PUBLISHED),
        given,
    )
    bare = per_second(lambda text: matcher.find(Text.read(text[:TITLE], text[TITLE:])), given)
    verdict = assessor.assess(title=given[0][:TITLE], summary=given[0][TITLE:])
    long = [text * 20 for text in given[:HOT_IN]]
    longer = [text * 40 for text in given[:HOT_IN]]
    return {
        "assess_per_second": full,
        "matcher_per_second": bare,
        "ratio": full / bare,
        "json_per_second": per_second(lambda _: verdict.as_json(), given[:200]),
        "twice_as_long_costs": per_second(_body(assessor), long)
        / per_second(_body(assessor), longer),
        "start_up_seconds": start_up(seeds),
    }


def _body(assessor: Assessor) -> Callable[[str], object]:
    return lambda text: assessor.assess(title="", summary=text)


def start_up(seeds: Path) -> float:
    """CPU seconds in which a fresh process compiles the lexicon, the best of three."""
    code = (
        "import sys,time;from pathlib import Path;"
        "from monitor.assess.assessor import Assessor;"
        "t=time.process_time();Assessor.load(Path(sys.argv[1]));print(time.process_time()-t)"
    )
    return min(
        float(
            subprocess.run(
                [sys.executable, "-c", code, str(seeds)], capture_output=True, check=True, text=True
            ).stdout
        )
        for _ in range(3)
    )


def lines() -> list[Line]:
    """The figures, for `curacao-monitor bench`."""
    found = measure(SEEDS, 1400)
    return [
        Line(what="texts of 400 characters, fully assessed, a second and core",
             figure=found["assess_per_second"], at_least=5000,
             detail=f"the bare phrase matcher {found['matcher_per_second']:,.0f}"),
        Line(what="start-up of the lexicon, CPU", figure=found["start_up_seconds"], unit="s"),
    ]  # fmt: skip


def main() -> None:
    """Print the figures, as JSON with `--json`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    parser.add_argument("--count", type=int, default=1400)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    figures = measure(asked.seeds, asked.count)
    if asked.json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):24}{value:12,.2f}")


if __name__ == "__main__":
    main()
