"""What the README shows is what the program prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
WRITE = bool(os.environ.get("CDK_STREAM_WRITE"))
COMMAND = Path(sys.executable).parent / "cdk-stream"
BLOCKS = {
    "demo": ("text", [sys.executable, "examples/demo.py"]),
    "graph": (
        "mermaid",
        [str(COMMAND), "graph", "--format", "mermaid", "--project-dir", "examples/fraud"],
    ),
}


@pytest.mark.parametrize("name", BLOCKS)
def test_the_block_is_the_real_output(name: str) -> None:
    language, command = BLOCKS[name]
    environment = os.environ | {"NO_COLOR": "1"}
    real = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()
    block = re.compile(rf"(<!-- {name} -->\n```{language}\n)(.*?)(\n```\n)", re.DOTALL)
    text = README.read_text(encoding="utf-8")
    if WRITE:
        text = block.sub(lambda match: match[1] + real + match[3], text)
        README.write_text(text, encoding="utf-8")
    shown = block.search(text)
    assert shown and shown[2] == real


def test_the_comment_is_the_real_one() -> None:
    """Quoted, so that its headings are not the README's; GitHub draws both alike."""
    command = [sys.executable, "examples/demo.py", "--comment"]
    real = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    marker, _, comment = real.partition("\n\n")
    assert marker.startswith("<!-- cdk-stream:impact ")
    quoted = "\n".join(f"> {line}".rstrip() for line in comment.strip().split("\n"))
    block = re.compile(r"(<!-- comment -->\n)(.*?)(\n<!-- /comment -->\n)", re.DOTALL)
    text = README.read_text(encoding="utf-8")
    if WRITE:
        text = block.sub(lambda match: match[1] + quoted + match[3], text)
        README.write_text(text, encoding="utf-8")
    shown = block.search(text)
    assert shown and shown[2] == quoted


def test_links_lead_to_files() -> None:
    pages = [README, ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    dead = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
        if "://" not in link and not (page.parent / link).exists()
    ]
    assert not dead
