"""Which addresses may be called: public ones over HTTPS, and what the operator allows by name.

A name is looked up once and the call goes to the address that was judged, so that a second answer
of the name server changes nothing.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from shared.kernel.errors import Invalid
from shared.kernel.issue import Issue
from shared.kernel.text import Text

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_CARRIES_IPV4 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a webhook's URL leads: the name it has and the address that was judged."""

    url: str
    host: str
    address: Address


class NotAllowed(Exception):
    """The URL may not be called: a stable code, and what is wrong in both languages."""

    def __init__(self, code: str, detail: Text) -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


class Allowed:
    """What an operator allows besides public addresses: names (`hook.local`) and networks
    (`10.1.0.0/16`), for installations in a private network. They may also use plain HTTP."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        self._names: set[str] = set()
        self._networks: list[Network] = []
        for entry in entries:
            try:
                self._networks.append(ipaddress.ip_network(entry))
            except ValueError:
                self._names.add(entry.lower())

    def name(self, host: str) -> bool:
        """Whether a name is allowed whatever its address."""
        return host in self._names

    def address(self, address: Address) -> bool:
        """Whether an address is allowed although it is not public."""
        return any(address in network for network in self._networks)


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet; what carries a private IPv4 address within
    it is not."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _CARRIES_IPV4):
            return False
    return address.is_global and not address.is_multicast


async def endpoint_of(url: str, allowed: Allowed) -> Endpoint:
    """Judge a URL and look its name up. Raises NotAllowed."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise _malformed() from None
    if not host or parts.username or parts.password or parts.fragment:
        raise _malformed()
    if parts.scheme not in {"https", "http"}:
        raise _malformed()
    found = await _look_up(host, port or (443 if parts.scheme == "https" else 80))
    by_name = allowed.name(host)
    for address in found:
        let_in = by_name or allowed.address(address)
        if not let_in and not is_public(address):
            raise NotAllowed(
                "address_not_public",
                Text(
                    zh=f"{host} 指向非公网地址 {address}，不能作为推送目标。",
                    en=f"{host} leads to {address}, which is no public address.",
                ),
            )
        if not let_in and parts.scheme != "https":
            raise NotAllowed(
                "https_missing",
                Text(zh="推送地址必须使用 HTTPS。", en="The address must use HTTPS."),
            )
    return Endpoint(url, host, found[0])


async def _look_up(host: str, port: int) -> list[Address]:
    try:
        return [ipaddress.ip_address(host)]
    except ValueError:
        pass
    try:
        rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotAllowed(
            "host_unknown",
            Text(zh=f"找不到主机 {host}。", en=f"The host {host} was not found."),
        ) from None
    return [ipaddress.ip_address(row[4][0]) for row in rows]


def _malformed() -> NotAllowed:
    return NotAllowed(
        "url_malformed",
        Text(
            zh="推送地址应为 https://主机[:端口]/路径，不含用户名、密码和 #。",
            en="The address must be https://host[:port]/path without user, password or fragment.",
        ),
    )


def refused(error: NotAllowed) -> Invalid:
    """The problem that tells a subscriber what is wrong with an address."""
    remedy = Text(
        zh="请填写公网可访问的 HTTPS 地址；内网部署须由运维人员把该地址加入 SHEQU_WEBHOOK_ALLOW。",
        en="Give an HTTPS address that the public internet reaches; in a private network the "
        "operator must add it to SHEQU_WEBHOOK_ALLOW.",
    )
    issue = Issue(code=error.code, pointer="/url", detail=error.detail, remedy=remedy)
    return Invalid(issues=(issue,))
