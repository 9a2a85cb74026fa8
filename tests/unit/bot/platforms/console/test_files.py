"""Pictures and documents on the console's disk."""

import os
import stat
from pathlib import Path

from bot.platforms.console.files import FileStore
from bot.reply import Document, Picture
from tests.fakes.bot import NOW


async def test_a_document_keeps_its_ending_and_is_for_its_owners_eyes(tmp_path: Path) -> None:
    shelf = FileStore(tmp_path / "files", lambda: NOW)
    path = await shelf.put(Document(b'{"a": 1}', "all", "paperdesk-2021-04-01.json"))
    assert path is not None
    assert path.name == "20210401-180000-000-paperdesk-2021-04-01.json"
    assert path.read_bytes() == b'{"a": 1}'
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert shelf.last == path


async def test_a_hostile_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    shelf = FileStore(tmp_path / "files", lambda: NOW)
    for name in ("../../etc/passwd", "a/b.c/d", ".json", "x", "", "..", "a\n.b\x1b[31m"):
        path = await shelf.put(Document(b"1", "", name))
        assert path is not None
        assert path.parent == tmp_path / "files"


async def test_documents_and_pictures_are_kept_apart_the_newest_of_each(tmp_path: Path) -> None:
    now = NOW

    def clock() -> int:
        nonlocal now
        now += 1
        return now

    shelf = FileStore(tmp_path, clock, max_files=2)
    for number in range(4):
        await shelf.put(Document(b"", "", f"d{number}.json"))
        await shelf.put(Picture(b"", "", f"p{number}"))
    names = sorted(name.rpartition("-")[2] for name in os.listdir(tmp_path))  # noqa: PTH208
    assert names == ["d2.json", "d3.json", "p2.png", "p3.png"]
