"""Reading of an HTTP answer's body within a limit that holds after unpacking."""

import zlib

import httpx

_GZIP = zlib.MAX_WBITS | 16


async def read_body(response: httpx.Response, limit: int) -> bytes:
    """Returns the body, unpacked if it is packed by gzip. Raises httpx.DecodingError if it is longer than `limit`, or
    cannot be unpacked.

    httpx unpacks each chunk whole before it returns any of it, once for every coding in the header: 1 KB that is packed
    twice becomes a gigabyte.
    """
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip"):
        raise httpx.DecodingError("the body is packed in another way than by gzip")
    unpacking = zlib.decompressobj(_GZIP) if coding == "gzip" else None
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk if unpacking is None else _unpacked(unpacking, chunk, limit + 1 - len(body))
        if len(body) > limit:
            raise httpx.DecodingError("the body is too long")
    return bytes(body)


def _unpacked(unpacking: "zlib._Decompress", chunk: bytes, most: int) -> bytes:
    if unpacking.eof:  # zlib would keep all that follows
        raise httpx.DecodingError("the body continues after its end")
    try:
        return unpacking.decompress(chunk, most)
    except zlib.error as error:
        raise httpx.DecodingError("the body cannot be unpacked") from error
