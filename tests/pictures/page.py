"""From HTML to a PNG with headless Chromium.

Debian's packages: chromium fonts-roboto-unhinted fonts-noto-cjk fonts-noto-color-emoji.
"""

import re
import shutil
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SECONDS = 60
COLOURS = 256
LARGEST = 400_000
"""Bytes of a picture in the README."""

_MEASURE = """<script>addEventListener("load", () => {
  document.documentElement.dataset.tall = Math.ceil(document.body.getBoundingClientRect().height);
});</script>"""
_FRAME = 200
"""CSS pixels by which a window may be taller than what it shows."""

_TALL = re.compile(r'data-tall="(\d+)"')


def shoot(html: str, path: Path, width: int, scale: float = 1.5) -> None:
    """Draws a page into a file of at most LARGEST bytes: as wide as said in CSS pixels, as tall as it is.

    The page begins with `<!doctype html>`. Raises FileNotFoundError without a browser, subprocess.CalledProcessError
    when it fails, ValueError for a picture that is too large.
    """
    with tempfile.TemporaryDirectory(prefix="paperdesk-picture-") as folder:
        page = Path(folder) / "page.html"
        page.write_text(html.replace("</body>", f"{_MEASURE}</body>"), encoding="utf-8")
        dom = _run(folder, page, f"--window-size={width},600", "--dump-dom").decode()
        found = _TALL.search(dom)
        if found is None:
            raise ValueError("the page has no height")
        tall = int(found[1])
        shot = Path(folder) / "shot.png"
        size = (f"--window-size={width},{tall + _FRAME}", f"--force-device-scale-factor={scale}")
        _run(folder, page, *size, f"--screenshot={shot}")
        data = _small(shot.read_bytes(), round(tall * scale))
    if len(data) > LARGEST:
        raise ValueError(f"{path.name} has {len(data):,} bytes")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _run(folder: str, page: Path, *options: str) -> bytes:
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        raise FileNotFoundError(f"none of {', '.join(BROWSERS)} is installed")
    quiet = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
    profile = tempfile.mkdtemp(dir=folder)
    command = [browser, *quiet, "--hide-scrollbars", f"--user-data-dir={profile}", *options, page.as_uri()]
    return subprocess.run(command, check=True, capture_output=True, timeout=SECONDS).stdout  # noqa: S603 - the page is ours


def _small(png: bytes, tall: int) -> bytes:
    """Its upper part; with a palette where it would be too large, for a chat has few colours."""
    with Image.open(BytesIO(png)) as image:
        drawn = image.convert("RGB").crop((0, 0, image.width, tall))
    whole = _packed(drawn)
    return (
        whole
        if len(whole) <= LARGEST
        else _packed(drawn.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE))
    )


def _packed(image: Image.Image) -> bytes:
    stream = BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()
