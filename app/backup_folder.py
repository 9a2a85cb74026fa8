"""Where the backups of the settings go, and what to tell the user about that folder."""

from pathlib import Path

from app.backup_errors import BackupFolderShared
from app.errors import BadSetting, StartError
from app.own_files import shared_with_group
from app.settings import PREFIX, Settings

_RULE = "a folder, such as /mnt/disk/backups or ~/backups"


def backup_folder(settings: Settings) -> Path:
    """The folder, absolute and without links where it was chosen; in the data directory no link is followed.

    Raises BadSetting for one whose home or links lead nowhere.
    """
    chosen = settings.backups.folder
    try:
        return Path(chosen).expanduser().resolve() if chosen else settings.data_dir / "backups"
    except (OSError, RuntimeError) as error:  # a link that leads to itself
        raise BadSetting(f"{PREFIX}BACKUPS__FOLDER", _RULE) from error


def backup_folder_notices(settings: Settings) -> list[StartError]:
    """That others share the folder, which backups are made in all the same."""
    folder = backup_folder(settings)
    return [BackupFolderShared(str(folder))] if shared_with_group(folder) else []
