"""Folder of the backups, as the settings name it, and notices about that folder."""

from pathlib import Path

from app.backups.errors import BackupFolderShared
from app.errors import BadSetting
from app.settings import PREFIX, Settings
from core.errors import DeskError, Unavailable
from core.system.folders import shared_with_group
from jobs.backups.folder import check_folder

_RULE = "a folder, such as /mnt/disk/backups or ~/backups"


def backup_folder(settings: Settings) -> Path:
    """Returns the folder, absolute and without links if it was set; in the data directory no link is followed.

    Raises BadSetting if its home or its links cannot be resolved.
    """
    chosen = settings.backups.folder
    try:
        return Path(chosen).expanduser().resolve() if chosen else settings.data_dir / "backups"
    except (OSError, RuntimeError) as error:  # a link that leads to itself
        raise BadSetting(f"{PREFIX}BACKUPS__FOLDER", _RULE) from error


def backup_folder_notices(settings: Settings) -> list[DeskError]:
    """Returns the notices about the folder.

    They say that no nightly backups can be made there, or that a group shares the folder, which does not prevent them.
    """
    folder = backup_folder(settings)
    if not settings.backups.folder:  # the data directory is looked at when it is opened
        return []
    try:
        status = folder.lstat()
        check_folder(folder, status)
    except OSError:  # it is made with the first backup
        return []
    except Unavailable as error:
        return [error] if settings.backups.keep else []
    return [BackupFolderShared(str(folder))] if shared_with_group(folder, status) else []
