"""The project's client properties, which are Java's, in the words of librdkafka."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cdk_stream.plugin.account import job_account
from cdk_stream.plugin.placeholder import is_placeholder, resolved, resolved_all
from cdk_stream.plugin.system import Secrets, SystemFailed

_JAAS = re.compile(r"""(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s;]+))""")
_SAME = {
    "sasl.mechanism": "sasl.mechanism",
    "ssl.truststore.certificates": "ssl.ca.pem",
    "ssl.keystore.certificate.chain": "ssl.certificate.pem",
    "ssl.keystore.key": "ssl.key.pem",
    "ssl.key.password": "ssl.key.password",
}
_PEM = {"ssl.truststore": "ssl.ca.location", "ssl.keystore": "ssl.certificate.location"}
_JAVA_ONLY = frozenset(
    (
        "client.dns.lookup",
        "sasl.client.callback.handler.class",
        "sasl.login.callback.handler.class",
        "ssl.endpoint.identification.algorithm",
    )
)
DEPLOYER = "deploy"
"""The name that `{account}` is filled in with where no job connects but we do."""


def client_settings(
    bootstrap: str, properties: Mapping[str, str], project: str, secrets: Secrets
) -> dict[str, str]:
    """What a librdkafka client is made with; raises `SystemFailed` for what it cannot be told."""
    account = job_account(project, DEPLOYER)
    filled = _filled(properties, account)
    jaas = filled.pop("sasl.jaas.config", "")
    said = resolved_all(filled, secrets)
    settings = {"bootstrap.servers": bootstrap} | (_login(jaas, secrets) if jaas else {})
    for key, value in said.items():
        if key in _SAME:
            settings[_SAME[key]] = value
        elif key == "ssl.endpoint.identification.algorithm":
            settings[key] = value or "none"
        elif key not in _JAVA_ONLY and not key.startswith(tuple(_PEM)):
            settings[key] = value
    return settings | _stores(said)


def _filled(properties: Mapping[str, str], account: str) -> dict[str, str]:
    capitals = re.sub(r"\W", "_", account).upper()
    return {
        key: value.replace("{account}", account).replace("{ACCOUNT}", capitals)
        for key, value in properties.items()
    }


def _login(jaas: str, secrets: Secrets) -> dict[str, str]:
    """Read first and resolved then, so that a secret with quotes stays whole."""
    if is_placeholder(jaas):
        jaas = resolved(jaas, secrets)
    found = {key: a or b or c for key, a, b, c in _JAAS.findall(jaas)}
    if "username" not in found or "password" not in found:
        raise SystemFailed(
            "'sasl.jaas.config' names no username and password",
            "write both, or set 'sasl.username' and 'sasl.password' instead",
        )
    plain = {key: re.sub(r"\\(.)", r"\1", found[key]) for key in ("username", "password")}
    told = resolved_all(plain, secrets)
    return {"sasl.username": told["username"], "sasl.password": told["password"]}


def _stores(said: Mapping[str, str]) -> dict[str, str]:
    """Stores of keys and certificates, which librdkafka reads as PEM or PKCS12 alone."""
    settings = {}
    for store, place in _PEM.items():
        location = said.get(f"{store}.location")
        if location is None:
            continue
        kind = said.get(f"{store}.type", "JKS").upper()
        if kind == "PKCS12" and store == "ssl.keystore":
            settings["ssl.keystore.location"] = location
            settings["ssl.keystore.password"] = said.get(f"{store}.password", "")
        elif kind == "PEM":
            settings[place] = location
            if store == "ssl.keystore":
                settings["ssl.key.location"] = location
        else:
            raise SystemFailed(
                f"'{store}.location' is a {kind} file, which only Java reads",
                f"give it as PEM: set '{store}.type' to PEM",
            )
    return settings
