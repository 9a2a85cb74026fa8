"""A model's bytes: what was packed comes back, and nothing else is ever believed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.errors import ModelTooBig, ModelUnusable
from ml.models.artifact import FORMAT, MAX_BYTES, ModelParts, digest, pack, unpack

SAMPLE = pack(ModelParts({"weights": [0.1, -2.5e-300], "name": "币安"}, {"xgb": bytes(range(256)), "none": b""}))

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)
states = st.dictionaries(st.text(max_size=9), values, max_size=5)
blobs = st.dictionaries(st.text(max_size=9), st.binary(max_size=60), max_size=4)


def refusal(blob: bytes, sha256: str) -> str:
    with pytest.raises(ModelUnusable) as refused:
        unpack(blob, sha256, 7)
    assert refused.value.version == 7
    return refused.value.why


@given(states, blobs)
def test_what_was_packed_comes_back(state: dict[str, object], parts: dict[str, bytes]) -> None:
    blob = pack(ModelParts(state, parts))
    again = unpack(blob, digest(blob), 1)
    assert again == ModelParts(state, parts)
    assert json.dumps(again.state) == json.dumps(state)  # 1 is not 1.0, and 0.0 not -0.0
    assert pack(again) == blob


@given(st.integers(0, len(SAMPLE) - 1), st.integers(1, 255))
def test_any_changed_byte_is_refused(place: int, change: int) -> None:
    changed = bytearray(SAMPLE)
    changed[place] ^= change
    assert refusal(bytes(changed), digest(SAMPLE)) == "damaged"


@given(st.integers(0, len(SAMPLE) - 1), st.binary(max_size=20))
def test_a_cut_or_lengthened_model_is_refused(end: int, more: bytes) -> None:
    assert refusal(SAMPLE[:end], digest(SAMPLE)) == "damaged"
    assert refusal(SAMPLE + b"\0" + more, digest(SAMPLE)) == "damaged"


@given(st.binary(max_size=200))
def test_foreign_bytes_are_refused_even_where_their_digest_is_right(blob: bytes) -> None:
    assert refusal(blob, digest(blob)) == "foreign"
    behind = SAMPLE[:18] + blob  # our first line, then anything
    assert refusal(behind, digest(behind)) == "foreign"


@given(st.integers(0, len(SAMPLE) - 1), st.integers(1, 255))
def test_a_changed_byte_whose_digest_was_made_anew_never_crashes(place: int, change: int) -> None:
    """A desk of another format could have written it: either it reads, or it is refused as foreign."""
    changed = bytearray(SAMPLE)
    changed[place] ^= change
    try:
        unpack(bytes(changed), digest(bytes(changed)), 7)
    except ModelUnusable as error:
        assert error.why == "foreign"  # noqa: PT017 - both ends are right


@given(st.binary(min_size=64, max_size=64))
def test_no_other_digest_fits(other: bytes) -> None:
    assert refusal(SAMPLE, other.hex()[:64]) == "damaged"


@pytest.mark.parametrize("sha256", ["", digest(SAMPLE)[:-1], digest(SAMPLE).upper(), "é" * 64])
def test_a_digest_is_compared_in_full(sha256: str) -> None:
    assert refusal(SAMPLE, sha256) == "damaged"


def test_another_format_is_foreign() -> None:
    other = SAMPLE.replace(b"MODEL %d\n" % FORMAT, b"MODEL %d\n" % (FORMAT + 1), 1)
    assert other != SAMPLE
    assert refusal(other, digest(other)) == "foreign"


def written(head: Any, body: bytes = b"") -> bytes:
    """With our first line; `head` as text, or as what becomes JSON."""
    text = (head if isinstance(head, str) else json.dumps(head)).encode()
    return b"PAPERDESK-MODEL 1\n" + len(text).to_bytes(4, "little") + text + body


@pytest.mark.parametrize(
    "blob",
    [
        written({"state": {}}),
        written({"state": [], "blobs": []}),
        written({"state": {}, "blobs": [["a", 3]]}, b"ab"),
        written({"state": {}, "blobs": [["a", -1]]}, b"ab"),
        written({"state": {}, "blobs": [["a", -1], ["b", 3]]}, b"ab"),
        written({"state": {}, "blobs": [["a", 1.0]]}, b"a"),
        written({"state": {}, "blobs": [["a", True]]}, b"a"),
        written({"state": {}, "blobs": [[1, 1]]}, b"a"),
        written({"state": {}, "blobs": [["a", 1], ["a", 1]]}, b"ab"),
        written({"state": {}, "blobs": [["a", 1]]}, b"ab"),
        written({"state": {}, "blobs": [[str(n), 0] for n in range(1001)]}),
        written("[" * 100_000),
        written('{"state": {"a": ' + "9" * 5000 + '}, "blobs": []}'),
        written("7"),
    ],
)
def test_heads_that_pack_never_wrote_are_foreign(blob: bytes) -> None:
    assert refusal(blob, digest(blob)) == "foreign"


def test_the_same_head_written_rightly_reads() -> None:
    blob = written({"state": {"a": 1}, "blobs": [["a", 2]]}, b"ab")
    assert unpack(blob, digest(blob), 1) == ModelParts({"a": 1}, {"a": b"ab"})


@pytest.mark.parametrize(
    "state",
    [{"a": float("nan")}, {"a": [float("inf")]}, {"a": {1: 2}}, {1: 2}, {"a": [{None: 2}]}],
)
def test_what_would_not_come_back_as_it_was_is_not_packed(state: Any) -> None:
    with pytest.raises(ValueError):
        pack(ModelParts(state, {}))


def test_what_json_cannot_say_is_not_packed() -> None:
    with pytest.raises(TypeError):
        pack(ModelParts({"a": b"bytes"}, {}))


def test_a_model_has_a_bounded_size() -> None:
    with pytest.raises(ModelTooBig) as refused:
        pack(ModelParts({}, {"xgb": bytes(MAX_BYTES)}))
    assert (refused.value.megabytes, refused.value.most) == (65, 64)
    with pytest.raises(ModelTooBig):
        pack(ModelParts({}, {str(number): b"" for number in range(1001)}))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_in_json_is_foreign(number: str) -> None:
    head = b'{"state":{"a":' + number.encode() + b'},"blobs":[]}'
    blob = b"PAPERDESK-MODEL 1\n" + len(head).to_bytes(4, "little") + head
    assert refusal(blob, digest(blob)) == "foreign"


def test_a_head_has_a_bounded_size() -> None:
    many = {"lists": [[]] * (3 << 20)}
    with pytest.raises(ModelTooBig):
        pack(ModelParts(many, {}))
    head = json.dumps({"state": many, "blobs": []}).encode()
    blob = b"PAPERDESK-MODEL 1\n" + len(head).to_bytes(4, "little") + head
    assert refusal(blob, digest(blob)) == "foreign"


def test_a_booster_is_the_same_after_its_journey() -> None:
    xgboost = pytest.importorskip("xgboost")
    import numpy as np  # noqa: PLC0415 - heavy, for this test alone

    drawn = np.random.default_rng(7)
    rows = drawn.normal(size=(200, 4)).astype("f4")
    booster = xgboost.train(
        {"nthread": 1, "max_depth": 3}, xgboost.DMatrix(rows, rows[:, 0] * rows[:, 1], nthread=1), num_boost_round=5
    )
    blob = pack(ModelParts({}, {"xgb": bytes(booster.save_raw("ubj"))}))
    loaded = xgboost.Booster({"nthread": 1})
    loaded.load_model(bytearray(unpack(blob, digest(blob), 1).blobs["xgb"]))
    asked = xgboost.DMatrix(rows, nthread=1)
    assert np.array_equal(loaded.predict(asked), booster.predict(asked))
