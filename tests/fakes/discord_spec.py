"""Checks requests against Discord's OpenAPI specification, where it is at hand, and against limits it does not tell."""

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

SPEC = Path(__file__).parents[2].parent / "shared" / "specs" / "discord_openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")
PICTURE_BYTES = 10 << 20
COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")
FILE_NAME = re.compile(r"[A-Za-z0-9_.-]{1,128}")


@lru_cache(maxsize=1)
def load_spec() -> dict[str, Any] | None:
    return json.loads(SPEC.read_text("utf-8")) if SPEC.exists() else None


@lru_cache(maxsize=1)
def _templates() -> list[tuple[re.Pattern[str], str]]:
    """Paths of the specification, those with the most literal words first: `@original` before `{message_id}`."""
    paths = sorted((load_spec() or {"paths": {}})["paths"], key=lambda path: path.count("{"))
    return [(re.compile("".join(_segment(part) for part in path.strip("/").split("/"))), path) for path in paths]


def _segment(part: str) -> str:
    return "/[^/]+" if part.startswith("{") else "/" + re.escape(part)


@lru_cache(maxsize=256)
def _validator(pointer: str) -> Any:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 heavy
    from referencing import Registry, Resource  # noqa: PLC0415
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415

    spec = load_spec()
    resource: Resource[Any] = Resource.from_contents(spec, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:discord", resource)
    return Draft202012Validator({"$ref": f"urn:discord#{pointer}"}, registry=registry)


def request_faults(method: str, path: str, query: dict[str, str], body: Any) -> list[str]:
    """What the specification objects to; nothing when it is not at hand. `path` begins after /api/v10."""
    spec = load_spec()
    if spec is None:
        return []
    template = next((template for pattern, template in _templates() if pattern.fullmatch(path)), None)
    if template is None or method.lower() not in spec["paths"][template]:
        return [f"no such endpoint: {method} {path}"]
    operation = spec["paths"][template][method.lower()]
    where = f"{method} {template}"
    known = {entry["name"] for entry in operation.get("parameters", []) if entry.get("in") == "query"}
    faults = [f"{where}: unknown parameter {name}" for name in query if name not in known]
    if "requestBody" not in operation:
        return faults + ([f"{where}: takes no body"] if body is not None else [])
    if isinstance(body, dict) and body.get("attachments"):
        # A file of this request is named by its number; the documentation shows it as one, the schema only as text.
        body = {**body, "attachments": [{**entry, "id": str(entry["id"])} for entry in body["attachments"]]}
    if isinstance(body, dict) and isinstance(body.get("recipient_id"), int):
        body = {**body, "recipient_id": str(body["recipient_id"])}  # Discord takes ids as numbers as well
    step = template.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")
    pointer = f"/paths/{step}/{method.lower()}/requestBody/content/application~1json/schema"
    return faults + [f"{where}: {fault}" for fault in _schema_faults(pointer, json.dumps(body))]


@lru_cache(maxsize=64)
def _schema_faults(pointer: str, body: str) -> tuple[str, ...]:
    """What the schema at `pointer` objects to; the 100 slash commands, the same at each start, are checked once."""
    return tuple(_told(error) for error in _validator(pointer).iter_errors(json.loads(body)))


def _told(error: Any) -> str:
    while error.context:
        error = max(error.context, key=lambda inner: len(inner.absolute_path))
    return f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"


def message_faults(payload: dict[str, Any], files: dict[str, bytes], *, edit: bool) -> list[str]:
    """Limits of a message that is created or edited; `files` are the uploaded ones by name."""
    faults: list[str] = []
    mentions = payload.get("allowed_mentions")
    if mentions is None or mentions.get("parse") != [] or mentions.get("users") or mentions.get("roles"):
        faults.append(f"mentions are not forbidden: {mentions}")
    content, embeds = payload.get("content") or "", payload.get("embeds") or []
    components = payload.get("components") or []
    if not (content.strip() or embeds or files or components) and not edit:
        faults.append("an empty message")
    faults += _too_long("content", content, 2000)
    if len(embeds) > 10:
        faults.append(f"{len(embeds)} embeds")
    if (total := sum(_characters(embed) for embed in embeds)) > 6000:
        faults.append(f"{total} characters in embeds")
    for embed in embeds:
        faults += _embed_faults(embed, files)
    faults += _component_faults(components)
    for name, data in files.items():
        if not FILE_NAME.fullmatch(name):
            faults.append(f"file name {name!r}")
        if len(data) > PICTURE_BYTES:
            faults.append(f"{name} has {len(data)} bytes")
    described = payload.get("attachments") or []
    faults += [fault for entry in described for fault in _too_long("alt", entry.get("description") or "", 1024)]
    return faults


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _too_long(what: str, text: str, limit: int) -> list[str]:
    return [f"{what} has {_units(text)} characters"] if _units(text) > limit else []


def _characters(embed: dict[str, Any]) -> int:
    texts = [embed.get("title"), embed.get("description"), (embed.get("footer") or {}).get("text")]
    texts += [text for field in embed.get("fields", []) for text in (field["name"], field["value"])]
    return sum(_units(text or "") for text in texts)


def _embed_faults(embed: dict[str, Any], files: dict[str, bytes]) -> list[str]:
    fields, image = embed.get("fields", []), (embed.get("image") or {}).get("url", "")
    faults = _too_long("title", embed.get("title") or "", 256)
    faults += _too_long("description", embed.get("description") or "", 4096)
    faults += _too_long("footer", (embed.get("footer") or {}).get("text") or "", 2048)
    if len(fields) > 25:
        faults.append(f"{len(fields)} fields")
    for field in fields:
        faults += _too_long("field name", field["name"], 256) + _too_long("field value", field["value"], 1024)
        if not field["name"].strip() or not field["value"].strip():
            faults.append(f"an empty field: {field}")
    if image.startswith("attachment://") and image.removeprefix("attachment://") not in files:
        faults.append(f"{image} is not attached")
    if not (embed.get("title") or embed.get("description") or fields or image or embed.get("footer")):
        faults.append("an empty embed")
    return faults


def _component_faults(rows: list[dict[str, Any]]) -> list[str]:
    faults = [f"{len(rows)} rows"] if len(rows) > 5 else []
    buttons = [button for row in rows for button in row["components"]]
    faults += [f"{len(row['components'])} buttons in a row" for row in rows if not 1 <= len(row["components"]) <= 5]
    ids = [button["custom_id"] for button in buttons]
    if len(set(ids)) != len(ids):
        faults.append(f"a custom_id stands twice: {ids}")
    menus = [part for part in buttons if part["type"] == 3]
    faults += [f"a menu beside others: {row}" for row in rows if len(row["components"]) > 1 and _has_menu(row)]
    for menu in menus:
        faults += _menu_faults(menu)
    for button in (part for part in buttons if part["type"] == 2):
        faults += _too_long("custom_id", button["custom_id"], 100) + _too_long("label", button.get("label") or "", 80)
        if not (button.get("label") or "").strip():
            faults.append(f"a button without a label: {button}")
    return faults


def _has_menu(row: dict[str, Any]) -> bool:
    return any(part["type"] == 3 for part in row["components"])


def _menu_faults(menu: dict[str, Any]) -> list[str]:
    options = menu["options"]
    faults = [f"{len(options)} options"] if not 1 <= len(options) <= 25 else []
    values = [option["value"] for option in options]
    faults += [f"options stand twice: {values}"] if len(set(values)) != len(values) else []
    faults += _too_long("custom_id", menu["custom_id"], 100) + _too_long("hint", menu.get("placeholder") or "", 150)
    for option in options:
        faults += _too_long("value", option["value"], 100) + _too_long("label", option["label"], 100)
        faults += [] if option["label"].strip() else [f"an option without a label: {option}"]
    return faults


def form_faults(form: dict[str, Any]) -> list[str]:
    """Limits of a modal."""
    faults = _too_long("title", form["title"], 45) + _too_long("custom_id", form["custom_id"], 100)
    if not form["title"].strip() or not 1 <= len(form["components"]) <= 5:
        faults.append(f"a form without a title or fields: {form}")
    for row in form["components"]:
        faults += _too_long("label", row["label"], 45) + _too_long("help", row.get("description") or "", 100)
        faults += [] if row["label"].strip() else ["a field without a label"]
        field = row["component"]
        if not 1 <= field.get("max_length", 4000) <= 4000 or not field["custom_id"]:
            faults.append(f"a field that cannot be: {field}")
    return faults


def command_faults(commands: list[dict[str, Any]]) -> list[str]:
    """Limits of the slash commands that the specification does not tell."""
    faults = [f"{len(commands)} commands"] if len(commands) > 100 else []
    for locale in ("", "ko", "en-US"):
        names = [(command.get("name_localizations") or {}).get(locale, command["name"]) for command in commands]
        faults += [f"{locale}: names stand twice: {names}"] if len(set(names)) != len(names) else []
        for command in commands:
            options = [
                (option.get("name_localizations") or {}).get(locale, option["name"]) for option in command["options"]
            ]
            faults += [f"{command['name']}: {options}"] if len(set(options)) != len(options) else []
            faults += [f"name {n!r}" for n in options if not COMMAND_NAME.fullmatch(n) or n != n.lower()]
        faults += [f"name {n!r}" for n in names if not COMMAND_NAME.fullmatch(n) or n != n.lower()]
    for command in commands:
        required = [option.get("required", False) for option in command["options"]]
        faults += (
            [f"{command['name']}: a required option after another"]
            if required != sorted(required, reverse=True)
            else []
        )
        if command.get("description") == "…" or not command.get("description"):
            faults.append(f"{command['name']}: no description")
    return faults
