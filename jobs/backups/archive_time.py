"""Time at which pg_dump made an archive, read from its header.

Source: ReadHead in PostgreSQL's src/bin/pg_dump/pg_backup_archiver.c.
"""

from datetime import UTC, datetime

HEAD_BYTES = 128

_MAGIC = b"PGDMP"
_SIZES = 8  # of the magic and the version
_COMPRESSION_IS_A_BYTE = (1, 15)
_OLDEST = (1, 10)
_LARGEST_INTEGER = 8


def archive_time(head: bytes) -> datetime | None:
    """Returns the local time of the machine that made the archive, labelled as UTC. None if the header has none."""
    version = tuple(head[len(_MAGIC) : len(_MAGIC) + 2])
    if not head.startswith(_MAGIC) or version < _OLDEST or len(head) < HEAD_BYTES:
        return None
    size, place = head[_SIZES], _SIZES + 3  # then the sizes of an integer and of an offset, and the format
    if not 0 < size <= _LARGEST_INTEGER:
        return None
    place += 1 if version >= _COMPRESSION_IS_A_BYTE else 1 + size

    fields: list[int] = []
    for _ in range(6):
        number = int.from_bytes(head[place + 1 : place + 1 + size], "little")
        fields.append(-number if head[place] else number)
        place += 1 + size
    second, minute, hour, day, month, year = fields
    try:
        return datetime(year + 1900, month + 1, day, hour, minute, min(second, 59), tzinfo=UTC)
    except ValueError:
        return None
