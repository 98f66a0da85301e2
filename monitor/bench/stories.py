"""`python -m monitor.bench.stories`: planted rewrites put together again, beside TF-IDF.

Made-up reports (words drawn by Zipf's law, so that some are everywhere and most are rare) are
published again with words left out, replaced, cut short, and with datelines and house names.
Both methods see the same items in the same run; the peer needs scikit-learn (extra `bench`).
"""

from __future__ import annotations

import argparse
import itertools
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from monitor.bench.report import Line
from monitor.stories.grouping import WINDOW, Grouper
from monitor.stories.signature import GroupingItem

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
VOCABULARY = 30_000
WORDS = 20
TOPICS = 60
TOPIC_WORDS = 24
OF_TOPIC = 12
"""More than half of a report's words come from its topic, so that different stories look alike."""
PEER = (0.55, 0.65, 0.75)
DATELINES = ("WILLEMSTAD", "CARACAS", "ORANJESTAD", "DEN HAAG", "WASHINGTON", "")
HOUSES = ("| Daily", "- Noticias", "(agencies)", "", "", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How well and how fast items were put together."""

    method: str
    items: int
    per_second: float  # items a second of one core
    precision: float  # of pairs
    recall: float
    stories: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.precision * self.recall / max(self.precision + self.recall, 1e-9)


def planted(count: int, days: float, seed: int = 1) -> tuple[list[GroupingItem], list[int]]:
    """Items in the order in which they are seen, and the number of the true story of each."""
    rng = random.Random(seed)  # noqa: S311  made-up text, nothing to guess
    words = [_word(rng) for _ in range(VOCABULARY)]
    cumulative = list(itertools.accumulate(1 / (n + 8) for n in range(VOCABULARY)))
    topics = [rng.choices(words, cum_weights=cumulative, k=TOPIC_WORDS) for _ in range(TOPICS)]
    found: list[tuple[datetime, int, str, str]] = []
    story = 0
    while len(found) < count:
        topic = rng.choice(topics)
        report = [
            *rng.sample(topic, k=OF_TOPIC),
            *rng.choices(words, cum_weights=cumulative, k=WORDS - OF_TOPIC),
        ]
        rng.shuffle(report)
        begin = FIRST + timedelta(days=rng.random() * days)
        for _copy in range(min(rng.choice((1, 1, 1, 2, 2, 3, 5, 8)), count - len(found))):
            text = _rewritten(rng, report, words)
            seen_at = begin + timedelta(hours=rng.random() * 30)
            found.append((seen_at, story, " ".join(text[:9]), " ".join(text[9:])))
        story += 1
    found.sort()
    items = [
        GroupingItem(id=f"i{n}", title=title, summary=summary, seen_at=seen_at, language="en")
        for n, (seen_at, _story, title, summary) in enumerate(found)
    ]
    return items, [one[1] for one in found]


def grouped(items: Sequence[GroupingItem]) -> tuple[list[str], float]:
    """Stories by our grouping, and the CPU seconds that it took."""
    grouper, begin = Grouper(), time.process_time()
    names = [grouper.add(item).story_id for item in items]
    return names, time.process_time() - begin


def by_tfidf(items: Sequence[GroupingItem], threshold: float) -> tuple[list[str], float]:
    """Stories as connected components of TF-IDF cosine, in windows of 72 hours, in one batch."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415  the peer is optional
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415  the same
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415  the same

    begin = time.process_time()
    vectors = TfidfVectorizer(sublinear_tf=True, max_df=0.02).fit_transform(
        f"{item.title} {item.summary}" for item in items
    )
    at = np.array([item.seen_at.timestamp() for item in items])
    pairs: list[tuple[np.ndarray, np.ndarray]] = []
    step = 500
    for start in range(0, len(items), step):
        stop = min(start + step, len(items))
        low = int(np.searchsorted(at, at[start] - WINDOW.total_seconds()))
        near = (vectors[start:stop] @ vectors[low:stop].T).tocoo()
        fine = near.data >= threshold
        pairs.append((near.row[fine] + start, near.col[fine] + low))
    rows, columns = (np.concatenate([pair[n] for pair in pairs]) for n in (0, 1))
    shape = (len(items), len(items))
    graph = coo_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    _count, labels = connected_components(graph, directed=False)
    return [str(one) for one in labels], time.process_time() - begin


def score(method: str, found: Sequence[str], truth: Sequence[int], seconds: float) -> Score:
    """Pairwise precision and recall of stories against the planted ones."""
    together = _pairs(Counter(zip(found, truth, strict=True)))
    return Score(
        method=method,
        items=len(found),
        per_second=len(found) / max(seconds, 1e-9),
        precision=together / max(_pairs(Counter(found)), 1),
        recall=together / max(_pairs(Counter(truth)), 1),
        stories=len(set(found)),
    )


def compare(count: int, days: float, seed: int = 1) -> list[Score]:
    """Ours and the peer at several thresholds, on the same items."""
    items, truth = planted(count, days, seed)
    return [
        score("ours, incremental", *_swap(truth, grouped(items))),
        *(
            score(f"TF-IDF, cosine {at}, one batch", *_swap(truth, by_tfidf(items, at)))
            for at in PEER
        ),
    ]


def _swap(
    truth: Sequence[int], found: tuple[list[str], float]
) -> tuple[list[str], Sequence[int], float]:
    return found[0], truth, found[1]


def _pairs(sizes: Counter[object]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())


def _word(rng: random.Random) -> str:
    parts = rng.choices(("ka", "lo", "mi", "ren", "tas", "vo", "del", "sun", "po", "ri"), k=4)
    return "".join(parts) + rng.choice("abdegiklmnorstuvz")


def _rewritten(rng: random.Random, report: Sequence[str], words: Sequence[str]) -> list[str]:
    kept = [word for word in report if rng.random() > 0.08]
    text = [rng.choice(words) if rng.random() < 0.07 else word for word in kept]
    if rng.random() < 0.15:
        text = text[: max(8, len(text) * 2 // 3)]
    if rng.random() < 0.2:
        rng.shuffle(text)
    return [rng.choice(DATELINES), *text, rng.choice(HOUSES)]


def lines() -> list[Line]:
    """The scores, for `curacao-monitor bench`."""
    return [
        Line(
            what=f"{one.method}: items a second and core",
            figure=one.per_second,
            detail=f"precision {one.precision:.3f}, recall {one.recall:.3f}, F1 {one.f1:.3f}",
        )
        for one in compare(100_000, 30.0)
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print all scores."""
    parser = argparse.ArgumentParser(prog="python -m monitor.bench.stories", description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--days", type=float, default=30.0, help="over which they are spread")
    chosen = parser.parse_args(arguments)
    print(f"{chosen.items} items over {chosen.days:g} days, windows of 72 hours\n")
    print("| method | items a second and core | precision | recall | F1 | stories |")
    print("|---|---:|---:|---:|---:|---:|")
    for one in compare(chosen.items, chosen.days):
        print(
            f"| {one.method} | {one.per_second:,.0f} | {one.precision:.3f} | {one.recall:.3f} "
            f"| {one.f1:.3f} | {one.stories:,} |"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
