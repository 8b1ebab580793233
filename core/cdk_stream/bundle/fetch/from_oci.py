"""A bundle of an OCI registry: the manifest by its digest, then each layer by its own."""

from __future__ import annotations

import re
from typing import NamedTuple

import httpx

from cdk_stream.bundle.fetch.credentials import Login, login_for
from cdk_stream.bundle.fetch.failed import FetchFailed
from cdk_stream.bundle.layers import artifact_files, layers
from cdk_stream.bundle.limits import MOST_BYTES
from cdk_stream.bundle.objects import digest, framed
from cdk_stream.resources.pin import BundlePin
from cdk_stream.tree import MAX_BYTES

_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_ADDRESS = re.compile(rf"(?P<host>[A-Za-z0-9.-]+(?::\d{{1,5}})?)/(?P<name>{_PART}(?:/{_PART})*)")
_TAG = re.compile(r"\w[\w.-]{0,127}")
_CHALLENGE = re.compile(r'(\w+)="([^"]*)"')
_ACCEPT = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_HERE = ("localhost", "127.0.0.1")
_TIMEOUT_S = 30


class Address(NamedTuple):
    """Where a repository is."""

    host: str
    name: str

    @property
    def url(self) -> str:
        scheme = "http" if self.host.partition(":")[0] in _HERE else "https"
        return f"{scheme}://{self.host}/v2/{self.name}"


def oci_content(pin: BundlePin) -> bytes:
    """The manifest and layers of the pin, for the cache; raises `FetchFailed` and `Faulty`."""
    with _Registry(_address(pin)) as registry:
        manifest = registry.get(f"manifests/{pin.pin}", MAX_BYTES)
        objects = {pin.pin: manifest}
        _verify(pin.pin, manifest, "manifest")
        for name, size, _ in layers(manifest):
            objects[name] = registry.get(f"blobs/{name}", min(size, MOST_BYTES))
            _verify(name, objects[name], "layer")
    artifact_files(objects, pin.pin)
    return framed(("blob", content) for content in objects.values())


def oci_tip(pin: BundlePin) -> str:
    """The digest of the manifest that the pin's tag stands for now; raises `FetchFailed`."""
    tag = pin.tag or ("latest" if pin.pinned or not pin.digest else pin.digest)
    if not _TAG.fullmatch(tag):
        raise FetchFailed(f"'{tag}' is no tag of a registry")
    with _Registry(_address(pin)) as registry:
        manifest = registry.get(f"manifests/{tag}", MAX_BYTES)
    return digest(b"", manifest)


def _address(pin: BundlePin) -> Address:
    found = _ADDRESS.fullmatch(pin.source)
    if found is None or not ("." in found["host"] or ":" in found["host"]):
        mend = "write `registry.acme.io/rules/streams`, and the tag under `tag:`"
        raise FetchFailed(f"'{pin.source}' is no repository of a registry", mend)
    return Address(found["host"], found["name"])


def _verify(name: str, content: bytes, what: str) -> None:
    if digest(b"", content) != name:
        raise FetchFailed(f"the registry's {what} is not what its digest says")


class _Registry:
    """A repository of a registry, as far as it is read; logs in when it is asked to."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._authorization = ""
        self._client = httpx.Client(timeout=_TIMEOUT_S, follow_redirects=True, max_redirects=5)

    def __enter__(self) -> _Registry:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str, limit: int) -> bytes:
        """Content of at most `limit` bytes; raises `FetchFailed` for anything else."""
        try:
            content, answer = self._get(path, limit)
            if answer.status_code == 401 and not self._authorization:
                self._authorization = self._logged_in(answer.headers.get("www-authenticate", ""))
                content, answer = self._get(path, limit)
        except httpx.HTTPError as error:
            host = self._address.host
            raise FetchFailed(f"the registry {host} cannot be asked: {error}") from None
        if answer.status_code != 200:
            raise self._refused(path, answer.status_code)
        return content

    def _get(self, path: str, limit: int) -> tuple[bytes, httpx.Response]:
        # Digests are of what was pushed, not of what a proxy packs on the way.
        headers = {"Accept": ", ".join(_ACCEPT), "Accept-Encoding": "identity"}
        if self._authorization:
            headers["Authorization"] = self._authorization
        url = f"{self._address.url}/{path}"
        with self._client.stream("GET", url, headers=headers) as answer:
            content = bytearray()
            for part in answer.iter_raw():
                content += part
                if len(content) > limit:
                    raise FetchFailed(f"the registry sends more than the {limit} bytes of {path}")
            return bytes(content), answer

    def _logged_in(self, challenge: str) -> str:
        """What to send as Authorization; the secret goes to the registry, or where it points."""
        login = login_for(self._address.host)
        scheme, _, rest = challenge.partition(" ")
        if scheme.lower() == "basic" and login:
            return login.basic
        said = dict(_CHALLENGE.findall(rest))
        realm = said.get("realm", "")
        if scheme.lower() != "bearer" or not realm:
            return ""
        if not _safe(realm):
            raise FetchFailed(
                f"the registry asks to log in at '{realm}', which is no https address"
            )
        return self._token(realm, said, login)

    def _token(self, realm: str, said: dict[str, str], login: Login | None) -> str:
        query = {"scope": said.get("scope", f"repository:{self._address.name}:pull")}
        if "service" in said:
            query["service"] = said["service"]
        headers = {"Authorization": login.basic} if login else {}
        answer = self._client.get(realm, params=query, headers=headers)
        if answer.status_code != 200:
            raise self._refused("", answer.status_code)
        try:
            found = answer.json()
            token = found.get("token") or found["access_token"]
        except (ValueError, KeyError, AttributeError):
            raise FetchFailed(f"'{realm}' gives no token") from None
        return f"Bearer {token}"

    def _refused(self, path: str, status: int) -> FetchFailed:
        host = self._address.host
        if status in (401, 403):
            mend = f"log in with: docker login {host}"
            return FetchFailed(f"the registry {host} lets nobody read {self._address.name}", mend)
        if status == 404:
            return FetchFailed(f"{host}/{self._address.name} has no {path.rpartition('/')[2]}")
        return FetchFailed(f"the registry {host} answers {status}")


def _safe(realm: str) -> bool:
    try:
        url = httpx.URL(realm)
    except httpx.InvalidURL:
        return False
    return url.scheme == "https" or (url.scheme == "http" and url.host in _HERE)
