"""Suggestions for the settings of a group, which /group reads together."""

from collections.abc import Mapping
from typing import NewType

from bot.arguments.preferences import LANGUAGES
from bot.arguments.reader import Reader, choice
from bot.arguments.symbols import suggest_symbols
from bot.arguments.time_zones import TIME_ZONES
from bot.arguments.typography import plain
from bot.context import Context
from bot.groups.settings import CommandGroup, GroupTopic, Permission, ruled
from bot.inbound import Suggestion

GroupWord = NewType("GroupWord", str)
"""A word of a group's setting; /group reads them together."""

_GROUP_WORDS: Mapping[tuple[GroupTopic | None, int], tuple[str, ...]] = {
    (GroupTopic.CHANNEL, 0): ("add", "remove", "everywhere"),
    (GroupTopic.ALLOW, 1): tuple(Permission),
    (GroupTopic.FEED, 0): ("off",),
}
"""Words by topic and by the number of its words that are already written."""


_TOPICS = {
    **{topic.value: topic for topic in GroupTopic},
    "언어": GroupTopic.LANGUAGE,
    "시간대": GroupTopic.TIMEZONE,
    "채널": GroupTopic.CHANNEL,
    **dict.fromkeys(("권한", "사용권한", "허용"), GroupTopic.ALLOW),
    **dict.fromkeys(("대기", "대기시간", "쿨다운"), GroupTopic.COOLDOWN),
    **dict.fromkeys(("시세", "시세게시"), GroupTopic.FEED),
}
_ELSEWHERE = (GroupTopic.LANGUAGE, GroupTopic.TIMEZONE)
GROUP_ONLY = {word: topic for word, topic in _TOPICS.items() if topic not in _ELSEWHERE}
"""Spellings of the topics that no user has for themselves."""

_SPELLINGS = {
    **dict.fromkeys(("추가", "답하기"), "add"),
    **dict.fromkeys(("빼기", "제거", "삭제"), "remove"),
    **dict.fromkeys(("전체", "모든채널"), "everywhere"),
    **dict.fromkeys(("누구나", "모두"), Permission.EVERYONE.value),
    **dict.fromkeys(("관리자", "관리자만"), Permission.MANAGERS.value),
    **dict.fromkeys(("끄기", "끔", "금지"), Permission.OFF.value),
    **dict.fromkeys(("거래", "매매"), CommandGroup.TRADING.value),
    "계좌": CommandGroup.ACCOUNT.value,
    "알림": CommandGroup.ALERTS.value,
    "시세": CommandGroup.PRICES.value,
}


def group_word(text: str) -> str:
    """Returns the canonical word, in lower case: `off` for `끄기`."""
    word = plain(text).casefold()
    return _SPELLINGS.get(word, word)


def _suggest_group_words(prefix: str, ctx: Context) -> list[Suggestion]:
    typed = prefix.casefold()
    topic = _TOPICS.get(ctx.words[0].casefold()) if ctx.words else None
    at = len(ctx.words) - 1
    labelled = (word for word in _GROUP_WORDS.get((topic, at), ()) if word.startswith(typed))
    found = [Suggestion(str(word), ctx.text(f"choice-{word}")) for word in labelled]
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


GROUP_TOPICS = choice(_TOPICS, {topic.value: f"choice-{topic}" for topic in GroupTopic})
GROUP_WORDS = Reader(lambda text, _: GroupWord(text), _suggest_group_words, verbatim=True)
