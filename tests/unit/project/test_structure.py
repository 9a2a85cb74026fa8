"""The measures of structure that `make check` takes."""

from pathlib import Path

import pytest

from tests.structure import MAX_LINES, PACKAGES, Structure, measure


def tree(root: Path, **modules: str) -> Structure:
    """Measures a project of these modules; `core__text` is `core/text.py`."""
    for package in PACKAGES:
        (root / package).mkdir()
    for name, text in modules.items():
        path = root / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f'"""A module."""\n\n{text}', encoding="utf-8")
    return measure(root)


def missed(structure: Structure) -> list[str]:
    return [line for line, kept in structure.lines() if not kept]


def test_a_sound_tree_misses_nothing(tmp_path: Path) -> None:
    assert missed(tree(tmp_path, core__text='def clean() -> None:\n    """Cleans."""\n')) == []


@pytest.mark.parametrize(
    ("modules", "figure"),
    [
        ({f"core__m{number}": "" for number in range(13)}, "loose modules"),
        ({"core__text": "x = 1\n" * MAX_LINES}, "modules over"),
        (
            {
                f"core__{name}": "".join(f'class C{n}:\n    """A class."""\n\n\n' for n in range(6))
                for name in ("a", "b")
            },
            "class names",
        ),
        ({"core__text": 'def clean() -> None:\n    """What cleans."""\n'}, "docstrings that begin"),
        ({"core__text": "def clean() -> None:\n    return\n"}, "public definitions"),
        ({"core__a": "from core import b\n", "core__b": "from core.a import x\n"}, "circle of files"),
        ({"tests__test_text": "x = 1\n" * MAX_LINES}, "modules over"),
        ({"bench__text": "x = 1\n" * MAX_LINES}, "modules over"),
    ],
)
def test_each_bound_is_missed_where_it_is_passed(tmp_path: Path, modules: dict[str, str], figure: str) -> None:
    (line,) = missed(tree(tmp_path, **modules))
    assert line.startswith(figure)
