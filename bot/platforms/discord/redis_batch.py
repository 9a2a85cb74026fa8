"""Batching of Redis commands: commands issued during a write are sent together with the next write."""

import asyncio
from collections import deque
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

BATCH_SIZE = 200
"""Maximum number of commands in one write."""


class CommandBatcher:
    """Batcher of commands on one connection, in their order. A single command is sent without delay."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis
        self._waiting: deque[tuple[tuple[Any, ...], asyncio.Future[Any]]] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def command(self, *words: Any) -> Any:
        """Sends a command and returns its answer. Raises RedisError."""
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((words, answer))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await answer

    async def _write(self) -> None:
        while self._waiting:
            some = [self._waiting.popleft() for _ in range(min(BATCH_SIZE, len(self._waiting)))]
            try:
                answers = await self._ask([words for words, _ in some])
            except BaseException as error:
                # A cancellation must be reported too: callers would wait for ever.
                for _, answer in some:
                    if not answer.done():
                        answer.set_exception(RedisError(type(error).__name__))
                if not isinstance(error, RedisError | OSError):
                    raise
                continue
            for (_, answer), found in zip(some, answers, strict=True):
                if answer.done():
                    continue
                if isinstance(found, Exception):
                    answer.set_exception(found)
                else:
                    answer.set_result(found)

    async def _ask(self, commands: list[tuple[Any, ...]]) -> list[Any]:
        if len(commands) == 1:
            return [await self._redis.execute_command(*commands[0])]  # type: ignore[no-untyped-call]
        pipeline = self._redis.pipeline(transaction=False)
        for words in commands:
            pipeline.execute_command(*words)
        return await pipeline.execute(raise_on_error=False)
