"""Check that all mini tickers of a frame are in Binance's plain form, without a check of each. Pure.

A few passes over the joined texts, at the speed of memory, replace a dozen checks a ticker. The result is exact in one
direction: tickers that pass here pass the single checks. Tickers that do not pass are checked one by one.
"""

from collections.abc import Sequence

_DIGITS = b"0123456789"
_SAME_DIGIT = bytes.maketrans(_DIGITS, b"0" * 10)
_EITHER_SIDE = b"0.0"
_TOO_LONG = b"0" * 19
_LONGEST_SYMBOL = 40


def are_plain(texts: Sequence[str], *, above_zero: bool = False) -> bool:
    """True when each is a decimal with a point, such as 0.0150, of 1 to 18 digits on either side of it."""
    lines = ("\n".join(texts) + "\n").encode(errors="replace")
    same = lines.translate(_SAME_DIGIT)
    return (
        lines.translate(None, _DIGITS) == b".\n" * len(texts)
        and same.count(_EITHER_SIDE) == len(texts)
        and _TOO_LONG not in same
        and not (above_zero and _has_zero(lines))
    )


def are_words(texts: Sequence[str]) -> bool:
    """True when each consists of 1 to 40 letters and digits, of any script."""
    return "".join(texts).isalnum() and all(texts) and max(map(len, texts)) <= _LONGEST_SYMBOL


def _has_zero(lines: bytes) -> bool:
    digits = lines.translate(None, b"0.")
    return digits.startswith(b"\n") or b"\n\n" in digits
