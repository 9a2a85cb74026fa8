"""The model of headlines finds a planted effect, is silent on noise, and never looks ahead."""

import msgspec
import numpy as np
import pytest

from ml.news.headline_model import MIN_TRAINING, HeadlineModel, title_terms, train_headline_model
from ml.news.outcomes import HORIZON_MS
from pipeline.news.records import NewsEvent
from tests.unit.ml.news.planted import planted_events


@pytest.mark.parametrize("together", [True, False])
def test_a_planted_effect_is_found_and_shown(*, together: bool) -> None:
    model = train_headline_model(planted_events(1, effect=0.8, together=together), HORIZON_MS)
    assert model is not None
    assert model.shown
    assert model.hit_rate is not None
    assert model.base_rate is not None
    assert model.hit_rate > model.base_rate + 0.15
    assert model.probability("alderford sunshine") > 0.6
    assert model.probability("alderford thunder") < 0.4


@pytest.mark.parametrize("together", [True, False])
def test_noise_is_not_shown_in_twenty_seeds(*, together: bool) -> None:
    for seed in range(20):
        model = train_headline_model(planted_events(seed, effect=0.0, together=together), HORIZON_MS)
        assert model is not None
        assert not model.shown


def test_the_test_is_of_events_that_the_model_had_not_seen() -> None:
    """Words that foretell nothing but the past: each word belongs to one part of the history, where all rise or all
    fall. Who looks ahead is always right.
    """
    events = planted_events(3, effect=0.0, together=False)
    marked = [
        retitled(event, f"{event.title} part{'abcdefghijklmnop'[number // 25]}{'up' if event.returned > 0 else 'dn'}")
        for number, event in enumerate(events)
    ]
    model = train_headline_model(marked, HORIZON_MS)
    assert model is not None
    assert not model.shown


def retitled(event: NewsEvent, title: str) -> NewsEvent:
    return NewsEvent(event.story_id, event.asset, title, event.tone, event.seen, event.returned)


def test_too_few_events_give_no_model() -> None:
    assert (
        train_headline_model(planted_events(1, effect=0.8, together=False, count=2 * MIN_TRAINING - 1), HORIZON_MS)
        is None
    )
    assert train_headline_model([], HORIZON_MS) is None


def test_probabilities_are_those_of_scikit_learn() -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    events = planted_events(2, effect=0.5, together=False)
    titles, rose = [event.title for event in events], np.array([event.returned > 0 for event in events])
    vectorizer = TfidfVectorizer(analyzer=title_terms, min_df=4, max_features=2000)
    fitted = LogisticRegression(C=1.0, solver="liblinear", random_state=0).fit(vectorizer.fit_transform(titles), rose)
    model = train_headline_model(events, HORIZON_MS)
    assert model is not None
    expected = fitted.predict_proba(vectorizer.transform([*titles[:50], "no known term"]))[:, 1]
    assert [model.probability(title) for title in [*titles[:50], "no known term"]] == pytest.approx(expected, abs=1e-9)


def test_a_model_survives_its_way_through_the_database() -> None:
    model = train_headline_model(planted_events(1, effect=0.8, together=False), HORIZON_MS)
    assert msgspec.json.decode(msgspec.json.encode(model), type=HeadlineModel) == model


def test_korean_words_give_their_syllables() -> None:
    assert title_terms("비트코인이 12% 급락") == [
        "비트코인이",
        "%",
        "급락",
        "비트코인이 %",
        "% 급락",
        "비트",
        "트코",
        "코인",
        "인이",
    ]
