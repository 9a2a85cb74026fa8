"""People met lately, as they were then: for what must be decided before the database can be asked. Pure."""

from collections import OrderedDict

from people.person import Person

MOST = 10_000

Identity = tuple[str, str]
"""A platform and its name for a person."""


class Acquaintances:
    """Of more than `most` identities the one not met for longest is forgotten. What it says may be out of date."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[Identity, Person] = OrderedDict()

    def recall(self, platform: str, external_id: str) -> Person | None:
        """Who it was, None for a stranger."""
        return self._known.get((platform, external_id))

    def remember(self, platform: str, external_id: str, person: Person) -> None:
        """They were met just now."""
        identity = (platform, external_id)
        self._known[identity] = person
        self._known.move_to_end(identity)
        if len(self._known) > self._most:
            self._known.popitem(last=False)

    def changed(self, person: Person) -> None:
        """They chose something anew, on whichever platform."""
        for identity, known in self._known.items():
            if known.person_id == person.person_id:
                self._known[identity] = person

    def forget(self, person_id: int) -> None:
        """They left, on every platform."""
        for identity in [name for name, known in self._known.items() if known.person_id == person_id]:
            del self._known[identity]
