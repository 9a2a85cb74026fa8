"""LRU cache of recently seen users, used for decisions made before the database is queried. Pure."""

from collections import OrderedDict

from people.person import Person

MAX_SIZE = 10_000

Identity = tuple[str, str]
"""A platform and the user's id on it."""


class PersonCache:
    """LRU cache of at most `max_size` identities and their users. Entries may be out of date."""

    def __init__(self, max_size: int = MAX_SIZE) -> None:
        self._max_size = max_size
        self._known: OrderedDict[Identity, Person] = OrderedDict()

    def recall(self, platform: str, external_id: str) -> Person | None:
        """Returns the cached user of an identity, or None if the identity is not in the cache."""
        return self._known.get((platform, external_id))

    def remember(self, platform: str, external_id: str, person: Person) -> None:
        """Caches the user as the most recently seen one and drops the least recently seen entry above the limit."""
        identity = (platform, external_id)
        self._known[identity] = person
        self._known.move_to_end(identity)
        if len(self._known) > self._max_size:
            self._known.popitem(last=False)

    def changed(self, person: Person) -> None:
        """Replaces the cached user under all of their identities, on every platform."""
        for identity, known in self._known.items():
            if known.person_id == person.person_id:
                self._known[identity] = person

    def forget(self, person_id: int) -> None:
        """Removes all identities of the user, on every platform."""
        for identity in [name for name, known in self._known.items() if known.person_id == person_id]:
            del self._known[identity]
