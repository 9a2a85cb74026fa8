"""Plants faults in the matching of open orders and shows that the naive model catches each.

    python -m tests.support.planted_faults [LIVES]

Each fault replaces one piece of the source in a process of its own, which plays random lives until the engine and the
model differ. The run fails if a fault survives, or if the source has no such piece.
"""

import subprocess  # the programs are this module
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder, SourceLoader
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_loader
from types import CodeType, ModuleType
from typing import NamedTuple

LIVES = 3_000


class Fault(NamedTuple):
    """A fault: in `module`, `before` stands once and becomes `after`."""

    name: str
    module: str
    before: str
    after: str


MATCHING = "trading.matching."
FAULTS = (
    Fault("comparison of limits reversed", MATCHING + "resting_orders", "if key < bound or", "if key > bound or"),
    Fault("sales fill at a worse price", MATCHING + "resting_orders",
          "price if self._side is Side.BUY else price.copy_negate()", "price"),
    Fault("traded quantity used twice", MATCHING + "order_engine",
          "logged.taken = EXACT.subtract(quantity, shared.left)", "logged.taken = quantity - quantity"),
    Fault("displayed quantity used twice", MATCHING + "order_engine",
          "display.used, EXACT.subtract(size, shared.left)", "display.used, size - size"),
    Fault("display of a triggered order used twice", MATCHING + "order_engine",
          "display.used = EXACT.add(display.used, part.quantity)", "pass"),
    Fault("display from before the acceptance counts", MATCHING + "order_engine",
          "self._since[order.order_id] < display.since", "self._since[order.order_id] <= display.since"),
    Fault("fill on a tick from before the acceptance", MATCHING + "event_log",
          "each[0].event.time > after", "each[0].event.time > 0"),
    Fault("event from before the acceptance of a known order counts", MATCHING + "order_engine",
          "if event.time >= self._newest:\n            self._newest = event.time\n", "if event.time >= 0:\n"),
    Fault("old quote is taken", MATCHING + "event_log", "admitted = event.time >= self.quoted", "admitted = True"),
    Fault("old trade is taken", MATCHING + "event_log", "admitted = event.time >= self.traded", "admitted = True"),
    Fault("crossed quote is taken", MATCHING + "event_log", "if event.bid > event.ask else", "if event.bid < 0 else"),
    Fault("queue ahead ignored", MATCHING + "order_engine", "FillRule.QUEUE, turn.ahead", "FillRule.QUEUE"),
    Fault("trades do not reduce the queue", MATCHING + "resting_orders", "self.traded = count", "pass"),
    Fault("display does not bound the queue", MATCHING + "resting_orders",
          "level.waiting and level.show(size)", "level.waiting and False"),
    Fault("queue stays when the price moves away", MATCHING + "resting_orders", "> key:\n", "> key and False:\n"),
    Fault("priority ignored among orders at one price", MATCHING + "resting_orders",
          "place = (priority, order_id)\n        level.add", "place = (-priority, order_id)\n        level.add"),
    Fault("fill in part keeps its queue", MATCHING + "order_engine", "self.places.advance(after)", "pass"),
    Fault("pair does not end its other order", MATCHING + "order_lists",
          "if each.order_id != past.decided_by and", "if each.order_id == past.decided_by and"),
    Fault("pending orders go live for more than was received", "trading.orders.holds",
          "quantity = min(quantity, brought)", "pass"),
    Fault("working order's end is forgotten", MATCHING + "order_lists", "if not after.status.open:", "if False:"),
    Fault("path triggers nothing on its way", MATCHING + "order_engine", "while price != end:", "while False:"),
    Fault("display on a path used twice", MATCHING + "event_log", "market = self._found[price] = ", "market = "),
    Fault("orders take at triggers of others", MATCHING + "order_engine", "but=earlier", "but=()"),
    Fault("next trigger on the wrong side", MATCHING + "order_places",
          "Side.BUY if rising else", "Side.SELL if rising else"),
    Fault("stop stays behind on a path", MATCHING + "order_places",
          "up_to_step(min(found), tick) if rising else down_to_step(max(found), tick)",
          "down_to_step(min(found), tick) if rising else up_to_step(max(found), tick)"),
    Fault("stop triggers on the other side", "trading.orders.terms",
          "losing is (self.side is Side.SELL)", "losing is (self.side is Side.BUY)"),
    Fault("trailing stop does not follow", "trading.triggers.trailing_stops", "if behind:", "if False:"),
    Fault("trailing delta on the other side", "trading.triggers.trailing_stops",
          "BASIS_POINTS - delta if side is Side.SELL else BASIS_POINTS + delta",
          "BASIS_POINTS + delta if side is Side.SELL else BASIS_POINTS - delta"),
    Fault("triggered order has no protection", MATCHING + "taking", "if trigger is None:", "if trigger is not None:"),
    Fault("fee not taken", "trading.orders.holds",
          "return EXACT.subtract(gross, up(EXACT.multiply(gross, fee_rate), scale))", "return gross"),
    Fault("fee rounded down", "trading.orders.holds",
          "up(EXACT.multiply(gross, fee_rate), scale)", "down(EXACT.multiply(gross, fee_rate), scale)"),
    Fault("hold of a purchase rounded down", "trading.orders.holds",
          "return up(EXACT.multiply(quantity, hold_price), rules.quote_scale)",
          "return down(EXACT.multiply(quantity, hold_price), rules.quote_scale)"),
    Fault("price improvement kept from the user", "trading.orders.holds",
          "min(left, need_of(side, order.remaining, hold_price(order), rules))", "left"),
    Fault("fill beyond the hold", MATCHING + "taking",
          "return affordable(order.hold.amount, fills, step, rules)", "return fills"),
    Fault("order outlives its date", MATCHING + "order_times",
          "self._dates[0][0] <= time", "self._dates[0][0] < time"),
    Fault("part of a step is filled", MATCHING + "taking",
          "return down_to_step(available, step) if available > 0 else ZERO", "return available"),
)  # fmt: skip


class _Planted(SourceFileLoader):
    """Loads a module with its fault; never from bytecode."""

    def __init__(self, fault: Fault, path: str) -> None:
        super().__init__(fault.module, path)
        self._fault = fault

    def get_code(self, fullname: str) -> CodeType:
        source = self.get_data(self.path).decode()
        if source.count(self._fault.before) != 1:
            raise ImportError(f"{self.path} has {source.count(self._fault.before)} of {self._fault.before!r}")
        return self.source_to_code(source.replace(self._fault.before, self._fault.after).encode(), self.path)


class _Finder(MetaPathFinder):
    def __init__(self, fault: Fault) -> None:
        self._fault = fault

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self._fault.module:
            return None
        found = PathFinder.find_spec(fullname, path, target)
        if found is None or not isinstance(found.loader, SourceLoader) or found.origin is None:
            raise ImportError(f"{fullname} has no source")
        return spec_from_loader(fullname, _Planted(self._fault, found.origin))


def plant_and_play(fault: Fault, lives: int) -> str | None:
    """Plays lives in this process, with the fault; returns how it was caught, or None. Raises ImportError."""
    sys.meta_path.insert(0, _Finder(fault))
    from tests.support.order_model import play  # noqa: PLC0415 - after the finder, which it is imported through

    try:
        play(lives, 0)
    except Exception as difference:  # a fault may show in any way
        if isinstance(difference, ImportError):
            raise
        return f"{type(difference).__name__}, {' '.join(difference.__notes__)}"
    return None


def caught(number: int, lives: int) -> subprocess.CompletedProcess[str]:
    """Plants a fault in a process of its own; its output says how it was caught, and its return code 0 that it was."""
    program = (sys.executable, "-m", __spec__.name, str(lives), str(number))
    return subprocess.run(program, capture_output=True, text=True, check=False)  # noqa: S603


def main(arguments: list[str]) -> int:
    """Plants every fault, or one by its number. Returns the number of those that survived."""
    lives = int(arguments[0]) if arguments else LIVES
    if len(arguments) > 1:
        found = plant_and_play(FAULTS[int(arguments[1])], lives)
        print(found or f"survived {lives} lives")  # noqa: T201
        return found is None
    survived = 0
    for number, fault in enumerate(FAULTS):
        result = caught(number, lives)
        survived += result.returncode != 0
        told = result.stdout.strip() or result.stderr.strip().splitlines()[-1]
        print(f"{'caught' if result.returncode == 0 else 'NOT CAUGHT':10}  {fault.name}: {told}", flush=True)  # noqa: T201
    print(f"{len(FAULTS)} faults planted, {survived} not caught")  # noqa: T201
    return survived


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
