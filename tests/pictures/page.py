"""From HTML to a PNG with headless Chromium (`apt-get install chromium fonts-noto-cjk fonts-noto-color-emoji`)."""

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

_MEASURE = (
    "<script>document.documentElement.dataset.tall = Math.ceil(document.body.getBoundingClientRect().height)</script>"
)
_TALL = re.compile(r'data-tall="(\d+)"')


def shoot(html: str, path: Path, width: int, scale: float = 1.5) -> None:
    """Draws the page, as wide as said in CSS pixels and as tall as it is, into a file of at most LARGEST bytes.

    Raises FileNotFoundError without a browser, subprocess.CalledProcessError when it fails, ValueError for a picture
    that is too large.
    """
    with tempfile.TemporaryDirectory(prefix="paperdesk-picture-") as folder:
        page = Path(folder) / "page.html"
        page.write_text(html.replace("</body>", f"{_MEASURE}</body>"), encoding="utf-8")
        dom = _run(folder, page, f"--window-size={width},600", "--dump-dom").decode()
        found = _TALL.search(dom)
        tall = int(found[1]) if found else 600
        shot = Path(folder) / "shot.png"
        _run(
            folder,
            page,
            f"--window-size={width},{tall}",
            f"--force-device-scale-factor={scale}",
            f"--screenshot={shot}",
        )
        data = _small(shot.read_bytes())
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


def _small(png: bytes) -> bytes:
    """With a palette, dithered: a chat has few colours."""
    with Image.open(BytesIO(png)) as image:
        drawn = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.FLOYDSTEINBERG)
        stream = BytesIO()
        drawn.save(stream, "PNG", optimize=True)
    return stream.getvalue()
