"""Settings of the operators; `app.settings` reads them from the environment."""

import re

from pydantic import Field, field_validator

from core.settings import Section
from people.operators.members import OperatorList

MAX_OPERATORS = 50
"""Maximum number of operators of one platform: each has a separate command menu in Telegram."""

_RULE = f"at most {MAX_OPERATORS} numeric IDs separated by commas, such as 123456789,987654321"
_ID = re.compile(r"[1-9][0-9]{0,19}", re.ASCII)


class OperatorSettings(Section):
    """User ids of the operators. The user of the console is always an operator."""

    telegram: str = Field("", description="Telegram user IDs of the operators, separated by commas")
    discord: str = Field("", description="Discord user IDs of the operators, separated by commas")

    @field_validator("telegram", "discord")
    @classmethod
    def _are_ids(cls, text: str) -> str:
        ids = _ids(text)
        if len(ids) > MAX_OPERATORS or not all(_ID.fullmatch(entry) for entry in ids):
            raise ValueError(_RULE)
        return ",".join(dict.fromkeys(ids))

    def operators(self) -> OperatorList:
        """Returns the operators by platform."""
        named = {"telegram": self.telegram, "discord": self.discord}
        return OperatorList({platform: frozenset(_ids(text)) for platform, text in named.items()})

    def identities(self) -> frozenset[tuple[str, str]]:
        """Returns the operators as pairs of a platform and a user id on it."""
        return frozenset((platform, each) for platform, ids in self.operators().ids.items() for each in ids)


def _ids(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",")] if text.strip() else []
