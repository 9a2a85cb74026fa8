"""Addresses of outside servers, as commands beside a desk use them."""

from pathlib import Path

import pytest

from app.settings import Settings
from app.startup import running_addresses

DSN, OWNER, READER = (f"postgresql://{user}:secret@127.0.0.1/desk" for user in ("desk", "owner", "reader"))


@pytest.mark.parametrize(
    ("further", "used"),
    [({}, DSN), ({"owner_dsn": OWNER}, OWNER), ({"owner_dsn": OWNER, "reader_dsn": READER}, READER)],
)
def test_the_reader_is_the_owner_if_not_set(further: dict[str, str], used: str, tmp_path: Path) -> None:
    settings = Settings.model_validate(
        {"data_dir": tmp_path, "postgres": {"dsn": DSN, **further}, "redis": {"url": "redis://127.0.0.1/0"}}
    )
    addresses = running_addresses(settings)
    assert addresses is not None
    assert addresses.reader_dsn == used
