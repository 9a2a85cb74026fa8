"""Secrets from files: one file for each setting, as provided by containers and systemd.

A file is named like its variable in lower case, such as paperdesk_telegram__token.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from app.errors import BadSetting

_MOUNTED = Path("/run/secrets")
_LARGEST = 65_536
_RULE = f"a readable file of UTF-8 text of at most {_LARGEST} bytes"


def secrets_folder() -> Path:
    """Returns the folder of secrets that systemd names, else the usual one of containers."""
    return Path(os.environ.get("CREDENTIALS_DIRECTORY") or _MOUNTED)


def read_secrets(folder: Path, prefix: str) -> Mapping[str, str]:
    """Returns the texts of the files whose names begin with `prefix`, by name, without the line's end.

    Empty files and a missing folder are ignored. Raises BadSetting.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.name.upper().startswith(prefix))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise BadSetting(str(folder), "a readable folder") from error
    texts = {path.name: _text(path) for path in files}
    return {name: text for name, text in texts.items() if text}


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise BadSetting(str(path), _RULE)
        return content.decode("utf-8").rstrip("\r\n")
    except OSError as error:
        raise BadSetting(str(path), _RULE) from error
    except UnicodeDecodeError:  # which holds the secret
        raise BadSetting(str(path), _RULE) from None
