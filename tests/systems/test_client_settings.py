"""Java's client properties in librdkafka's words."""

from __future__ import annotations

import sys

import pytest

from cdk_stream.plugin.kafka.admin import connect
from cdk_stream.plugin.kafka.settings import client_settings
from cdk_stream.plugin.system import SystemFailed

LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required"


def secret(placeholder: str) -> str:
    if placeholder == "${env:PW}":
        return 's3"cret\\;'
    raise SystemFailed(f"the secret '{placeholder}' is not in the environment")


def settings(**properties: str) -> dict[str, str]:
    named = {key.replace("_", "."): value for key, value in properties.items()}
    return client_settings("b:9092", named, "shop", secret)


def test_a_login_is_taken_out_of_the_jaas_line() -> None:
    jaas = f'{LOGIN} username="ann" password="p w=1\\"x";'
    assert settings(
        security_protocol="SASL_SSL", sasl_mechanism="PLAIN", sasl_jaas_config=jaas
    ) == {
        "bootstrap.servers": "b:9092",
        "security.protocol": "SASL_SSL",
        "sasl.mechanism": "PLAIN",
        "sasl.username": "ann",
        "sasl.password": 'p w=1"x',
    }


def test_a_secret_with_quotes_stays_whole() -> None:
    jaas = f'{LOGIN} username="ann" password="${{env:PW}}";'
    assert settings(sasl_jaas_config=jaas)["sasl.password"] == 's3"cret\\;'
    assert settings(sasl_password="${env:PW}")["sasl.password"] == 's3"cret\\;'


def test_the_account_is_the_deployers_own() -> None:
    jaas = f'{LOGIN} username="{{account}}" password="x";'
    assert settings(sasl_jaas_config=jaas)["sasl.username"] == "cdk-shop-deploy"


def test_stores_as_pem_are_taken_and_others_refused() -> None:
    pem = {"ssl.truststore.type": "PEM", "ssl.truststore.location": "/ca.pem"}
    assert client_settings("b", pem, "shop", secret)["ssl.ca.location"] == "/ca.pem"
    with pytest.raises(SystemFailed, match="is a JKS file, which only Java reads") as told:
        settings(ssl_truststore_location="/ca.jks")
    assert "PEM" in told.value.mend


def test_what_no_client_knows_is_told_without_values() -> None:
    wrong = settings(sasl_password="${env:PW}", no_such_thing="s3cretly")
    with pytest.raises(SystemFailed, match=r"no.such.thing") as told:
        connect(wrong, lambda _: None)
    assert "s3cret" not in str(told.value)


def test_without_the_client_the_command_that_installs_it_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)
    with pytest.raises(SystemFailed, match="the client of Kafka is not installed") as told:
        connect(settings(), lambda _: None)
    assert told.value.mend == "pip install 'cdk-stream[deploy]'"


def test_a_line_without_a_login_is_told() -> None:
    with pytest.raises(SystemFailed, match="names no username and password"):
        settings(sasl_jaas_config="com.sun.security.auth.module.Krb5LoginModule required;")


def test_a_secret_that_is_not_there_is_named() -> None:
    with pytest.raises(SystemFailed, match="'\\$\\{env:NONE\\}' is not in the environment"):
        settings(sasl_password="${env:NONE}")
