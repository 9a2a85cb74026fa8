"""Checks calls, answers and updates against Telegram's Bot API specification, where it is at hand, and its limits."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, UnidentifiedImageError
from PIL.Image import DecompressionBombError

SPEC = Path(__file__).parents[2].parent / "shared" / "specs" / "telegram_bot_api_10.1.json"

TEXT_LIMIT, CAPTION_LIMIT, CALLBACK_LIMIT, ANSWER_LIMIT, ENTITY_LIMIT = 4096, 1024, 64, 200, 100
DOCUMENT_BYTES = 50 << 20
PHOTO_BYTES, PHOTO_SIDES, PHOTO_RATIO = 10 << 20, 10_000, 20
COMMANDS_LIMIT, KEYS_LIMIT, KEYS_IN_A_ROW = 100, 100, 8
_COMMAND = re.compile(r"[a-z0-9_]{1,32}", re.ASCII)
_FIXED = re.compile(r"\b(?:must be|always) [“\"]?([a-z_]+)[”\"]?")
_MENTION = re.compile(r"(?<![\w@])@[A-Za-z0-9_]{4,}", re.ASCII)
_BLANK = frozenset(" \t\r\n\u00a0\u200b\u2060\ufeff\u00ad")


@lru_cache(maxsize=1)
def load_spec() -> dict[str, Any] | None:
    if not SPEC.exists():
        return None
    spec: dict[str, Any] = json.loads(SPEC.read_text(encoding="utf-8"))
    return spec


def utf16(text: str) -> int:
    """UTF-16 code units, Telegram's measure."""
    return len(text.encode("utf-16-le")) // 2


def decode_call(method: str, form: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The form's values by the types of the specification, and what it objects to.

    `form` maps names to text, to JSON values (of a JSON body) or to `Upload`.
    """
    spec = load_spec()
    if spec is None:
        return {name: _guess(value) for name, value in form.items()}, []
    entry = spec["methods"].get(method)
    if entry is None:
        return {}, [f"no such method: {method}"]
    fields = {field["name"]: field for field in entry.get("fields", [])}
    values: dict[str, Any] = {}
    faults: list[str] = []
    for name, raw in form.items():
        if name in fields:
            values[name] = _decoded(raw, fields[name]["types"])
            faults += type_faults(f"{method}.{name}", values[name], fields[name]["types"])
        elif not _attached(name, form):
            faults.append(f"{method}: unknown parameter {name}")
    missing = [name for name, field in fields.items() if field["required"] and name not in form]
    return values, faults + [f"{method}: {name} is missing" for name in missing]


def type_faults(where: str, value: Any, types: list[str]) -> list[str]:
    """What speaks against `value` being of one of `types`: nothing, or the objections of the nearest."""
    found = [_one_type(where, value, kind) for kind in types]
    return min(found, key=len)


def _one_type(where: str, value: Any, kind: str) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where}: {value!r:.80} is no array"]
        inner = kind.removeprefix("Array of ")
        return [fault for at, item in enumerate(value) for fault in _one_type(f"{where}[{at}]", item, inner)]
    plain = {"Integer": int, "String": str, "Boolean": bool, "True": bool}
    if kind in plain:
        right = isinstance(value, plain[kind]) and (plain[kind] is bool or not isinstance(value, bool))
        return [] if right else [f"{where}: {value!r:.80} is no {kind}"]
    if kind == "Float":
        return [] if isinstance(value, int | float) and not isinstance(value, bool) else [f"{where}: no Float"]
    if kind == "InputFile":
        return [] if isinstance(value, Upload) else [f"{where}: {value!r:.80} is no file"]
    return _object_faults(where, value, kind)


def _object_faults(where: str, value: Any, kind: str) -> list[str]:
    spec = load_spec()
    assert spec is not None
    declared = spec["types"].get(kind)
    if declared is None:
        return [f"{where}: the specification has no {kind}"]
    if "subtypes" in declared:
        return type_faults(where, value, declared["subtypes"])
    if not isinstance(value, dict):
        return [f"{where}: {value!r:.80} is no {kind}"]
    fields = {field["name"]: field for field in declared.get("fields", [])}
    faults = [f"{where}: {kind} has no {name}" for name in value if name not in fields]
    for name, field in fields.items():
        if name not in value:
            faults += [f"{where}: {kind} lacks {name}"] if field["required"] else []
            continue
        faults += type_faults(f"{where}.{name}", value[name], field["types"])
        fixed = _FIXED.search(field["description"])
        if name in ("type", "source", "status") and fixed and value[name] != fixed[1]:
            faults += [f"{where}: {name} of {kind} is {fixed[1]}", f"{where}: not a {kind}"]
    return faults


class Upload(bytes):
    """A file of a multipart form."""

    name = ""


def _decoded(raw: Any, types: list[str]) -> Any:
    if not isinstance(raw, str):
        return raw
    if "Integer" in types and re.fullmatch(r"-?\d{1,19}", raw, re.ASCII):
        return int(raw)
    if "Boolean" in types and raw in ("true", "false"):
        return raw == "true"
    if "String" in types or set(types) <= {"Integer", "Boolean", "InputFile"}:
        return raw
    try:
        return json.loads(raw)
    except ValueError:
        return raw


def _guess(raw: Any) -> Any:
    if isinstance(raw, str) and (raw[:1] in ("{", "[") or raw in ("true", "false")):
        try:
            return json.loads(raw)
        except ValueError:
            return raw
    return int(raw) if isinstance(raw, str) and re.fullmatch(r"-?\d{1,19}", raw, re.ASCII) else raw


def _attached(name: str, form: dict[str, Any]) -> bool:
    """A file that another parameter names as attach://name."""
    return isinstance(form[name], Upload) and any(
        isinstance(value, str) and f"attach://{name}" in value for value in form.values()
    )


# -- limits ------------------------------------------------------------------------------------


def limit_faults(method: str, call: dict[str, Any], files: dict[str, Upload]) -> list[str]:
    """The limits that the specification states only in words."""
    faults: list[str] = []
    if "parse_mode" in call:
        faults.append(f"{method}: a parse mode is used where entities are agreed")
    if method in ("sendMessage", "editMessageText"):
        faults += text_faults(method, call.get("text", ""), call.get("entities", []), TEXT_LIMIT, required=True)
    if method in ("sendPhoto", "sendDocument", "editMessageCaption"):
        caption = call.get("caption", "")
        faults += text_faults(method, caption, call.get("caption_entities", []), CAPTION_LIMIT)
    if method == "sendPhoto":
        faults += _photo_faults(method, call.get("photo"))
    if method == "sendDocument":
        faults += _document_faults(method, call.get("document"))
    faults += _media_faults(method, call, files)
    if method == "answerCallbackQuery" and utf16(call.get("text", "")) > ANSWER_LIMIT:
        faults.append(f"{method}: text is longer than {ANSWER_LIMIT}")
    if method == "setMyCommands":
        faults += _command_faults(call.get("commands", []))
    if method == "answerInlineQuery":
        faults += _inline_faults(call)
    if isinstance(markup := call.get("reply_markup"), dict):
        faults += _keyboard_faults(method, markup)
    return faults


def text_faults(
    where: str, text: str, entities: list[dict[str, Any]], limit: int, *, required: bool = False
) -> list[str]:
    """Length, entities within the text at character boundaries, nested cleanly, and no mention alive."""
    faults: list[str] = []
    if required and not set(text) - _BLANK:
        faults.append(f"{where}: message text is empty")
    if utf16(text) > limit:
        faults.append(f"{where}: {utf16(text)} characters, more than {limit}")
    if len(entities) > ENTITY_LIMIT:
        faults.append(f"{where}: {len(entities)} entities, more than {ENTITY_LIMIT}")
    if any("\ud800" <= character <= "\udfff" or character == "\0" for character in text):
        faults.append(f"{where}: text must be encoded in UTF-8")
        return faults
    units = text.encode("utf-16-le")
    spans = []
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if start < 0 or entity["length"] < 1 or end * 2 > len(units):
            faults.append(f"{where}: entity {entity} is outside the text")
            continue
        if _splits(units, start) or _splits(units, end):
            faults.append(f"{where}: entity {entity} splits a character")
        if entity["type"] in ("mention", "text_mention") or "tg://user" in entity.get("url", ""):
            faults.append(f"{where}: a mention leaves: {entity}")
        spans.append((start, end, entity["type"]))
    for a, b, _ in spans:
        faults += [f"{where}: entities {a}-{b} and {c}-{d} overlap" for c, d, _ in spans if a < c < b < d]
    return faults + [f"{where}: a mention leaves: {found}" for found in _mentions(text, spans)]


def _splits(units: bytes, at: int) -> bool:
    return at * 2 < len(units) and 0xDC00 <= int.from_bytes(units[at * 2 : at * 2 + 2], "little") <= 0xDFFF


def _mentions(text: str, spans: list[tuple[int, int, str]]) -> list[str]:
    literal = [(start, end) for start, end, kind in spans if kind in ("code", "pre")]
    found = ((utf16(text[: match.start()]), match[0]) for match in _MENTION.finditer(text))
    return [name for at, name in found if not any(start <= at < end for start, end in literal)]


def _photo_faults(where: str, photo: Any) -> list[str]:
    if not isinstance(photo, Upload):
        return [f"{where}: the photo is no upload"]
    if len(photo) > PHOTO_BYTES:
        return [f"{where}: the photo is larger than 10 MB"]
    from io import BytesIO  # noqa: PLC0415

    try:
        with Image.open(BytesIO(photo)) as image:
            image.load()
            width, height = image.size
    except (UnidentifiedImageError, OSError, SyntaxError, DecompressionBombError) as error:
        return [f"{where}: the photo cannot be decoded: {error!r}"]
    if width + height > PHOTO_SIDES or max(width, height) > PHOTO_RATIO * min(width, height):
        return [f"{where}: a photo of {width}x{height} is refused"]
    return []


def _document_faults(where: str, document: Any) -> list[str]:
    if not isinstance(document, Upload):
        return [f"{where}: the document is no upload"]
    if not 0 < len(document) <= DOCUMENT_BYTES:
        return [f"{where}: a document of {len(document)} bytes"]
    return [] if document.name and "/" not in document.name else [f"{where}: the file name {document.name!r}"]


def _media_faults(method: str, call: dict[str, Any], files: dict[str, Upload]) -> list[str]:
    media = call.get("media", [])
    items = media if isinstance(media, list) else [media]
    faults = []
    if method == "sendMediaGroup" and not 2 <= len(items) <= 10:
        faults.append(f"{method}: an album of {len(items)}")
    for item in items:
        faults += text_faults(method, item.get("caption", ""), item.get("caption_entities", []), CAPTION_LIMIT)
        name = str(item.get("media", "")).removeprefix("attach://")
        check = {"photo": _photo_faults, "document": _document_faults}.get(item.get("type", ""))
        faults += check(method, files.get(name)) if check else []
    return faults


def _command_faults(commands: list[dict[str, str]]) -> list[str]:
    faults = [f"setMyCommands: {len(commands)} commands"] if len(commands) > COMMANDS_LIMIT else []
    for entry in commands:
        if not _COMMAND.fullmatch(entry.get("command", "")):
            faults.append(f"setMyCommands: {entry} has no proper name")
        if not 1 <= utf16(entry.get("description", "")) <= 256:
            faults.append(f"setMyCommands: {entry} has no proper description")
    return faults


def _inline_faults(call: dict[str, Any]) -> list[str]:
    results = call.get("results", [])
    faults = ["answerInlineQuery: more than 50 results"] if len(results) > 50 else []
    if len({entry.get("id") for entry in results}) != len(results):
        faults.append("answerInlineQuery: ids repeat")
    for entry in results:
        if not 1 <= len(entry.get("id", "").encode()) <= 64:
            faults.append("answerInlineQuery: an id is not 1-64 bytes")
        content = entry.get("input_message_content", {})
        faults += text_faults(
            "answerInlineQuery", content.get("message_text", ""), content.get("entities", []), TEXT_LIMIT, required=True
        )
        faults += _keyboard_faults("answerInlineQuery", entry.get("reply_markup", {}))
    return faults


def _keyboard_faults(where: str, markup: dict[str, Any]) -> list[str]:
    if "force_reply" in markup:
        placeholder = markup.get("input_field_placeholder")
        return [f"{where}: placeholder"] if placeholder is not None and not 1 <= utf16(placeholder) <= 64 else []
    rows = markup.get("inline_keyboard", [])
    keys = [key for row in rows for key in row]
    faults = [f"{where}: {len(keys)} buttons"] if len(keys) > KEYS_LIMIT else []
    faults += [f"{where}: a row of {len(row)}" for row in rows if not 1 <= len(row) <= KEYS_IN_A_ROW]
    for key in keys:
        kinds = set(key) - {"text", "style", "icon_custom_emoji_id"}
        if len(kinds) != 1:
            faults.append(f"{where}: the button {key} does not do exactly one thing")
        if not key.get("text", "").strip():
            faults.append(f"{where}: a button without a label")
        if "callback_data" in key and not 1 <= len(key["callback_data"].encode()) <= CALLBACK_LIMIT:
            faults.append(f"{where}: callback data {key['callback_data']!r} is not 1-64 bytes")
        if str(key.get("url", "https://x")).partition(":")[0] not in ("https", "http"):
            faults.append(f"{where}: the button's address {key['url']!r}")
    return faults
