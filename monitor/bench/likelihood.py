"""`python -m monitor.bench.likelihood FILE...`: fit the weights of seeds/likelihood.csv.

Each FILE holds labelled headlines: JSONL as `evaluate` reads it, or lines
`language|label|indicators|title`. Only titles are used, and of them only the concepts that the
lexicon finds; what is written are numbers beside the names of concepts. With `--test FILE` the
result is tried on headlines that were not used, before and after, with the threshold varied.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from monitor.assess import likelihood
from monitor.assess.assessor import Assessor
from monitor.assess.evaluation import Labelled, evaluate
from monitor.assess.likelihood import BIAS, RELEVANT, Likelihood
from monitor.assess.model import Direction
from monitor.assess.reading import spoken

STRENGTH = 0.3
"""Inverse of the regularisation (C of scikit-learn), chosen on headlines kept apart."""
LEAST = 15
"""Headlines that an indicator must have before it is fitted (chosen by us)."""
SMALLEST = 0.04
"""Weights for relevance nearer to 0 are left out (chosen by us)."""
SMALLEST_OTHER = 0.2
"""The same for directions and indicators, of which only the largest counts."""
HEAD = """\
# What concepts in a title say where no rule holds: log-odds of a logistic regression (docs/judgement.md).
# Made by `python -m monitor.bench.likelihood` from {n} labelled headlines. Source: own compilation. Licence: CC0-1.0.
# An empty concept is the weight that every headline has; capitals are place groups.
"""  # noqa: E501  lines of a file
_WAYS = {"e": "escalatory", "d": "deescalatory", "n": "neutral", "-": "neutral"}


def labelled(file: Path) -> Iterator[Labelled]:
    """The headlines of one file."""
    for line in file.read_text("utf-8").splitlines():
        if file.suffix == ".jsonl":
            yield Labelled.from_json(json.loads(line))
        elif line.count("|") >= 2 and not line.startswith("#"):
            yield _own(line)


def _own(line: str) -> Labelled:
    language, label, *middle, title = line.split("|", 3 if line.count("|") >= 3 else 2)
    relevant = label != "-" and not label.endswith("0")
    return Labelled.from_json(
        {
            "language": language,
            "title": title,
            "relevant": relevant,
            "direction": _WAYS[label[0]],
            "severity": int(relevant),
            "indicators": [one for one in (middle[0].split(",") if middle else ()) if one],
        }
    )


def fit(assessor: Assessor, texts: Sequence[Labelled]) -> list[tuple[str, str, float]]:
    """Target, concept and log-odds, the strongest first within each target."""
    found = [dict.fromkeys(_concepts(assessor, one), 1) for one in texts]
    rows = _rows(RELEVANT, found, [one.relevant for one in texts])
    about = [n for n, one in enumerate(texts) if one.relevant]
    concepts = [found[n] for n in about]
    for direction in Direction:
        rows += _rows(direction.value, concepts, [texts[n].direction == direction for n in about])
    named = [n for n in about if texts[n].indicators]
    concepts = [found[n] for n in named]
    for key in assessor.indicators:
        is_it = [key in texts[n].indicators for n in named]
        if sum(is_it) >= LEAST:
            rows += _rows(key, concepts, is_it)
    return rows


def _concepts(assessor: Assessor, one: Labelled) -> Collection[str]:
    return spoken(
        assessor.read(
            title=one.title, published=one.published, publisher=one.publisher, url=one.url
        )
    )


def _rows(
    target: str, found: Sequence[dict[str, int]], wanted: Sequence[bool]
) -> list[tuple[str, str, float]]:
    vectors = DictVectorizer()
    table = vectors.fit_transform(found)
    model = LogisticRegression(C=STRENGTH, max_iter=3000).fit(table, wanted)
    weights = zip(vectors.feature_names_, model.coef_[0], strict=True)
    least = SMALLEST if target == RELEVANT else SMALLEST_OTHER
    kept = [(target, name, float(one)) for name, one in weights if abs(one) >= least]
    kept.sort(key=lambda row: -abs(row[2]))
    return [(target, BIAS, float(model.intercept_[0])), *kept]


def write(file: Path, rows: Sequence[tuple[str, str, float]], n_texts: int) -> None:
    """Write seeds/likelihood.csv."""
    with file.open("w", encoding="utf-8", newline="") as out:
        out.write(HEAD.format(n=n_texts))
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("target", "concept", "log_odds"))
        table.writerows((target, concept, f"{weight:.2f}") for target, concept, weight in rows)


def trial(assessor: Assessor, texts: Sequence[Labelled]) -> None:
    """Print how the judgement fares on `texts`, by the probability from which it flags."""
    usual = likelihood.AT_LEAST
    for at_least in (1.01, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8):
        likelihood.AT_LEAST = at_least
        one = evaluate(assessor, texts, headlines_only=True).overall
        print(
            f"{at_least:5.2f}  P {one.precision.value or 0:.3f}  R {one.recall.value or 0:.3f}"
            f"  direction {one.direction.value or 0:.3f}"
            f"  severity {one.severity_within_one.value or 0:.3f}"
            f"  F1 {one.indicators_f1.value or 0:.3f}  flagged {one.precision.of}"
        )
    likelihood.AT_LEAST = usual


def main() -> None:
    """Fit, and write or try."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    parser.add_argument("--test", type=Path, action="append", default=[])
    parser.add_argument("--write", action="store_true", help="replace seeds/likelihood.csv")
    asked = parser.parse_args()
    assessor = Assessor.load(asked.seeds)
    texts = [one for file in asked.files for one in labelled(file)]
    rows = fit(assessor, texts)
    if asked.write:
        write(asked.seeds / "likelihood.csv", rows, len(texts))
    weights: dict[str, dict[str, float]] = {}
    for target, concept, weight in rows:
        weights.setdefault(target, {})[concept] = round(weight, 2)
    tried = Assessor(replace(assessor.lexicon, likelihood=Likelihood(weights, assessor.indicators)))
    print(f"{len(texts)} headlines, {len(rows)} weights")
    for file in asked.test:
        print(file.name)
        trial(tried, list(labelled(file)))


if __name__ == "__main__":
    main()
