"""Which account the engines of a root desk run under."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from app.engines import accounts
from app.engines.accounts import PRIVATE, EngineAccount, engines_account, idle_account, running_uids
from app.errors import NoIdleAccount

STRANGER = 60_000
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root drops to another account")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.mark.skipif(os.geteuid() == 0, reason="root's engines drop to another account")
def test_an_ordinary_users_engines_run_as_that_user() -> None:
    assert engines_account([]) == EngineAccount()


@as_root
def test_the_cluster_is_made_under_an_account_that_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(20):
        chosen = idle_account(STRANGER).ids
        assert chosen
        assert chosen[0] not in running_uids() | {0}
        assert chosen[0] < 1000
        assert chosen[1] == STRANGER, "no process of that account has it"
    monkeypatch.setattr(accounts, "running_uids", lambda: {entry.pw_uid for entry in pwd.getpwall()})
    with pytest.raises(NoIdleAccount):
        idle_account(STRANGER)


@as_root
def test_an_engine_without_a_password_has_a_uid_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, bus = tmp_path / "postgres-18/data", tmp_path / "kafka-4/data"
    for folder in (ledger, bus):
        folder.mkdir(parents=True)
    os.chown(ledger, PRIVATE.start, PRIVATE.start)
    monkeypatch.setattr(accounts, "PRIVATE", PRIVATE[:2])
    monkeypatch.setattr(accounts, "running_uids", set)
    for _ in range(20):
        assert engines_account([bus], [ledger]).ids == (PRIVATE[1], PRIVATE[1])
    assert engines_account([ledger], [bus]).ids == (PRIVATE[0], PRIVATE[0])


@as_root
@on_linux
def test_a_process_shows_its_uid_until_it_has_ended() -> None:
    child = subprocess.Popen(["/bin/sleep", "60"], user=STRANGER)
    assert STRANGER in running_uids()
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert STRANGER not in running_uids(), "a zombie does nothing"
    child.wait()
