"""Measures of the structure: `python -m tests.structure` prints one line each and fails where a bound is passed.

Loose modules lie at the root of a top-level package. A docstring that begins with a clause ("What ...", "Whether ...")
withholds its noun. Circles of packages are the business of import-linter, circles of files are found here. Modules of
tests and benchmarks keep the bound of lines alone.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PACKAGES = ("app", "bot", "jobs", "people", "ml", "trading", "pipeline", "core")
CHECKS = ("tests", "bench")
MAX_LOOSE = 12
MAX_LINES = 350
MAX_HOMONYMS = 5
MAX_CLAUSES = 0.01

_CLAUSE = re.compile(r"(What|Whether|Who|Whoever|Whatever|Where|When|Which|How|Of|From|By)\b")
_DOCUMENTED = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Module)


@dataclass
class Structure:
    """Figures of a source tree; `undocumented` are public functions and classes without a docstring."""

    loose: dict[str, int] = field(default_factory=dict)
    long: list[str] = field(default_factory=list)
    homonyms: list[str] = field(default_factory=list)
    docstrings: int = 0
    clauses: list[str] = field(default_factory=list)
    undocumented: list[str] = field(default_factory=list)
    circle: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[tuple[str, bool]]:
        """Each figure in words, and whether it keeps its bound."""
        most = max(self.loose.values(), default=0)
        yield f"loose modules: {self.loose}", most <= MAX_LOOSE
        yield f"modules over {MAX_LINES} lines: {self.long or 'none'}", not self.long
        yield f"class names borne twice: {self.homonyms or 'none'}", len(self.homonyms) <= MAX_HOMONYMS
        kept = len(self.clauses) <= MAX_CLAUSES * self.docstrings
        yield f"docstrings that begin with a clause: {len(self.clauses)} of {self.docstrings}", kept
        yield f"public definitions without a docstring: {self.undocumented or 'none'}", not self.undocumented
        yield f"circle of files: {' -> '.join(self.circle) or 'none'}", not self.circle


def measure(root: Path) -> Structure:
    """Reads all modules of PACKAGES below `root`, and counts the lines of those of CHECKS."""
    found, classes = Structure(), defaultdict(set)
    files = {_name(root, path): path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))}
    imports: dict[str, set[str]] = {}
    for package in PACKAGES:
        found.loose[package] = sum(path.name != "__init__.py" for path in (root / package).glob("*.py"))
    for name, path in files.items():
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        _measure_lines(name, text, found)
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                classes[node.name].add(name)
        _read_docstrings(name, tree, found)
        imports[name] = _imports(name, tree, files)
    for path in sorted(path for folder in CHECKS for path in (root / folder).rglob("*.py")):
        _measure_lines(_name(root, path), path.read_text(encoding="utf-8"), found)
    found.homonyms = sorted(kind for kind, modules in classes.items() if len(modules) > 1)
    found.circle = _circle(imports)
    return found


def _name(root: Path, path: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _measure_lines(name: str, text: str, found: Structure) -> None:
    if (count := text.count("\n")) > MAX_LINES:
        found.long.append(f"{name} ({count})")


def _read_docstrings(name: str, tree: ast.Module, found: Structure) -> None:
    for node in ast.walk(tree):
        if not isinstance(node, _DOCUMENTED):
            continue
        text = ast.get_docstring(node)
        if text is not None:
            found.docstrings += 1
            if _CLAUSE.match(text):
                found.clauses.append(f"{name}:{getattr(node, 'lineno', 1)}")
    for node in tree.body:
        public = isinstance(node, _DOCUMENTED) and not getattr(node, "name", "_").startswith("_")
        if public and ast.get_docstring(node) is None:
            found.undocumented.append(f"{name}.{getattr(node, 'name', '')}")


def _imports(name: str, tree: ast.Module, files: Mapping[str, Path]) -> set[str]:
    """The project's modules that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {each if each in files else node.module for each in named}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return {each for each in found if each in files and each != name}


def _circle(imports: Mapping[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle
    return []


def main() -> int:
    """Prints the figures; 1 where one passes its bound."""
    structure = measure(Path(__file__).parents[1])
    code = 0
    for line, kept in structure.lines():
        sys.stdout.write(f"{'' if kept else 'MISSED '}{line}\n")
        code |= not kept
    if code:
        sys.stdout.write("\n".join(structure.clauses[:20]) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
