"""Model of what a coin does after a headline: TF-IDF of its words, and logistic regression.

Training uses scikit-learn and runs in the training process; a probability needs numpy only, from weights that are
stored as JSON. The test is walk-forward: a model sees no event whose outcome was unknown when the events that it is
tested on began.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from ml.news.record import STRICT_SCORE, HitRecord, hit_record, independent
from pipeline.market import DAY_MS
from pipeline.news.records import NewsEvent

MIN_TRAINING = 150
"""Fewest events of one training."""

MAX_TERMS = 2_000
_FOLDS = 5
_FIRST_SHARE = 0.4
_LEAST_TITLES = 4
_C = 1.0
_WORD = re.compile(r"[a-z][a-z'&.-]+[a-z]|[가-힣]+|\d+%")
_SYLLABLES = 2


class HeadlineModel(msgspec.Struct, frozen=True):
    """Weights of a model, and the record of its walk-forward test. `terms` maps a term to its IDF and its coefficient.

    `shown` is true if the record beats the base rate.
    """

    terms: dict[str, tuple[float, float]]
    intercept: float
    trained_on: int = 0
    events: int = 0
    days: int = 0
    hit_rate: float | None = None
    base_rate: float | None = None
    low: float | None = None
    high: float | None = None
    shown: bool = False

    def probability(self, title: str) -> float:
        """Returns the probability (0 to 1) that the coin is higher after the horizon."""
        counts = Counter(term for term in title_terms(title) if term in self.terms)
        weights = {term: count * self.terms[term][0] for term, count in counts.items()}
        norm = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        total = self.intercept + sum(weight / norm * self.terms[term][1] for term, weight in weights.items())
        return 1.0 / (1.0 + math.exp(-total))

    @property
    def record(self) -> HitRecord:
        """Record of the walk-forward test."""
        figures = (math.nan if each is None else each for each in (self.hit_rate, self.base_rate, self.low, self.high))
        return HitRecord(self.events, self.days, *figures)


def title_terms(title: str) -> list[str]:
    """Returns the terms of a title: words and pairs of neighbours; of a Korean word its pairs of syllables as well,
    since particles are written together with words. Percentages become one term.
    """
    words = ["%" if word.endswith("%") else word for word in _WORD.findall(title.lower())]
    pairs = [f"{one} {two}" for one, two in pairwise(words)]
    syllables = [
        word[at : at + _SYLLABLES]
        for word in words
        if "가" <= word[0] <= "힣"
        for at in range(len(word) - _SYLLABLES + 1)
        if len(word) > _SYLLABLES
    ]
    return words + pairs + syllables


def train_headline_model(events: Sequence[NewsEvent], horizon_ms: int) -> HeadlineModel | None:
    """Returns the model of these events, with the record of its test; None if they are too few. Takes seconds.

    The model is shown if its record beats the base rate by a 99.8 % interval: it is trained and tested every night.
    """
    used = independent(events, horizon_ms)
    if len(used) < 2 * MIN_TRAINING:
        return None
    said, tested = _walk_forward(used, horizon_ms)
    outcomes = np.array([event.returned > 0 for event in tested], dtype=bool)
    days = np.array([event.seen // DAY_MS for event in tested], dtype=np.int64)
    record = hit_record(said > 0.5, outcomes, days, STRICT_SCORE)  # noqa: PLR2004 - more likely than not
    fitted = _fit(used)
    if fitted is None:
        return None
    return HeadlineModel(
        *fitted,
        trained_on=len(used),
        events=record.events,
        days=record.days,
        hit_rate=_known(record.hit_rate),
        base_rate=_known(record.base_rate),
        low=_known(record.low),
        high=_known(record.high),
        shown=record.beats_base,
    )


def _known(figure: float) -> float | None:
    return None if math.isnan(figure) else round(figure, 6)


def _walk_forward(events: Sequence[NewsEvent], horizon_ms: int) -> tuple[NDArray[np.float64], list[NewsEvent]]:
    """Returns probabilities of a rise and the events that they are for: each block is predicted by a model of the
    events whose outcome was known when the block began.
    """
    edges = np.linspace(_FIRST_SHARE, 1.0, _FOLDS + 1) * len(events)
    said: list[float] = []
    tested: list[NewsEvent] = []
    for start, end in zip(edges[:-1].astype(int), edges[1:].astype(int), strict=True):
        block = events[start:end]
        fitted = _fit([event for event in events[:start] if event.seen + horizon_ms <= block[0].seen])
        if fitted is not None:
            model = HeadlineModel(*fitted)
            said += [model.probability(event.title) for event in block]
            tested += block
    return np.array(said), tested


def _fit(events: Sequence[NewsEvent]) -> tuple[dict[str, tuple[float, float]], float] | None:
    """Returns the terms with IDF and coefficient, and the intercept; None if the events are too few or all alike."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - only the training process loads it
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    rose = np.array([event.returned > 0 for event in events])
    if len(events) < MIN_TRAINING or rose.all() or not rose.any():
        return None
    vectorizer = TfidfVectorizer(analyzer=title_terms, min_df=_LEAST_TITLES, max_features=MAX_TERMS)
    try:
        rows = vectorizer.fit_transform([event.title for event in events])
    except ValueError:  # no term is in enough titles
        return None
    model = LogisticRegression(C=_C, solver="liblinear", random_state=0).fit(rows, rose)
    names, weights = vectorizer.get_feature_names_out(), model.coef_[0]
    terms = {
        str(name): (float(idf), float(weight))
        for name, idf, weight in zip(names, vectorizer.idf_, weights, strict=True)
    }
    return terms, float(model.intercept_[0])
