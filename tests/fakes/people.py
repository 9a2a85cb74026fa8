"""Identities and watchlists in memory, for tests of what commands say; the rules of linking are PostgreSQL's."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from people.identity.codes import HashedCode
from people.identity.errors import (
    LinkCodePublic,
    LinkCodeWrong,
    LinkedAlready,
    LinkHostUnreachable,
    LinkRequestExpired,
    OnlyIdentity,
    WatchlistFull,
)
from people.identity.ports import (
    MAX_WATCHED,
    AccountSummary,
    Identity,
    LinkMode,
    LinkRequest,
    LinkResult,
    PersonalDataSummary,
    RestoredCounts,
    UnlinkResult,
)
from pipeline.market import Symbol

if TYPE_CHECKING:
    from tests.fakes.bot import FakeDesk, MemoryPeople


@dataclass
class MemoryIdentities:
    """Joins and parts the people of `MemoryPeople`; money stays where it is."""

    people: "MemoryPeople"
    desk: "FakeDesk"
    codes: dict[int, tuple[int, HashedCode]] = field(default_factory=dict)

    async def save_code(self, person_id: int, code: HashedCode, now: int) -> None:
        self.codes[len(self.codes) + 1] = (person_id, code)

    async def claim(
        self, identity: Identity, code: HashedCode, now: int, *, public: bool, by_link: bool = False
    ) -> LinkRequest:
        if public:
            raise LinkCodePublic
        for code_id, (host, kept) in self.codes.items():
            if kept == code:
                if self.people.identities.get((identity.platform, identity.external_id)) == host:
                    raise LinkedAlready
                return LinkRequest(code_id, host)
        raise LinkCodeWrong

    async def revoke(self, codes: Collection[HashedCode]) -> None:
        self.codes = {key: (host, kept) for key, (host, kept) in self.codes.items() if kept not in codes}

    async def cancel(self, identity: Identity, code_id: int) -> None:
        if self.codes.pop(code_id, None) is None:
            raise LinkRequestExpired

    async def join(self, identity: Identity, code_id: int, how: LinkMode, now: int, market_time: int) -> LinkResult:
        if code_id not in self.codes:
            raise LinkRequestExpired
        host, _ = self.codes[code_id]
        self.people.identities[identity.platform, identity.external_id] = host
        return LinkResult(host, how, again=False)

    async def ask_host(self, identity: Identity, code_id: int, how: LinkMode, now: int) -> LinkMode:
        raise LinkHostUnreachable

    async def allow(self, person_id: int, code_id: int, now: int) -> tuple[Identity, LinkMode]:
        raise LinkRequestExpired

    async def refuse(self, person_id: int, code_id: int) -> None:
        raise LinkRequestExpired

    async def holdings(self, person_id: int) -> PersonalDataSummary:
        names = sorted(name for name, person in self.people.identities.items() if person == person_id)
        account = self.desk.accounts.get(person_id)
        accounts: tuple[AccountSummary, ...] = ()
        if account is not None:
            own = account.account_id
            trades = sum(1 for owner, _ in self.desk.receipts.values() if owner == own)
            positions = sum(1 for amount in self.desk.coins[own].values() if amount)
            cash = self.desk.cash[own]
            accounts = (AccountSummary(own, account.market, account.quote_asset, cash, Decimal(0), positions, trades),)
        return PersonalDataSummary(person_id, tuple(Identity(*name) for name in names), accounts, 0, 0, 0, 0)

    async def part(self, person_id: int, identity: Identity) -> UnlinkResult:
        if len((await self.holdings(person_id)).identities) == 1:
            raise OnlyIdentity
        del self.people.identities[identity.platform, identity.external_id]
        return UnlinkResult(undone=False, ended=0)

    async def joined(self, person_id: int, former_id: int) -> Identity:
        raise LinkRequestExpired

    async def brought(self, _identity: Identity) -> RestoredCounts | None:
        return None

    async def forget(self, person_id: int, now: int, market_time: int) -> bool:
        there = self.people.persons.pop(person_id, None) is not None
        for name in [name for name, person in self.people.identities.items() if person == person_id]:
            del self.people.identities[name]
        return there

    async def export(self, person_id: int, now: int) -> bytes:
        return json.dumps({"person": person_id}).encode()


class MemoryWatchlists:
    def __init__(self) -> None:
        self.lists: dict[int, list[Symbol]] = {}

    async def watched(self, person_id: int) -> Sequence[Symbol]:
        return list(self.lists.get(person_id, ()))

    async def watch(self, person_id: int, symbols: Sequence[Symbol]) -> Sequence[Symbol]:
        there = self.lists.setdefault(person_id, [])
        fresh = [symbol for symbol in dict.fromkeys(symbols) if symbol not in there]
        if len(there) + len(fresh) > MAX_WATCHED:
            raise WatchlistFull(MAX_WATCHED)
        there += fresh
        return fresh

    async def unwatch(self, person_id: int, symbols: Sequence[Symbol]) -> Sequence[Symbol]:
        there = self.lists.setdefault(person_id, [])
        gone = [symbol for symbol in symbols if symbol in there]
        self.lists[person_id] = [symbol for symbol in there if symbol not in gone]
        return gone
