"""Requests and answers of the fake Telegram, as the Bot API has them."""

from typing import Any

from aiohttp import web

from tests.fakes.telegram_chats import Json
from tests.fakes.telegram_spec import Upload


def ok(result: Any) -> web.Response:
    """Answer with a result."""
    return web.json_response({"ok": True, "result": result})


def error(status: int, why: str, parameters: Json | None = None) -> web.Response:
    """Answer that refuses a call."""
    body: Json = {"ok": False, "error_code": status, "description": why}
    return web.json_response(body | ({"parameters": parameters} if parameters else {}), status=status)


async def read_form(request: web.Request) -> tuple[Json, dict[str, Upload]]:
    """Parameters and files of a request, sent as JSON or as a form."""
    if request.content_type == "application/json":
        return dict(await request.json()), {}
    posted = await request.post()
    form: Json = dict(request.query)
    files: dict[str, Upload] = {}
    for name, value in posted.items():
        if isinstance(value, web.FileField):
            with value.file:
                files[name] = Upload(value.file.read())
            files[name].name = value.filename
            form[name] = files[name]
        elif isinstance(value, str):
            form[name] = value
    for name, value in form.items():  # a file may also be named by its parameter
        if isinstance(value, str) and value.startswith("attach://") and value.removeprefix("attach://") in files:
            form[name] = files[value.removeprefix("attach://")]
    return form, files
