"""Checks REST requests and answers against Binance's OpenAPI specification, where it is at hand."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

SPEC = Path(__file__).parents[2].parent / "shared" / "specs" / "binance_spot_api.yaml"


@lru_cache(maxsize=1)
def load_spec() -> dict[str, Any] | None:
    if not SPEC.exists():
        return None
    with SPEC.open(encoding="utf-8") as file:
        spec: dict[str, Any] = yaml.load(file, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 safe, in C if it can be
    return spec


def request_faults(path: str, params: dict[str, str]) -> list[str]:
    """What the specification objects to in `GET path?params`; nothing when it is not at hand."""
    spec = load_spec()
    if spec is None:
        return []
    operation = spec["paths"].get(path, {}).get("get")
    if operation is None:
        return [f"no such endpoint: {path}"]
    known = {p["name"]: p for p in (_resolve(spec, p) for p in operation.get("parameters", []))}
    faults = [f"{path}: unknown parameter {name}" for name in params if name not in known]
    for name, parameter in known.items():
        if name in params:
            faults += [f"{path}: {name}: {fault}" for fault in _value_faults(params[name], parameter["schema"])]
        elif parameter.get("required"):
            faults.append(f"{path}: {name} is missing")
    return faults


def answer_faults(path: str, body: Any) -> list[str]:
    """What the specification objects to in a 200 answer of `path`."""
    from openapi_schema_validator import OAS30Validator  # noqa: PLC0415 heavy, and only one test asks

    spec = load_spec()
    if spec is None:
        return []
    content = spec["paths"][path]["get"]["responses"]["200"]["content"]
    schema = _inline(spec, content["application/json"]["schema"])
    return [f"{path}: {error.message[:200]}" for error in OAS30Validator(schema).iter_errors(body)]


def _value_faults(text: str, schema: dict[str, Any]) -> list[str]:
    faults = []
    if schema["type"] == "integer":
        if not (text.isascii() and text.lstrip("-").isdigit()):
            return [f"{text!r} is no integer"]
        if int(text) > schema.get("maximum", int(text)):
            faults.append(f"{text} is above {schema['maximum']}")
    if "enum" in schema and text not in schema["enum"]:
        faults.append(f"{text!r} is none of {schema['enum']}")
    return faults


def _resolve(spec: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    found: Any = node
    while "$ref" in found:
        target = found["$ref"]
        found = spec
        for step in target.removeprefix("#/").split("/"):
            found = found[step]
    result: dict[str, Any] = found
    return result


def _inline(spec: dict[str, Any], node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _inline(spec, value) for key, value in _resolve(spec, node).items()}
    return [_inline(spec, value) for value in node] if isinstance(node, list) else node


def parse_query(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Query parameters by name; raises ValueError for one given twice."""
    params = dict(pairs)
    if len(params) != len(pairs):
        raise ValueError(json.dumps(pairs))
    return params
