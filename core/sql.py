"""Named queries: SQL lives in .sql files, each query under a `-- name:` line."""

import re
from importlib.resources import files

_NAME = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


def load_queries(package: str, file_name: str) -> dict[str, str]:
    """Returns the queries of a package's file, by name."""
    text = files(package).joinpath(file_name).read_text(encoding="utf-8")
    parts = _NAME.split(text)[1:]
    return dict(zip(parts[::2], (query.strip() for query in parts[1::2]), strict=True))
