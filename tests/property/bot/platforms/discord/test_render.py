"""Whatever a reply holds, its messages stay within Discord's limits and speak to nobody else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.platforms.discord.outbound.custom_id import unpack
from bot.platforms.discord.outbound.markdown import escaped, plain
from bot.platforms.discord.outbound.render import render
from bot.reply import Align, Button, Buttons, Column, Fields, Picture, Reply, Table, Text, Tone
from tests.unit.bot.platforms.discord.test_render import faults

texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="*_`~|<>@[]()#-\\ \n\u202e\u200b😀한", max_size=400),
    st.sampled_from(["@everyone", "x" * 5000, "<@900000000000000000>", "", " ", "\n\n"]),
)
owners = st.integers(0, 2**64 - 1)
presses = st.text(alphabet="abc XYZ 한", min_size=1, max_size=20)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 6))
    row = st.tuples(*([texts] * width))
    columns = tuple(Column(draw(texts), draw(st.sampled_from(Align))) for _ in range(width))
    return Table(columns, tuple(draw(st.lists(row, max_size=40))))


blocks = st.one_of(
    st.builds(Text, texts, st.sampled_from(Tone)),
    st.builds(Fields, st.lists(st.tuples(texts, texts), max_size=40).map(tuple)),
    tables(),
    st.builds(Picture, st.just(b"png"), texts, texts),
    st.builds(
        Buttons,
        st.lists(st.lists(st.builds(Button, texts, presses), max_size=6).map(tuple), max_size=7).map(tuple),
    ),
)


@settings(max_examples=60)
@given(st.lists(blocks, max_size=12), owners)
def test_any_reply_becomes_messages_that_discord_takes(made: list[object], owner: int) -> None:
    messages = render(Reply(tuple(made)), owner=owner, page="price")  # type: ignore[arg-type]
    assert messages
    assert faults(messages) == []
    pushed = [unpack(push.custom_id) for message in messages for row in message.rows for push in row]
    asked = [button.press for block in made if isinstance(block, Buttons) for row in block.rows for button in row]
    assert [found and (found.owner, found.press) for found in pushed] == [(owner, press) for press in asked]


@given(texts, st.integers(8, 4096))
def test_what_is_escaped_reads_as_it_was_written(text: str, limit: int) -> None:
    shown = escaped(text, limit)
    assert len(shown.encode("utf-16-le")) // 2 <= limit
    whole = escaped(text, 100_000)
    read, signs = "", iter(whole)
    for sign in signs:
        read += next(signs) if sign == "\\" else sign
    assert read.replace("@\u200b", "@") == plain(text, 100_000)
