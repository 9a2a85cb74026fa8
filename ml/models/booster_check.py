"""Checks the UBJSON of a booster before XGBoost reads it.

XGBoost does not validate its input: a child or a feature that is out of range makes it read outside its memory. The
bytes must therefore be exactly those that XGBoost 3.2 to 3.4 writes for regression trees over numbers, key by key, and
every number must be within its bounds.
"""

import re
from functools import lru_cache
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_TREES = 1000
MAX_NODES = 500_000
"""Nodes of all trees; a training makes 150 trees of at most 127 nodes."""

DEPTH_DOUBLINGS = 5
"""No node is more than 2**5 = 32 levels below its root: XGBoost computes contributions by one call a level."""

MAX_MOVE = 1000.0
"""Bound of leaves and of the base score, in sizes of a move. Targets are clipped to 4."""

_MAX_COVER = 1e12
_ROUNDING = 1.001
_LARGEST = float(np.finfo(np.float32).max)
_NO_PARENT = 2**31 - 1
_SHORT_INT = 127
_HOLE = b"\xff<hole>\xff"
_KINDS: dict[str, np.dtype[Any]] = {"d": np.dtype(">f4"), "l": np.dtype(">i4"), "U": np.dtype("u1")}
_ARRAYS = {
    "base_weights": "d",
    "default_left": "U",
    "left_children": "l",
    "loss_changes": "d",
    "parents": "l",
    "right_children": "l",
    "split_conditions": "d",
    "split_indices": "l",
    "split_type": "U",
    "sum_hessian": "d",
}
_ID_PLACE = 2
"""Position of a tree's id among its values: the arrays, the id and the number of nodes."""

_BASE_SCORE = re.compile(rb"SL.{8}(\[-?\d(?:\.\d{1,12})?E-?\d{1,2}\])", re.DOTALL)
_VERSION = re.compile(rb"i[\x03-\x7e]i[\x00-\x7e]i[\x00-\x7e]", re.DOTALL)

Ints = NDArray[np.int64]
Floats32 = NDArray[np.float32]


class _Trees(NamedTuple):
    """Arrays of all trees, one after the other.

    `starts` are the positions of the roots. `roots` and `sizes` are those of the tree of each node.
    """

    raw: dict[str, bytes]
    starts: Ints
    roots: Ints
    sizes: Ints

    def ints(self, name: str) -> Ints:
        return np.frombuffer(self.raw[name], _KINDS["l"]).astype(np.int64)

    def floats(self, name: str) -> Floats32:
        return np.frombuffer(self.raw[name], _KINDS["d"]).astype(np.float32)


def check_booster(raw: bytes, features: int) -> None:
    """Raises ValueError for anything but boosted regression trees over this number of features."""
    trees, place = _read_trees(raw, features)
    _check_tail(raw[place:], features)
    _check_structure(trees, features)
    _check_values(trees)


# -- the layout --------------------------------------------------------------------------------


def _read_trees(raw: bytes, features: int) -> tuple[_Trees, int]:
    """Returns the arrays, and the position at which the last tree ends."""
    count, place = _read_head(raw)
    constants, last = _tree_constants(features)
    first = len(constants[0])
    found: list[tuple[bytes, ...]] = []
    sizes: list[int] = []
    for identity in _identities(count):
        size = int.from_bytes(raw[place + first : place + first + 8], "big")
        if not 0 < size <= MAX_NODES:
            raise ValueError("a number of nodes that no training makes")
        layout, expected, digits = _tree_layout(size, features, len(identity))
        if place + layout.size > len(raw):
            raise ValueError("a tree that is cut off")
        fields = layout.unpack_from(raw, place)
        values = fields[2::3]
        if fields[0:-1:3] != constants or fields[1::3] != expected or fields[-1] != last:
            raise ValueError("a tree of another layout")
        if values[_ID_PLACE] != identity or values[-1] != digits:
            raise ValueError("a tree under another number, or of another size")
        found.append(values)
        sizes.append(size)
        place += layout.size
    if sum(sizes) > MAX_NODES:
        raise ValueError("more nodes than a training makes")
    columns = [b"".join(column) for column in zip(*found, strict=True)]
    del columns[_ID_PLACE], columns[-1]
    counts = np.array(sizes)
    starts = np.cumsum(counts) - counts
    arrays = dict(zip(_ARRAYS, columns, strict=True))
    return _Trees(arrays, starts, np.repeat(starts, counts), np.repeat(counts, counts)), place


def _read_head(raw: bytes) -> tuple[int, int]:
    """Returns the number of trees, and the position at which the first one begins."""
    before = _document(1, 1)[0].partition(b"num_trees")[0] + b"num_treesSL"
    begin = len(before) + 8
    size = int.from_bytes(raw[len(before) : begin], "big")
    text = raw[begin : begin + min(size, 5)]
    count = int(text) if text.isdigit() else 0
    if not 0 < count <= MAX_TREES:
        raise ValueError("no booster, or a number of trees that no training makes")
    head = _document(count, 1)[0]
    if not raw.startswith(head):
        raise ValueError("a booster of another layout")
    return count, len(head)


def _check_tail(raw: bytes, features: int) -> None:
    _, before, between, after = _document(1, features)
    score = _BASE_SCORE.match(raw, len(before))
    if score is None or not raw.startswith(before):
        raise ValueError("a booster without its base score")
    text = score[1]
    place = score.end()
    version = _VERSION.match(raw, place + len(between))
    if score[0] != _written(text.decode()) or not raw.startswith(between, place) or version is None:
        raise ValueError("a booster with another objective")
    if raw[version.end() :] != after:
        raise ValueError("bytes behind the booster")
    if not abs(float(text[1:-1])) <= MAX_MOVE:
        raise ValueError("a base score that no training makes")


@lru_cache(maxsize=64)
def _document(trees: int, features: int) -> list[bytes]:
    """Returns the constant bytes before the trees, from there to the base score, to the version, and behind it."""
    no_numbers = b"[$l#L" + bytes(8)
    model: dict[str, object] = {
        "cats": {"enc": [], "feature_segments": no_numbers, "sorted_idx": no_numbers},
        "gbtree_model_param": {"num_parallel_tree": "1", "num_trees": str(trees)},
        "iteration_indptr": list(range(trees + 1)),
        "tree_info": [0] * trees,
        "trees": b"[#L" + trees.to_bytes(8, "big") + _HOLE,
    }
    parameters = {
        "base_score": _HOLE,
        "boost_from_average": "1",
        "num_class": "0",
        "num_feature": str(features),
        "num_target": "1",
    }
    learner = {
        "attributes": {},
        "feature_names": [],
        "feature_types": [],
        "gradient_booster": {"model": model, "name": "gbtree"},
        "learner_model_param": parameters,
        "objective": {"name": "reg:squarederror", "reg_loss_param": {"scale_pos_weight": "1"}},
    }
    return _written({"learner": learner, "version": b"[#L" + (3).to_bytes(8, "big") + _HOLE}).split(_HOLE)


@lru_cache(maxsize=16)
def _identities(trees: int) -> tuple[bytes, ...]:
    """Returns the number of each tree in UBJSON."""
    return tuple(map(_written, range(trees)))


@lru_cache(maxsize=64)
def _tree_constants(features: int) -> tuple[tuple[bytes, ...], bytes]:
    """Returns the constant bytes before the size of each value, and those behind the last one."""
    empty = {
        f"categories{name}": b"[$" + kind + b"#L" + bytes(8)
        for name, kind in (("", b"l"), ("_nodes", b"l"), ("_segments", b"L"), ("_sizes", b"L"))
    }
    arrays = {name: b"[$" + kind.encode() + b"#L" + _HOLE for name, kind in _ARRAYS.items()}
    parameters = {
        "num_deleted": "0",
        "num_feature": str(features),
        "num_nodes": b"SL" + _HOLE,
        "size_leaf_vector": "1",
    }
    tree = empty | arrays | {"id": _HOLE, "tree_param": parameters}
    *constants, last = _written(dict(sorted(tree.items()))).split(_HOLE)
    return tuple(constants), last


@lru_cache(maxsize=1024)
def _tree_layout(nodes: int, features: int, id_bytes: int) -> tuple[Struct, tuple[bytes, ...], bytes]:
    """Returns the layout of a tree, its expected sizes and the number of nodes as text.

    The layout alternates constant bytes, size and value. The size of the id is empty.
    """
    constants, last = _tree_constants(features)
    digits = b"%d" % nodes
    values = [(8, nodes * _KINDS[kind].itemsize) for kind in _ARRAYS.values()] + [(8, len(digits))]
    values.insert(_ID_PLACE, (0, id_bytes))
    sizes = [nodes.to_bytes(8, "big")] * len(_ARRAYS) + [len(digits).to_bytes(8, "big")]
    sizes.insert(_ID_PLACE, b"")
    pieces = (f"{len(each)}s{size}s{value}s" for each, (size, value) in zip(constants, values, strict=True))
    return Struct("".join(pieces) + f"{len(last)}s"), tuple(sizes), digits


def _written(value: object) -> bytes:
    """Returns the value in the UBJSON of XGBoost; bytes are unchanged."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return b"S" + _key(value)
    if isinstance(value, int):
        return b"i" + value.to_bytes(1, "big") if value < _SHORT_INT else b"I" + value.to_bytes(2, "big")
    if isinstance(value, dict):
        return b"{" + b"".join(_key(key) + _written(each) for key, each in value.items()) + b"}"
    if isinstance(value, list):
        return b"[#L" + len(value).to_bytes(8, "big") + b"".join(map(_written, value))
    raise TypeError(value)


def _key(text: str) -> bytes:
    return b"L" + len(text).to_bytes(8, "big") + text.encode("ascii")


# -- the numbers -------------------------------------------------------------------------------


def _check_structure(trees: _Trees, features: int) -> None:
    """Checks the links between nodes, the depth and the kinds of splits.

    Every node except the roots must be the child of exactly one node before it, and splits must use existing features.
    """
    left, right, parents = (trees.ints(name) for name in ("left_children", "right_children", "parents"))
    inner = np.flatnonzero(left != -1)
    if not np.array_equal(inner, np.flatnonzero(right != -1)) or 2 * len(inner) != len(left) - len(trees.starts):
        raise ValueError("leaves with children, or nodes without parents")
    lefts, rights, roots = left[inner], right[inner], trees.roots[inner]
    if (lefts == rights).any():
        raise ValueError("one child twice")
    children, roots, inner = np.concatenate((lefts, rights)), np.tile(roots, 2), np.tile(inner, 2)
    own = inner - roots
    if not ((own < children) & (children < trees.sizes[inner])).all():
        raise ValueError("children that are not there")
    if not np.array_equal(parents[children + roots], own):
        raise ValueError("children of other parents")
    if (parents[trees.starts] != _NO_PARENT).any():
        raise ValueError("a root with a parent")
    above = parents + trees.roots
    above[trees.starts] = trees.starts
    for _ in range(DEPTH_DOUBLINGS):
        above = above[above]
    if not np.array_equal(above, trees.roots):
        raise ValueError("deeper than a training makes it")
    if trees.ints("split_indices").astype(np.uint32).max() >= features:
        raise ValueError("a feature that is not there")
    kinds, ways = trees.raw["split_type"], trees.raw["default_left"]
    if kinds.count(0) != len(kinds) or ways.count(0) + ways.count(1) != len(ways):
        raise ValueError("splits by categories")


def _check_values(trees: _Trees) -> None:
    values, cover = trees.floats("split_conditions"), trees.floats("sum_hessian")
    leaf = trees.ints("left_children") == -1
    every = [values, trees.floats("base_weights"), trees.floats("loss_changes")]
    # A comparison with NaN is false, so each of these refuses NaN too.
    if not all(np.abs(each).max() <= _LARGEST for each in every) or not np.abs(values[leaf]).max() <= MAX_MOVE:
        raise ValueError("numbers that are not finite, or leaves that no training makes")
    parents = trees.ints("parents")
    above = cover[np.where(parents == _NO_PARENT, trees.roots, parents + trees.roots)]
    if not (cover.min() > 0 and cover.max() <= _MAX_COVER and (cover <= _ROUNDING * above).all()):
        raise ValueError("covers that do not add up")
