"""Every command of resting orders in the console, in both languages, on the engines."""

from pathlib import Path

import pytest

from people.person import Language
from tests.e2e.desk_process import paperdesk
from tests.e2e.resting_lines import number_in, then, typed
from tests.fakes.bot import CATALOGS

pytestmark = pytest.mark.long


@pytest.mark.parametrize("language", list(Language))
async def test_orders_are_placed_shown_changed_and_cancelled(empty_folder: Path, language: Language) -> None:
    text = CATALOGS[language].text
    begun = ["/start", f"/settings language {language.value}", "/settings confirm off", "/buy BTC 1000usdc"]
    placed = await paperdesk(empty_folder, lines=[*begun, *typed(language)])
    assert placed.code == 0, placed.err
    for line in typed(language):
        said = {text("order-placed", count=count) for count in (1, 2, 3)}
        assert any(each in placed.after(line) for each in said), placed.after(line)
    number = number_in(placed.out)
    changing = [*then(number), f"/cancel {number}", "/cancel all", "/chart BTC", "/balance", "/history"]
    changed = await paperdesk(empty_folder, lines=changing)
    assert text("order-amended", order_id=number) in changed.after(f"/amend {number} price -5%")
    assert text("order-cancelled", count=1, orders=number) in " ".join(changed.after(f"/cancel {number}").split())
    assert text("error-order-not-open", order_id=number, status="CANCELED") in " ".join(changed.out.split())
    assert number not in changed.after("/orders BTC").split()
    assert text("order-none-cancelled") not in changed.after("/cancel all")
    assert len(changed.pictures()) == 1
    assert "Traceback" not in placed.out + placed.err + changed.out + changed.err
    audited = await paperdesk(empty_folder, ["audit"])
    assert audited.code == 0, audited.out
