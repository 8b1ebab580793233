"""Secrets are told from settings, and placeholders from secrets."""

from __future__ import annotations

import pytest

from cdk_stream.resources.secret import leaks


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sasl.password", "hunter2"),
        ("private_key", "-----BEGIN"),
        ("aws.secret.access.key", "abc"),
        ("http.headers.authorization", "Bearer abc"),
        ("connection.url", "jdbc:postgresql://db/app?user=a&password=hunter2"),
        ("sasl.jaas.config", 'X required username="${env:U}" password="hunter2";'),
        ("oauth.client.secret", "$env"),
        ("sasl.password", "${}"),
    ],
)
def test_a_secret_in_the_clear(key: str, value: str) -> None:
    assert leaks(key, value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sasl.password", "${env:PASSWORD}"),
        ("sasl.password", ""),
        ("http.headers.authorization", "Bearer ${file:/etc/token:value}"),
        ("connection.url", "jdbc:postgresql://db/app?password=${env:P}"),
        ("sasl.jaas.config", 'X required username="u" password="${env:P}";'),
        ("oauth2.access.token.url", "https://login.test/token"),
        ("security.protocol", "SASL_SSL"),
    ],
)
def test_no_secret(key: str, value: str) -> None:
    assert not leaks(key, value)
