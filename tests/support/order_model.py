"""Random lives of open orders, played to `SymbolOrders` and to the naive model of it.

    python -m tests.support.order_model [LIVES] [FIRST_SEED]

Each life has its own seed, up to 100 commands and events, and is compared after each of them. The first difference ends
the run with its seed.
"""

import random
import sys
from typing import NamedTuple

from tests.support.order_lives import Action, Life

LONGEST = 100
KINDS = 20
REPORTED = 10_000


class Agreement(NamedTuple):
    """What was played: the numbers of lives, of commands and events, and of effects on orders."""

    lives: int
    actions: int
    effects: int


def actions_of(seed: int) -> list[Action]:
    """Returns the life of a seed."""
    chance = random.Random(seed)  # noqa: S311 - data of a test
    numbers = (range(KINDS), *(range(100),) * 5)
    length = chance.randrange(LONGEST + 1)
    return [tuple(map(chance.choice, numbers)) for _ in range(length)]  # type: ignore[misc]


def play(lives: int, first_seed: int, *, report: bool = False) -> Agreement:
    """Plays lives with consecutive seeds. Raises AssertionError, with a note of the seed, at the first difference."""
    played = effects = 0
    for number in range(lives):
        seed = first_seed + number
        actions, life = actions_of(seed), Life()
        try:
            life.play(actions)
        except Exception as problem:
            problem.add_note(f"seed {seed}")
            raise
        played += len(actions)
        effects += len(life.effects)
        if report and (number + 1) % REPORTED == 0:
            print(f"seeds {first_seed} to {seed}: {played} commands and events, {effects} effects", flush=True)  # noqa: T201
    return Agreement(lives, played, effects)


def main(arguments: list[str]) -> None:
    """Plays the lives that the arguments ask for, and says how many agreed."""
    lives, first_seed = (*map(int, arguments), *(100_000, 0)[len(arguments) :])
    found = play(lives, first_seed, report=True)
    print(f"{found.lives} lives agree: {found.actions} commands and events, {found.effects} effects")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
