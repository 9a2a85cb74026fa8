"""Client that fetches feeds from servers that may be hostile.

The whole answer, with all redirects, takes at most 10 seconds and 2 MB after unpacking. Every hop is checked: its
scheme, and that its host has public addresses only, to one of which the connection goes.
"""

import asyncio
import re
import ssl
from contextlib import suppress

import httpx

from core.network.bounded_body import read_body
from core.network.platform_address import is_loopback
from pipeline.news.errors import FeedFault, FeedRefused
from pipeline.news.public_addresses import Resolve, is_public, public_addresses, resolve
from pipeline.news.records import FetchedFeed

LIMIT_BYTES = 2 << 20
LIMIT_SECONDS = 10.0
MAX_REDIRECTS = 3

_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_NOT_MODIFIED = 304
_PORTS = {"https": 443, "http": 80}
_TYPES = frozenset(("", "application/xml", "text/xml", "text/plain", "application/octet-stream"))
_LONGEST_TAG = 200
_TAG = re.compile(r"[\x21-\x7e ]+", re.ASCII)
_LONGEST_RETRY_SECONDS = 86_400.0
_RETRY_DIGITS = 9
_AGENT = "Paperdesk (news reader)"
_ACCEPT = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"


class FeedClient:
    """Client of all feeds. It keeps no cookies and no connections, and uses no proxy, which would resolve names anew.

    `allow_http` admits unencrypted addresses, `allow_loopback` those of this machine; `tls` replaces the usual check of
    certificates.
    """

    def __init__(
        self,
        *,
        allow_http: bool = False,
        allow_loopback: bool = False,
        resolver: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
        limit_seconds: float = LIMIT_SECONDS,
    ) -> None:
        self._allow_http = allow_http
        self._allow_loopback = allow_loopback
        self._resolve = resolver
        self._tls = tls
        self._seconds = limit_seconds

    async def fetch(self, address: str, etag: str = "", modified: str = "") -> FetchedFeed | None:
        """Returns the feed; None if it has not changed since it was sent with these tags. Raises FeedRefused."""
        if self._tls is None:
            self._tls = await asyncio.to_thread(httpx.create_ssl_context)
        headers = {"User-Agent": _AGENT, "Accept": _ACCEPT, "Accept-Encoding": "gzip"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": modified} if modified else {}
        try:
            async with asyncio.timeout(self._seconds):
                return await self._follow(httpx.URL(address), headers)
        except TimeoutError:
            raise FeedRefused(FeedFault.SLOW) from None
        except httpx.DecodingError:
            raise FeedRefused(FeedFault.BODY) from None
        except httpx.TimeoutException:
            raise FeedRefused(FeedFault.SLOW) from None
        except (httpx.HTTPError, OSError):
            raise FeedRefused(FeedFault.UNREACHABLE) from None
        except (httpx.InvalidURL, UnicodeError):
            raise FeedRefused(FeedFault.SCHEME) from None

    async def _follow(self, url: httpx.URL, headers: dict[str, str]) -> FetchedFeed | None:
        for _ in range(MAX_REDIRECTS + 1):
            found = await self._hop(url, headers)
            if not isinstance(found, httpx.URL):
                return found
            url = found
        raise FeedRefused(FeedFault.REDIRECTS)

    async def _hop(self, url: httpx.URL, headers: dict[str, str]) -> FetchedFeed | httpx.URL | None:
        """Requests one address, from the first of its IP addresses that accepts a connection."""
        self._check(url)
        port = url.port or _PORTS[url.scheme]
        addresses = await public_addresses(
            url.raw_host.decode("ascii"), port, self._resolve, allow_loopback=self._allow_loopback
        )
        if url.scheme == "http" and not self._allow_http and any(map(is_public, addresses)):
            raise FeedRefused(FeedFault.SCHEME)
        for address in addresses:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._request(url, address, headers)
        raise FeedRefused(FeedFault.UNREACHABLE)

    def _check(self, url: httpx.URL) -> None:
        plain = self._allow_http or self._allow_loopback
        if url.scheme not in (("https", "http") if plain else ("https",)) or not url.host or url.userinfo:
            raise FeedRefused(FeedFault.SCHEME)
        if not self._allow_loopback and is_loopback(url.host):
            raise FeedRefused(FeedFault.LOCAL)

    async def _request(self, url: httpx.URL, address: str, headers: dict[str, str]) -> FetchedFeed | httpx.URL | None:
        """Requests `url` from the IP address, with the name of the host in the request and in its certificate."""
        client = httpx.AsyncClient(
            verify=self._tls or True,
            trust_env=False,
            timeout=httpx.Timeout(self._seconds, connect=self._seconds / 2),
            limits=httpx.Limits(max_keepalive_connections=0),
        )
        async with client:
            request = client.build_request(
                "GET",
                url.copy_with(host=f"[{address}]" if ":" in address else address, fragment=None),
                headers={**headers, "Host": url.netloc.decode("ascii")},
                extensions={"sni_hostname": url.raw_host.decode("ascii")},
            )
            response = await client.send(request, stream=True)
            try:
                return await _answer(response, url)
            finally:
                await response.aclose()


async def _answer(response: httpx.Response, url: httpx.URL) -> FetchedFeed | httpx.URL | None:
    if response.status_code == _NOT_MODIFIED:
        return None
    if response.status_code in _REDIRECTS:
        location = response.headers.get("Location", "")
        if not location:
            raise FeedRefused(FeedFault.REDIRECTS)
        return url.join(location)
    if response.status_code != httpx.codes.OK:
        raise FeedRefused(FeedFault.STATUS, retry_after(response.headers.get("Retry-After", "")))
    content_type = response.headers.get("Content-Type", "")
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in _TYPES and not kind.endswith("+xml"):
        raise FeedRefused(FeedFault.TYPE)
    body = await read_body(response, LIMIT_BYTES)
    return FetchedFeed(
        body, content_type, str(url), _tag(response.headers.get("ETag")), _tag(response.headers.get("Last-Modified"))
    )


def _tag(text: str | None) -> str:
    """Returns a value that may be sent back as a header, '' for any other."""
    return text if text and len(text) <= _LONGEST_TAG and _TAG.fullmatch(text) else ""


def retry_after(text: str) -> float:
    """Returns the pause of a Retry-After header in seconds, at most a day; 0 if it gives none in seconds."""
    if not (text.isascii() and text.isdigit()):
        return 0.0
    return min(float(text[:_RETRY_DIGITS]), _LONGEST_RETRY_SECONDS)
