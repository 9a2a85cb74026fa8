"""Links of stories: https only, bounded, without what tracks the reader."""

import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

LONGEST_LINK = 500
_HOST = re.compile(
    r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])", re.ASCII
)
"""Name of a host on the internet; the last part begins with a letter, so no IP address is one."""

_TRACKING = re.compile(
    r"utm_.*|mc_.*|fbclid|gclid|dclid|msclkid|igshid|twclid|yclid|ref|ref_src|source|src|cmp|cmpid|campaign|smid|ncid|via"
    r"|partner|rss|feed|guccounter|__twitter_impression",
    re.IGNORECASE,
)
_PATH_SAFE = "/%-._~!$&'*+,;=:@"
_LOCAL_ENDINGS = (
    *(".local", ".localhost", ".internal", ".lan", ".home", ".arpa", ".test", ".example", ".invalid", ".onion"),
)


def story_link(text: str) -> str:
    """Returns the link that is shown, '' if the text is no usable one.

    `http://` becomes `https://`. The result has printable ASCII characters only and no brackets, so that no platform
    reads it differently; tracking parameters, the fragment and user names are gone.
    """
    try:
        parts = urlsplit(text.strip())
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=50)
    except (ValueError, UnicodeError):
        return ""
    host = host.lower()
    if parts.scheme not in ("https", "http") or port not in (None, 443, 80) or parts.username is not None:
        return ""
    if not _HOST.fullmatch(host) or f".{host}".endswith(_LOCAL_ENDINGS):
        return ""
    query = urlencode([(key, value) for key, value in pairs if not _TRACKING.fullmatch(key)])
    link = f"https://{host}{quote(parts.path or '/', safe=_PATH_SAFE)}{'?' if query else ''}{query}"
    return link if len(link) <= LONGEST_LINK else ""


def link_key(link: str) -> str:
    """Returns the form in which links are compared: without `www.` and `m.`, a final slash and `/amp`, and with
    sorted parameters.
    """
    parts = urlsplit(link)
    host = re.sub(r"^(?:www|m|amp|mobile)\.", "", parts.netloc)
    path = re.sub(r"(?:/amp)?/*$", "", parts.path)
    query = urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{host}{path}{'?' if query else ''}{query}"


def source_name(address: str) -> str:
    """Returns the name of a feed's source: its host without `www.`, `feeds.` and the like."""
    host = (urlsplit(address).hostname or "").lower()
    return re.sub(r"^(?:www|feeds?|rss|m)\.(?=[^.]+\.)", "", host)[:100]
