"""Key that marks backups as this desk's own: that of the settings, else one kept in the data directory."""

import secrets
from pathlib import Path

from app.backups.errors import BackupForeign, BackupRenamed, BackupUnsigned, NotABackup
from app.engines.datadir import find_data_dir
from app.own_files import read_own, write_own
from app.settings import Settings
from jobs.backups.signature import code_file, read_signature

KEY_FILE = "backup.key"

_KEY_BYTES = 32
_LONGEST = 1024


def backup_key(settings: Settings) -> bytes:
    """Returns the key, which is generated at the first use. Raises OSError, DataFileForeign."""
    return _known_key(settings, settings.data_dir) or _draw(settings.data_dir)


def _known_key(settings: Settings, folder: Path) -> bytes:
    chosen = settings.backups.key.get_secret_value()
    if chosen:
        return chosen.encode("utf-8")
    try:
        return read_own(folder / KEY_FILE, _LONGEST).strip()
    except FileNotFoundError:
        return b""


def _draw(folder: Path) -> bytes:
    key = secrets.token_hex(_KEY_BYTES).encode("ascii")
    write_own(folder / KEY_FILE, key + b"\n")
    return key


def check_origin(file: Path, settings: Settings) -> None:
    """Raises BackupUnsigned for a backup without an authentication code, BackupForeign for one of another key or with
    other content, BackupRenamed for one that was made under another name, NotABackup if it cannot be read.
    """
    folder = find_data_dir(settings.data_dir)
    key = _known_key(settings, folder) if folder else settings.backups.key.get_secret_value().encode("utf-8")
    try:
        signature = read_signature(file, key)
    except FileNotFoundError:
        raise NotABackup(str(file), "no such file") from None
    except OSError as error:
        raise NotABackup(str(file), error.strerror or "it cannot be read") from error
    if signature is None:
        if not file.is_file():
            raise NotABackup(str(file), "no such file")
        raise BackupUnsigned(str(file), code_file(file).name)
    if not (key and signature.authentic):
        raise BackupForeign(str(file))
    if signature.name != file.name:
        raise BackupRenamed(str(file), signature.name)
