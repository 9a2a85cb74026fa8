"""The sign of life of a role."""

import asyncio
from pathlib import Path

import pytest

from app.errors import DataFileForeign
from app.ops import heartbeat
from app.ops.heartbeat import with_heartbeat


async def test_the_file_is_touched_while_the_loop_turns_and_gone_with_the_role(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(heartbeat, "SECONDS", 0.001)
    file = tmp_path / "produce.alive"
    ages: list[int] = []

    async def role() -> None:
        while len(set(ages)) < 3:
            await asyncio.sleep(0.005)
            ages.append(file.stat().st_mtime_ns)

    await with_heartbeat(file, role())
    assert not file.exists()


async def test_a_role_that_fails_fails_and_leaves_no_sign(tmp_path: Path) -> None:
    async def role() -> None:
        await asyncio.sleep(0)
        raise ValueError("what it failed of")

    with pytest.raises(ValueError, match="what it failed of"):
        await with_heartbeat(tmp_path / "jobs.alive", role())
    assert not (tmp_path / "jobs.alive").exists()


async def test_the_sign_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "jobs.alive").symlink_to(tmp_path / "elsewhere")
    role = asyncio.sleep(0)
    with pytest.raises(DataFileForeign):
        await with_heartbeat(tmp_path / "jobs.alive", role)
    role.close()
    assert not (tmp_path / "elsewhere").exists()
