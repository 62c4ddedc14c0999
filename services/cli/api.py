"""The platform's API as the command line uses it: log in, import files, follow jobs."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from services.cli.speech import CannotGoOn, terminal_language
from shared.kernel.text import Text

POLL_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 60.0
SERVICES = ("workstation", "committee")
Progress = Callable[[int, int | None], None]
"""(rows done, rows in all when known)"""


class Api:
    """Someone logged in at a gateway."""

    def __init__(self, client: httpx.AsyncClient, login: str, password: str) -> None:
        self._client = client
        self._form = {"grant_type": "password", "username": login, "password": password}
        self._token = ""
        self._logging_in = asyncio.Lock()

    @classmethod
    def of_system(cls, client: httpx.AsyncClient, id: str, secret: str) -> "Api":
        """A department's system with its client credentials."""
        made = cls(client, id, secret)
        made._form = {
            "grant_type": "client_credentials",
            "client_id": id,
            "client_secret": secret,
        }
        return made

    async def log_in(self) -> None:
        """Get a token. Raises CannotGoOn when the login or password is wrong."""
        answer = await self._patiently("POST", "/v1/auth/token", data=self._form)
        if answer.status_code != 200:
            raise CannotGoOn(_problem(answer))
        self._token = answer.json()["access_token"]

    async def _patiently(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Send; wait as long as a 429 or 503 asks for, so that nothing is lost to a limit; one
        that asks for hours is the answer."""
        for _ in range(20):
            try:
                answer = await self._client.request(method, path, **options)
            except httpx.TransportError as error:
                raise CannotGoOn(
                    Text(
                        zh=f"无法连接网关 {self._client.base_url}。"
                        "请确认平台已启动（./shequ up）。",
                        en=f"The gateway {self._client.base_url} cannot be reached "
                        f"({type(error).__name__}). Is the platform running (./shequ up)?",
                    )
                ) from None
            wait = float(answer.headers.get("retry-after", "1"))
            if answer.status_code not in {429, 503} or wait > LONGEST_WAIT_SECONDS:
                return answer
            await asyncio.sleep(wait)
        return answer

    async def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request with the token. Raises CannotGoOn with the problem that the platform tells."""
        answer = await self.send(method, path, **options)
        if answer.status_code >= 400:
            raise CannotGoOn(_problem(answer))
        return answer

    async def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request with the token, whatever the answer; a token that has expired is renewed
        once. Raises CannotGoOn when the gateway cannot be reached."""
        async with self._logging_in:
            if not self._token:
                await self.log_in()
        own = options.pop("headers", {})
        for attempt in range(2):
            headers = {
                "Accept-Language": terminal_language(),
                **own,
                "Authorization": f"Bearer {self._token}",
            }
            answer = await self._patiently(method, path, headers=headers, **options)
            if answer.status_code == 401 and attempt == 0:
                await self.log_in()
                continue
            break
        return answer

    async def everything(self, path: str) -> list[dict[str, Any]]:
        """All items of a list, page by page."""
        items: list[dict[str, Any]] = []
        following: str | None = path
        while following:
            page = (await self.request("GET", following)).json()
            items += page["items"]
            following = page["next"]
        return items

    async def service_of(self, kind: str) -> str:
        """Which service takes in a kind of file. Raises CannotGoOn when none does."""
        known: list[str] = []
        for service in SERVICES:
            templates = (await self.request("GET", f"/v1/{service}/imports/templates")).json()
            kinds = [template["kind"] for template in templates]
            if kind in kinds:
                return service
            known += kinds
        raise CannotGoOn(
            Text(
                zh=f"没有名为“{kind}”的导入类型。可选：{'、'.join(known)}。",
                en=f"There is no kind of import “{kind}”. Choose one of: {', '.join(known)}.",
            )
        )

    async def import_file(
        self,
        service: str,
        kind: str,
        path: Path,
        *,
        mode: str = "all_or_nothing",
        dry_run: bool = False,
        progress: Progress = lambda _done, _total: None,
    ) -> dict[str, Any]:
        """Bring in a file and follow it to its end; the import as it then stands."""
        content = await asyncio.to_thread(path.read_bytes)
        started = await self.request(
            "POST",
            f"/v1/{service}/imports",
            data={"kind": kind, "mode": mode, "dry_run": str(dry_run).lower()},
            files={"file": (path.name, content)},
            timeout=120,
        )
        where = f"/v1/{service}/imports/{started.json()['id']}"
        while True:
            found: dict[str, Any] = (await self.request("GET", where)).json()
            progress(found["done"], found["total"])
            if found["state"] not in {"queued", "running"}:
                return found
            await asyncio.sleep(POLL_SECONDS)

    async def findings(self, service: str, id: str) -> list[dict[str, Any]]:
        """What was wrong with an import's rows."""
        return await self.everything(f"/v1/{service}/imports/{id}/report?limit=200")


def client_of(gateway_url: str) -> httpx.AsyncClient:
    """An HTTP client on a gateway."""
    return httpx.AsyncClient(base_url=gateway_url, timeout=30)


def _problem(answer: httpx.Response) -> Text:
    try:
        body = answer.json()
    except ValueError:
        body = {}
    said = body.get("detail") or body.get("error_description") or answer.text[:300]
    errors = [f"  {e['pointer']}: {e['detail']} {e['remedy']}" for e in body.get("errors", [])]
    whole = "\n".join([f"{said} ({answer.status_code})", *errors])
    return Text(zh=whole, en=whole)
