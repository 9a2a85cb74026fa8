"""A free port is looked for among all of a range, and not without end."""

import pytest

from app.engines import process
from app.engines.process import choose_port
from app.errors import NoFreePort


def test_the_last_free_port_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "port_is_free", lambda port: port == 31_999)
    assert choose_port(0) == 31_999


def test_without_a_free_port_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[int]()

    def taken(port: int) -> bool:
        asked.append(port)
        assert len(asked) <= 20_000, "it looks without end"
        return False

    monkeypatch.setattr(process, "port_is_free", taken)
    with pytest.raises(NoFreePort) as error:
        choose_port(0)
    assert (error.value.first, error.value.last) == (20_000, 31_999)
    assert sorted(asked) == list(range(20_000, 32_000))
