"""What is suggested for the settings of a group, which /group reads together."""

from collections.abc import Mapping
from typing import NewType

from bot.arguments.preferences import LANGUAGES
from bot.arguments.reader import Reader, enum_choice
from bot.arguments.symbols import suggest_symbols
from bot.arguments.time_zones import TIME_ZONES
from bot.context import Context
from bot.groups.settings import Admitted, GroupTopic, ruled
from bot.inbound import Suggestion

GroupWord = NewType("GroupWord", str)
"""A word of a group's setting; /group reads them together."""

_GROUP_WORDS: Mapping[tuple[str, int], tuple[str, ...]] = {
    (GroupTopic.CHANNEL, 0): ("add", "remove", "everywhere"),
    (GroupTopic.ALLOW, 1): tuple(Admitted),
    (GroupTopic.FEED, 0): ("off",),
}
"""By what is set and how many words of it stand there already."""


def _suggest_group_words(prefix: str, ctx: Context) -> list[Suggestion]:
    typed = prefix.casefold()
    topic, at = (ctx.words[0].casefold(), len(ctx.words) - 1) if ctx.words else ("", 0)
    labelled = (word for word in _GROUP_WORDS.get((topic, at), ()) if word.startswith(typed))
    found = [Suggestion(str(word), ctx.say(f"choice-{word}")) for word in labelled]
    match topic, at:
        case GroupTopic.FEED, _:
            found += suggest_symbols(prefix, ctx)
        case GroupTopic.LANGUAGE, 0:
            found += LANGUAGES.suggest(prefix, ctx)
        case GroupTopic.TIMEZONE, 0:
            found += TIME_ZONES.suggest(prefix, ctx)
        case GroupTopic.ALLOW, 0:
            found += [Suggestion(name, name) for name in ruled(ctx.commands) if name.startswith(typed)]
        case GroupTopic.COOLDOWN, 0:
            found += [Suggestion(text, text) for text in ("0", "5", "10", "30", "60") if text.startswith(typed)]
        case _:
            pass
    return found


GROUP_TOPICS = enum_choice(GroupTopic)
GROUP_WORDS = Reader(lambda text, _: GroupWord(text), _suggest_group_words, verbatim=True)
