"""Where a tour is played: the demo's people, the gateway they call, and what is told of it."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
from rich.console import Console
from rich.markup import escape

from services.cli.api import Api
from services.cli.demo.accounts import PASSWORD
from services.cli.speech import CannotGoOn, terminal_language
from shared.kernel.text import Text


class Stage:
    """Calls the gateway as people of the demo, and tells what happened in the terminal's
    language."""

    def __init__(self, client: httpx.AsyncClient, console: Console) -> None:
        self._client = client
        self._console = console
        self._people: dict[str, Api] = {}

    def act_as(self, login: str) -> Api:
        """Somebody of the demo, logged in when first needed."""
        if login not in self._people:
            self._people[login] = Api(self._client, login, PASSWORD)
        return self._people[login]

    async def act_as_system(self, name: str) -> Api:
        """A department's machine client of the demo, with a new secret from its administrator."""
        listed = await self.act_as("admin").everything("/v1/clients?limit=200")
        client = next((one for one in listed if one["name"] == name), None)
        if client is None:
            raise CannotGoOn(
                Text(
                    zh=f"没有名为“{name}”的部门系统。请用演示数据启动平台（./shequ up）。",
                    en=f"There is no machine client “{name}”. Start the platform with its demo "
                    "(./shequ up).",
                )
            )
        made = await self.post("admin", f"/v1/clients/{client['id']}/secrets")
        return Api.of_system(self._client, made["client_id"], made["client_secret"])

    async def get(self, login: str, path: str, **options: Any) -> Any:
        """The JSON that somebody reads. Raises CannotGoOn when it is refused."""
        return (await self.act_as(login).request("GET", path, **options)).json()

    async def post(self, login: str, path: str, body: Any = None, **options: Any) -> Any:
        """The JSON of what somebody does. Raises CannotGoOn when it is refused."""
        return (await self.act_as(login).request("POST", path, json=body, **options)).json()

    async def refused(
        self, login: str, path: str, body: Any = None, *, method: str = "POST"
    ) -> dict[str, Any]:
        """The problem with which the platform refuses. Raises CannotGoOn when it does not."""
        return await self.refused_to(self.act_as(login), path, body, method=method)

    async def refused_to(
        self, api: Api, path: str, body: Any = None, *, method: str = "POST"
    ) -> dict[str, Any]:
        """As `refused`, for whoever calls."""
        answer = await api.send(method, path, json=body)
        if answer.status_code < 400:
            raise CannotGoOn(
                Text(
                    zh=f"{method} {path} 本应被拒绝，却得到 {answer.status_code}。",
                    en=f"{method} {path} should have been refused and got {answer.status_code}.",
                )
            )
        problem: dict[str, Any] = answer.json()
        return problem

    async def read(self, path: str) -> str:
        """What an address gives to anybody. Raises CannotGoOn when it does not."""
        answer = await self._client.get(path)
        if answer.status_code != 200:
            raise CannotGoOn(
                Text(
                    zh=f"GET {path} 得到 {answer.status_code}。",
                    en=f"GET {path} got {answer.status_code}.",
                )
            )
        return answer.text

    def in_language(self, text: Text) -> str:
        """A text in the terminal's language."""
        return text.in_language(terminal_language())

    async def listen(self, path: str) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """What a stream of server-sent events tells, as (event, data), until it ends."""
        async with self._client.stream("GET", path, timeout=60) as answer:
            event = ""
            async for line in answer.aiter_lines():
                if line.startswith("event: "):
                    event = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    yield event, json.loads(line.removeprefix("data: "))

    def chapter(self, title: Text) -> None:
        """Begin a part of the story."""
        self._console.rule(escape(self.in_language(title)), align="left")

    def tell(self, text: Text) -> None:
        """Say what happened."""
        self._console.print(escape(self.in_language(text)))

    def tell_refusal(self, problem: dict[str, Any]) -> None:
        """Say what was refused, by which rules, and what would make it acceptable."""
        self._console.print(escape(f"  ✗ {problem['status']} {problem['detail']}"))
        for error in problem.get("errors", []):
            self._console.print(escape(f"    {error['detail']} → {error['remedy']}"))
        for rule in problem.get("rules", []):
            value = "" if isinstance(rule["value"], list | dict) else f" = {rule['value']}"
            self._console.print(escape(f"    § {rule['key']}{value} ({rule['source']})"))
