"""Boosters that XGBoost would read outside its memory for, and others that no training makes."""

import json

import numpy as np
import pytest
import xgboost

from ml.models.artifact import digest
from ml.models.booster_check import MAX_TREES, check_booster
from ml.models.fitted_members import TreeMember
from tests.fakes.boosters import FEATURES, booster, ubjson, with_number

RAW = ubjson(booster())
INNER, LEAF = 0, 14
"""Nodes of the first tree, which is full to a depth of 3."""

STATE = {"columns": list(range(FEATURES)), "share": 1.0}


def refused(raw: bytes) -> bool:
    for read in (
        lambda: check_booster(raw, FEATURES),
        lambda: TreeMember.from_state({**STATE, "sha256": digest(raw)}, raw),
    ):
        with pytest.raises(ValueError, match=r"[a-z]"):
            read()
    return True


@pytest.mark.parametrize(("rounds", "depth"), [(1, 1), (3, 3), (150, 6), (300, 2)])
def test_what_training_makes_is_accepted(rounds: int, depth: int) -> None:
    model = booster(rounds, max_depth=depth, min_child_weight=5, subsample=0.5, eta=0.05, max_bin=128)
    raw = ubjson(model)
    read = TreeMember.from_state({**STATE, "sha256": digest(raw)}, raw)
    rows = np.random.default_rng(9).normal(size=(50, FEATURES)).astype(np.float32)
    assert read.predict(rows.copy()).tolist() == model.inplace_predict(rows).astype(np.float64).tolist()
    assert read.raw == raw


def test_trees_without_a_split_are_accepted() -> None:
    check_booster(ubjson(booster(gamma=1e9)), FEATURES)


@pytest.mark.parametrize("array", ["left_children", "right_children"])
@pytest.mark.parametrize("child", [900_000_000, 15, -2, -(2**31), 0, 3, 2**31 - 1])
def test_a_child_out_of_range_is_refused(array: str, child: int) -> None:
    assert refused(with_number(RAW, array, INNER, child))
    assert refused(with_number(RAW, array, 1, child if child != 3 else 5))


def test_both_children_out_of_range_are_refused() -> None:
    changed = with_number(RAW, "left_children", INNER, 900_000_000)
    assert refused(with_number(changed, "right_children", INNER, 900_000_000))


def test_a_cycle_is_refused() -> None:
    changed = with_number(RAW, "left_children", 3, 1)
    assert refused(with_number(changed, "parents", 1, 3))


def test_one_child_of_two_parents_is_refused() -> None:
    changed = with_number(RAW, "left_children", 2, 3)
    assert refused(changed)
    assert refused(with_number(changed, "parents", 3, 2))
    assert refused(with_number(RAW, "left_children", INNER, 2))


def test_a_node_that_nothing_leads_to_is_refused() -> None:
    changed = with_number(RAW, "left_children", 3, -1)
    assert refused(changed)
    assert refused(with_number(changed, "right_children", 3, -1))


@pytest.mark.parametrize("parent", [-1, 1, 14, 900_000_000, 2**31 - 1])
def test_another_parent_is_refused(parent: int) -> None:
    assert refused(with_number(RAW, "parents", 1, parent))
    assert parent == 2**31 - 1 or refused(with_number(RAW, "parents", INNER, parent))


@pytest.mark.parametrize("feature", [FEATURES, 300_000_000, -1, -(2**31)])
@pytest.mark.parametrize("node", [INNER, LEAF])
def test_a_feature_that_is_not_there_is_refused(feature: int, node: int) -> None:
    assert refused(with_number(RAW, "split_indices", node, feature))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38])
def test_a_leaf_that_is_no_finite_number_is_refused(value: float) -> None:
    assert refused(with_number(RAW, "split_conditions", LEAF, value))


@pytest.mark.parametrize("array", ["split_conditions", "base_weights", "loss_changes", "sum_hessian"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_split_that_is_not_finite_is_refused(array: str, value: float) -> None:
    assert refused(with_number(RAW, array, INNER, value))


@pytest.mark.parametrize("cover", [0.0, -1.0, 1e30])
def test_a_cover_that_contributions_cannot_bear_is_refused(cover: float) -> None:
    assert refused(with_number(RAW, "sum_hessian", LEAF, cover))


@pytest.mark.parametrize("base", [b"[nan]", b"[inf]", b"[9E38]", b"[5E-1,5E-1]", b"[]", b"5E-1", b"[1E99]"])
def test_a_base_score_that_no_training_makes_is_refused(base: bytes) -> None:
    begin = RAW.index(b"base_scoreSL") + len(b"base_scoreSL")
    end = begin + 8 + int.from_bytes(RAW[begin : begin + 8], "big")
    assert refused(RAW[:begin] + len(base).to_bytes(8, "big") + base + RAW[end:])


def test_a_tree_deeper_than_contributions_can_go_is_refused() -> None:
    """Each split takes away the largest outcome that is left, and no more."""
    half = np.float32(2) ** np.arange(50, dtype=np.float32)
    wanted = np.concatenate((-half[::-1], half))
    rows = np.arange(100, dtype=np.float32)[:, None].repeat(FEATURES, 1)
    deep = {"max_depth": 0, "grow_policy": "lossguide", "lambda": 0, "eta": 1e-13, "min_child_weight": 0, "nthread": 1}
    model = xgboost.train(deep, xgboost.DMatrix(rows, wanted, nthread=1), 1)
    with pytest.raises(ValueError, match="deeper"):
        check_booster(ubjson(model), FEATURES)


def test_more_trees_than_training_makes_are_refused() -> None:
    assert refused(ubjson(booster(MAX_TREES + 1, max_depth=1)))


@pytest.mark.parametrize(
    "parameters",
    [
        {"booster": "dart"},
        {"booster": "gblinear", "max_depth": None},
        {"objective": "reg:absoluteerror"},
        {"objective": "binary:logitraw"},
        {"num_parallel_tree": 2},
    ],
)
def test_another_kind_of_booster_is_refused(parameters: dict[str, object]) -> None:
    rows = np.random.default_rng(3).normal(size=(400, FEATURES)).astype(np.float32)
    given = {"nthread": 1, "verbosity": 0, **parameters}
    given = {name: value for name, value in given.items() if value is not None}
    matrix = xgboost.DMatrix(rows, (rows[:, 0] > 0).astype(np.float32), nthread=1)
    assert refused(ubjson(xgboost.train(given, matrix, 2)))


def test_splits_by_categories_are_refused() -> None:
    rows = np.random.default_rng(3).integers(0, 9, (400, FEATURES)).astype(np.float32)
    matrix = xgboost.DMatrix(rows, rows[:, 0] % 3, feature_types=["c"] * FEATURES, enable_categorical=True, nthread=1)
    assert refused(ubjson(xgboost.train({"nthread": 1, "max_cat_to_onehot": 1}, matrix, 2)))
    assert refused(with_number(RAW, "split_type", INNER, 1))


def test_names_and_attributes_are_refused() -> None:
    named, noted = booster(), booster()
    named.feature_names = [f"f{number}" for number in range(FEATURES)]
    noted.set_attr(best_iteration="900000000")
    assert refused(ubjson(named))
    assert refused(ubjson(noted))


def test_the_form_in_json_is_refused() -> None:
    model = json.loads(bytes(booster().save_raw("json")))
    model["learner"]["gradient_booster"]["model"]["trees"][0]["left_children"][0] = 900_000_000
    assert refused(json.dumps(model).encode())
    assert refused(bytes(booster().save_raw("json")))


@pytest.mark.parametrize(
    "columns", [[0, 1, 2, 3], [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 3], [-1, 1, 2, 3, 4], [0.5, 1, 2, 3, 4], []]
)
def test_columns_that_do_not_fit_are_refused(columns: list[int]) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        TreeMember.from_state({**STATE, "columns": columns, "sha256": digest(RAW)}, RAW)


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan"), float("inf"), 10**400, True])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        TreeMember.from_state({**STATE, "share": share, "sha256": digest(RAW)}, RAW)
