"""Wrong, expired and contested link codes: counted, stopped and burned on real PostgreSQL."""

import asyncio

import pytest

from core.errors import DeskError
from people.identity.codes import HashedCode, LinkCode, code_from
from people.identity.errors import LinkBlocked, LinkCodeRevoked, LinkCodeUsed, LinkCodeWrong
from people.identity.ports import Identity, LinkRequest
from tests.fakes.bot import NOW
from tests.support.people_house import ALICE, BOB, House, texts


async def test_five_wrong_codes_stop_an_identity_for_ten_minutes_even_with_the_right_one(house: House) -> None:
    code = await house.code(ALICE)
    for number in range(5):
        assert "No valid code" in texts(await house.ask(BOB, f"/link {code_from(str(number))}"))
    assert "Too many wrong codes. Wait 10 minutes" in texts(await house.ask(BOB, f"/link {code}"))
    house.now += 10 * 60_000
    fresh = await house.code(ALICE)
    assert "Link accounts?" in texts(await house.ask(BOB, f"/link {fresh}"))


async def outcomes(calls: "list[asyncio.Task[object]]") -> list[str]:
    found = await asyncio.gather(*calls, return_exceptions=True)
    for each in found:
        assert not isinstance(each, Exception) or isinstance(each, DeskError), each
    return sorted(type(each).__name__ for each in found)


async def test_wrong_codes_over_eight_connections_are_counted_one_by_one(house: House) -> None:
    await house.person(BOB)
    wrong = [HashedCode.of(code_from(str(number))) for number in range(8)]
    tries = [asyncio.create_task(house.identities.claim(BOB, code, NOW, public=False)) for code in wrong]
    assert await outcomes(tries) == sorted([LinkBlocked.__name__] * 3 + [LinkCodeWrong.__name__] * 5)


async def test_five_wrong_codes_of_its_selector_burn_a_code_from_whomever_they_come(house: House) -> None:
    code = await house.code(ALICE)
    wrong = [HashedCode.of(LinkCode(code[:4] + code_from(str(number))[4:])) for number in range(8)]
    many = [Identity("discord", f"guesser-{number}") for number in range(8)]
    tries = [
        asyncio.create_task(house.identities.claim(who, guess, NOW, public=False))
        for who, guess in zip(many, wrong, strict=True)
    ]
    assert set(await outcomes(tries)) == {LinkCodeWrong.__name__}
    with pytest.raises(LinkCodeRevoked):
        await house.identities.claim(BOB, HashedCode.of(code), NOW, public=False)


async def test_of_eight_who_enter_the_right_code_at_once_one_has_it(house: House) -> None:
    code = HashedCode.of(await house.code(ALICE))
    many = [Identity("discord", f"{number}") for number in range(8)]
    for who in many:
        await house.person(who)
    tries = [asyncio.create_task(house.identities.claim(who, code, NOW, public=False)) for who in many]
    assert await outcomes(tries) == [*[LinkCodeUsed.__name__] * 7, LinkRequest.__name__]
