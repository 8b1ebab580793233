"""Bundles of OCI registries, over the real protocol."""

from __future__ import annotations

import base64
import gzip
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.bundle.house import RULE, RULES, House
from tests.core.bundle.registry import Registry, digest, tar


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Registry]:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))
    found = Registry()
    yield found
    found.close()


def lists(house: House, registry: Registry, pin: str, more: str = "") -> None:
    house.lists(f'oci: "{registry.host}/acme/rules", digest: "{pin}"{more}')


def fetch_fails(house: House) -> str:
    status, said = house.run("policy", "fetch")
    assert status == 1
    assert "stream_project.yml:17:" in said
    return said


def test_a_bundle_is_brought_and_kept(house: House, registry: Registry) -> None:
    lists(house, registry, registry.push((tar(RULES), "")))
    assert "acme 1.2.0" in house.fetch()
    registry.close()
    assert house.verdict()["passed"]
    assert house.run("policy", "list")[1].count("acme") == 1


def test_single_files_and_plain_tars_are_layers_too(house: House, registry: Registry) -> None:
    """As `conftest push` and `oras push` write them; what is no bundle's file is left out."""
    pin = registry.push(
        (b"name: acme\n", "bundle.yml"),
        (RULE.encode(), "described.rego"),
        (tar({"templates/t.yml": RULES["templates/pii_basics.yml"]}, "w:"), ""),
        (b"{}", "data.json"),
    )
    lists(house, registry, pin)
    assert "(1 policy file, 1 template, 0 macros)" in house.fetch()


def test_a_layer_of_several_gzip_streams(house: House, registry: Registry) -> None:
    whole = tar(RULES, "w:")
    lists(
        house,
        registry,
        registry.push((gzip.compress(whole[:600]) + gzip.compress(whole[600:]), "")),
    )
    assert "acme 1.2.0" in house.fetch()


def test_an_update_follows_the_tag(house: House, registry: Registry) -> None:
    first = registry.push((tar(RULES), ""), tag="v1")
    lists(house, registry, first, ", tag: v1")
    house.fetch()
    second = registry.push((tar({**RULES, "x.rego": RULE}), ""), tag="v1")
    house.fetch()
    assert first in (house.project / "stream_project.yml").read_text()
    assert "    + x.rego\n" in house.fetch("--update")
    assert second in (house.project / "stream_project.yml").read_text()


def test_a_tag_is_no_pin(house: House, registry: Registry) -> None:
    pin = registry.push((tar(RULES), ""), tag="v1")
    lists(house, registry, "v1")
    assert [code for _, _, code, _ in house.problems()] == ["CS730"]
    house.fetch("--update")
    assert pin in (house.project / "stream_project.yml").read_text()
    assert house.verdict()["passed"]


def test_what_the_registry_sends_is_verified(house: House, registry: Registry) -> None:
    layer = tar(RULES)
    pin = registry.push((layer, ""))
    lists(house, registry, pin)
    registry.blobs[digest(layer)] = layer[:-1] + b"X"
    assert "the registry's layer is not what its digest says" in fetch_fails(house)
    registry.manifests[pin] = registry.manifests[pin].replace(b"schemaVersion", b"schemaVersioN")
    assert "the registry's manifest is not what its digest says" in fetch_fails(house)
    registry.manifests[pin] = b"x" * (5 << 20)
    assert "the registry sends more than" in fetch_fails(house)
    assert not house.cached()


@pytest.mark.parametrize("place", [b"schemaVersion", b"\x1f\x8b"])
def test_a_tampered_copy_is_told(house: House, registry: Registry, place: bytes) -> None:
    lists(house, registry, registry.push((tar(RULES), "")))
    house.fetch()
    (file,) = house.cached()
    file.write_bytes(file.read_bytes().replace(place, place[:-1] + b"X"))
    assert [code for _, _, code, _ in house.problems()] == ["CS732"]


MANY = b'{"layers": [{"digest": "sha256:' + b"0" * 64 + b'", "size": %d}]}'


def link(kind: bytes) -> tarfile.TarInfo:
    member = tarfile.TarInfo("templates/out.yml")
    member.type, member.linkname = kind, "/etc/passwd"
    return member


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        (tar({"../../out.rego": RULE}), "'../../out.rego' would lead out of the bundle"),
        (tar({"/etc/out.rego": RULE}), "'/etc/out.rego' would lead out of the bundle"),
        (tar({"l": link(tarfile.SYMTYPE)}), "'templates/out.yml' is a link or device"),
        (tar({"l": link(tarfile.LNKTYPE)}), "'templates/out.yml' is a link or device"),
        (tar({"l": link(tarfile.CHRTYPE)}), "'templates/out.yml' is a link or device"),
        (tar({"big.rego": "#" * (4 << 20) + "#"}), "'big.rego' is larger than 4 MB"),
        (tar({"bomb.md": "#" * (40 << 20)}), "larger than 32 MB when unpacked"),
        (tar({f"{n}.rego": "" for n in range(2001)}), "it has more than 2000 files"),
        (tar(RULES)[:60], "it is cut off"),
        (gzip.compress(b"junk" * 300), "a layer is no tar"),
        (b"\x1f\x8bjunk", "a layer cannot be unpacked"),
    ],
)
def test_unsafe_archives(house: House, registry: Registry, layer: bytes, told: str) -> None:
    lists(house, registry, registry.push((layer, "")))
    said = fetch_fails(house)
    assert "CS733" in said
    assert told in said


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        (b'{"manifests": []}', "an index of several artifacts"),
        (b"[]", "no manifest of an artifact"),
        (b"<html>", "no manifest of an artifact"),
        (b'{"layers": [{"digest": "sha512:a", "size": 1}]}', "no sha256 digest and size"),
        (MANY % 99999999999, "larger than 32 MB"),
        (MANY.replace(b"}]", b', "annotations": 7}]') % 99, "has no sha256:000"),
        (b'{"layers": [{"digest": "sha256:a/../b", "size": 9}]}', "no sha256 digest and size"),
        (b'{"layers": [7]}', "no sha256 digest and size"),
    ],
)
def test_manifests_of_nothing(house: House, registry: Registry, manifest: bytes, told: str) -> None:
    lists(house, registry, registry.push_manifest(manifest))
    assert told in fetch_fails(house)


def test_a_private_registry_is_logged_in_to(
    house: House, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.login = "dana:s3cret"
    lists(house, registry, registry.push((tar(RULES), "")))
    assert f"log in with: docker login {registry.host}" in fetch_fails(house)
    monkeypatch.setenv("CDK_STREAM_OCI_USERNAME", "dana")
    monkeypatch.setenv("CDK_STREAM_OCI_PASSWORD", "s3cret")
    monkeypatch.setenv("CDK_STREAM_OCI_REGISTRY", "registry.acme.test")
    registry.asked.clear()
    fetch_fails(house)
    assert not [one for _, one in registry.asked if one]  # the secret is for another registry
    monkeypatch.setenv("CDK_STREAM_OCI_REGISTRY", registry.host)
    house.fetch()
    assert {one for _, one in registry.asked} > {"Bearer good"}
    monkeypatch.delenv("CDK_STREAM_OCI_REGISTRY")
    house.cached()[0].unlink()
    (tmp_path / "docker").mkdir()
    auth = base64.b64encode(b"dana:s3cret").decode()
    said = {"auths": {registry.host: {"auth": auth}}}
    (tmp_path / "docker/config.json").write_text(json.dumps(said))
    house.fetch()


def test_a_helper_of_docker_is_asked(
    house: House, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.login = "dana:s3cret"
    lists(house, registry, registry.push((tar(RULES), "")))
    (tmp_path / "docker").mkdir()
    (tmp_path / "docker/config.json").write_text('{"credsStore": "acme"}')
    helper = tmp_path / "docker/docker-credential-acme"
    helper.write_text(
        '#!/bin/sh\nread host\n[ "$host" ] && echo \'{"Username": "dana", "Secret": "s3cret"}\'\n'
    )
    helper.chmod(0o755)
    monkeypatch.setenv("PATH", str(helper.parent), prepend=":")
    house.fetch()


@pytest.mark.parametrize("realm", ["http://login.acme.test/token", "ftp://x/", "https://a:b/", "x"])
def test_a_secret_is_sent_to_no_address_but_an_encrypted_one(
    realm: str, house: House, registry: Registry
) -> None:
    registry.login, registry.realm = "dana:s3cret", realm
    lists(house, registry, registry.push((tar(RULES), "")))
    assert f"at '{realm}', which is no https address" in fetch_fails(house)


def test_blobs_may_lie_elsewhere_and_the_token_stays_here(
    house: House, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.login = "dana:s3cret"
    for name, value in (("REGISTRY", registry.host), ("USERNAME", "dana"), ("PASSWORD", "s3cret")):
        monkeypatch.setenv(f"CDK_STREAM_OCI_{name}", value)
    store = Registry()
    try:
        registry.elsewhere = store.host
        store.push((tar(RULES), ""))
        lists(house, registry, registry.push((tar(RULES), "")))
        house.fetch()
        assert [one for _, one in store.asked] == [""]
    finally:
        store.close()


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("rules/streams", "is no repository of a registry"),
        ("https://registry.acme.test/rules", "is no repository of a registry"),
        ("registry.acme.test/rules:v1", "is no repository of a registry"),
        ("registry.acme.test/rules/../other", "is no repository of a registry"),
        ("127.0.0.1:1/rules", "the registry 127.0.0.1:1 cannot be asked"),
    ],
)
def test_addresses_that_are_none(house: House, address: str, told: str) -> None:
    house.lists(f'oci: "{address}", digest: "sha256:{"0" * 64}"')
    assert told in fetch_fails(house)


def test_a_digest_that_the_registry_has_not(house: House, registry: Registry) -> None:
    lists(house, registry, f"sha256:{'0' * 64}")
    assert f"has no sha256:{'0' * 64}" in fetch_fails(house)
