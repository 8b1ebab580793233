"""Shows a comment as a reader of GitHub sees it, in a real browser.

    python -m tests.review.look COMMENT.md FOLDER

writes a picture for light and dark, wide and narrow, and says what a reader would trip over.
"""

from __future__ import annotations

import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cmarkgfm
from cmarkgfm.cmark import Options

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MERMAID = "node_modules/mermaid/dist/mermaid.min.js"
WIDE, NARROW = 1012, 380
LEFT_OUT = "the comment is not looked at: there is no Chromium with Mermaid; .ci/run installs them"

_MERMAID = re.compile(r'<pre lang="mermaid"><code>(.*?)</code></pre>', re.DOTALL)
_DIFF = re.compile(r'<pre lang="diff"><code>(.*?)</code></pre>', re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_KIND = {"-": "gone", "+": "come", "!": "warn"}


@dataclass(frozen=True, slots=True)
class Browser:
    """Chromium, and the script that GitHub draws Mermaid with."""

    chromium: str
    mermaid: Path


def browser() -> Browser | None:
    """What pictures are made with; None when something is missing."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    folder = Path(os.environ.get("CDK_STREAM_NODE", ROOT / ".venv" / "node"))
    script = folder / MERMAID
    return Browser(chromium, script) if chromium and script.exists() else None


def page(markdown: str, mermaid: Path, *, dark: bool, width: int, unfolded: bool) -> str:
    """The whole page; what GitHub's sanitizer takes out is out."""
    body = cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE)
    body = _COMMENT.sub("", body)
    body = _MERMAID.sub(r'<div class="mermaid">\1</div>', body)
    body = _DIFF.sub(_coloured, body)
    if unfolded:
        body = body.replace("<details>", "<details open>")
    return (
        f'<!doctype html><html class="{"dark" if dark else "light"}"><meta charset="utf-8">'
        f"<style>{(HERE / 'page.css').read_text()} #comment {{ width: {width}px }}</style>"
        f'<body><div id="comment">{body}</div>'
        f'<script src="{mermaid.as_uri()}"></script>'
        f"<script>{(HERE / 'measure.js').read_text()}</script></body></html>"
    )


def _coloured(found: re.Match[str]) -> str:
    lines = [
        f'<span class="{_KIND[line[0]]}">{line}</span>' if line[:1] in _KIND else line
        for line in found[1].split("\n")
    ]
    text = "\n".join(lines)
    return f"<pre><code>{text}</code></pre>"


def measured(
    browser: Browser,
    markdown: str,
    *,
    dark: bool = False,
    width: int = WIDE,
    unfolded: bool = True,
    picture: Path | None = None,
) -> dict[str, Any]:
    """What measure.js finds on the page; with `picture`, a PNG of it is written there."""
    with tempfile.TemporaryDirectory(prefix="cdk-stream-look-") as folder:
        file = Path(folder) / "page.html"
        file.write_text(
            page(markdown, browser.mermaid, dark=dark, width=width, unfolded=unfolded), "utf-8"
        )
        dom = _chromium(browser, folder, file, "--dump-dom")
        found = re.search(r'<script type="application/json" id="measured">(.*?)</script>', dom)
        if not found:
            raise RuntimeError(f"the page did not finish: {dom[:500]}")
        told: dict[str, Any] = json.loads(html.unescape(found[1]))
        if picture:
            size = f"--window-size={max(width, 500)},{told['height']}"
            _chromium(browser, folder, file, f"--screenshot={picture}", size)
        return told


def _chromium(browser: Browser, folder: str, file: Path, *options: str) -> str:
    command = [
        browser.chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
        "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--hide-scrollbars", "--allow-file-access-from-files",
        "--virtual-time-budget=20000", f"--user-data-dir={folder}/profile", *options, file.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout


def main() -> int:
    comment, folder = Path(sys.argv[1]).read_text("utf-8"), Path(sys.argv[2])
    found = browser()
    if found is None:
        print(LEFT_OUT, file=sys.stderr)
        return 1
    folder.mkdir(parents=True, exist_ok=True)
    for dark in (False, True):
        for width in (WIDE, NARROW):
            for unfolded in (False, True):
                name = f"{'dark' if dark else 'light'}-{width}-{'open' if unfolded else 'folded'}"
                told = measured(
                    found, comment, dark=dark, width=width, unfolded=unfolded,
                    picture=folder / f"{name}.png",
                )  # fmt: skip
                print(
                    name, {key: told[key] for key in ("overflow", "mermaid", "contrast", "drawn")}
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
