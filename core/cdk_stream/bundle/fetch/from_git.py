"""A bundle of a Git repository: mirrored in the cache, and cut out of it object by object."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from pathlib import Path

from cdk_stream.bundle.fetch.failed import FetchFailed
from cdk_stream.bundle.fetch.mirror import Objects
from cdk_stream.bundle.git_objects import commit_files
from cdk_stream.bundle.objects import framed
from cdk_stream.bundle.store import bundle_folder
from cdk_stream.git.command import FOREIGN, GitFailed, run_git
from cdk_stream.resources.pin import BundlePin

_OWN = {"GIT_ALLOW_PROTOCOL": "https:http:ssh:file", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
_TIMEOUT_S = 300
_ADDRESS = re.compile(r"(https|ssh|file)://[^\s]+|[\w.-]+@[\w.-]+:[^\s:]+|/[^\s]+")
_HERE = re.compile(r"http://(localhost|127\.0\.0\.1|\[::1\])[:/][^\s]*")
_SECRET = re.compile(r"https?://[^/]*@")
_REFS = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
_NAMES = re.compile(r"[\w./+-]+")


def git_content(pin: BundlePin, root: Path) -> bytes:
    """The objects of the pin's commit, for the cache; raises `FetchFailed` and `Faulty`."""
    mirror = _mirror(pin, root)
    _update(mirror, pin, root)
    _refuse_stray(mirror, pin)
    with Objects(mirror) as objects:
        commit_files(objects.read, pin.pin, pin.path)
        return framed(objects.seen.values())


def git_tip(pin: BundlePin, root: Path) -> str:
    """The full id of the commit that the pin's branch or tag stands for now."""
    mirror = _mirror(pin, root)
    head = _update(mirror, pin, root)
    name = pin.ref or ("" if pin.pinned else pin.commit)
    if name and (not _NAMES.fullmatch(name) or name.startswith("-")):
        raise FetchFailed(f"'{name}' is no name of a branch or tag")
    candidates = (f"refs/tags/{name}", f"refs/heads/{name}", name) if name else (head,)
    for candidate in candidates:
        try:
            found = run_git(
                str(mirror), *_bare(mirror),
                "rev-parse", "--verify", "--quiet", f"{candidate}^{{commit}}",
            )  # fmt: skip
        except GitFailed:
            continue
        return found.decode().strip()
    raise FetchFailed(f"{pin.source} has no branch, tag or commit '{name or 'HEAD'}'")


def _mirror(pin: BundlePin, root: Path) -> Path:
    address = pin.source
    if _SECRET.match(address) and not address.startswith("http://"):
        mend = "leave it out; git asks its own credential helpers"
        raise FetchFailed("the address of a bundle carries a name or secret", mend)
    if not (_ADDRESS.fullmatch(address) or _HERE.fullmatch(address) or _relative(address, root)):
        mend = "write https://HOST/REPOSITORY.git, ssh://... or a folder"
        raise FetchFailed(f"'{address}' is no address of a Git repository", mend)
    form = "sha256" if len(pin.pin) == 64 else "sha1"
    name = hashlib.sha256(f"{form} {address}".encode()).hexdigest()[:24]
    mirror = bundle_folder() / "mirrors" / name
    if not (mirror / "HEAD").is_file():
        mirror.mkdir(mode=0o700, parents=True, exist_ok=True)
        run_git(str(mirror), "init", "--quiet", "--bare", f"--object-format={form}", ".")
    return mirror


def _relative(address: str, root: Path) -> bool:
    return address.startswith(("./", "../")) and (root / address).is_dir()


def _update(mirror: Path, pin: BundlePin, root: Path) -> str:
    """Bring branches and tags in step with the remote's; the commit that its HEAD names."""
    address = str((root / pin.source).resolve()) if _relative(pin.source, root) else pin.source
    _git(mirror, pin, "fetch", "--quiet", "--prune", "--no-auto-gc", "--", address, *_REFS)
    told = _git(mirror, pin, "ls-remote", "--", address, "HEAD").split()
    return told[0].decode() if told else "HEAD"


def _git(mirror: Path, pin: BundlePin, *arguments: str) -> bytes:
    """Unlike everywhere else, Git may use the network here, and the user's own credentials."""
    environment = {name: text for name, text in os.environ.items() if name not in FOREIGN}
    environment |= _OWN
    settings = ("core.hooksPath=/dev/null", "fetch.fsckObjects=true")
    flags = [part for setting in settings for part in ("-c", setting)]
    try:
        done = subprocess.run(
            ("git", "--no-pager", *flags, "--git-dir", str(mirror), *arguments),
            cwd=mirror, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            timeout=_TIMEOUT_S, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        raise FetchFailed("git is not installed, or not on the PATH") from None
    except subprocess.TimeoutExpired:
        raise FetchFailed(f"{pin.source} did not answer within {_TIMEOUT_S} seconds") from None
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines()
        why = told[0] if told else f"git ended with {done.returncode}"
        raise FetchFailed(f"git cannot read {pin.source}: {why}")
    return done.stdout


def _bare(mirror: Path) -> tuple[str, ...]:
    return ("--git-dir", str(mirror))


def _is_there(mirror: Path, commit: str) -> bool:
    try:
        run_git(str(mirror), *_bare(mirror), "cat-file", "-e", f"{commit}^{{commit}}")
    except GitFailed:
        return False
    return True


def _refuse_stray(mirror: Path, pin: BundlePin) -> None:
    """A forge also hands out commits of forks and closed pull requests under the same address."""
    if not _is_there(mirror, pin.pin):
        message = f"{pin.source} has no commit {pin.pin} on any branch or tag"
        mend = "pin one that it has: cdk-stream policy fetch --update"
        raise FetchFailed(message, mend)
    known = run_git(
        str(mirror), *_bare(mirror),
        "for-each-ref", "--count=1", "--contains", pin.pin, "refs/heads", "refs/tags",
    )  # fmt: skip
    if not known.strip():
        message = f"commit {pin.short} is on no branch or tag of {pin.source} any more"
        mend = "pin one that is: cdk-stream policy fetch --update"
        raise FetchFailed(message, mend)
