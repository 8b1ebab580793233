"""The addresses of keys, and how the Gateway reaches the systems that keep them."""

from __future__ import annotations

from typing import Any

from cdk_stream.resources.project import Project

SCHEMES = ("vault-kms", "azure-kms", "aws-kms", "gcp-kms", "gateway-kms")
"""Key management systems that outlive the Gateway's process; `in-memory-kms` does not."""
ALGORITHMS = (
    "AES128_GCM",
    "AES256_GCM",
    "AES128_EAX",
    "AES256_EAX",
    "AES128_CTR_HMAC_SHA256",
    "AES256_CTR_HMAC_SHA256",
    "CHACHA20_POLY1305",
    "XCHACHA20_POLY1305",
)


def address(key: str, project: Project) -> str:
    """The key's address with the project's alias resolved; '' for an alias it does not have."""
    found = project.kms.get(key, key)
    return found if "://" in found and not found.startswith("kms://") else ""


def is_accepted(address: str) -> bool:
    return address.partition("://")[0] in SCHEMES


def configuration(address: str) -> dict[str, Any]:
    """`kmsConfig` for the key's system; secrets are names of the Gateway's own environment."""
    scheme, _, rest = address.partition("://")
    host = rest.partition("/")[0]
    match scheme:
        case "vault-kms":
            vault = {"uri": f"https://{host}", "type": "TOKEN", "token": "${VAULT_TOKEN}"}
            return {"vault": {**vault, "version": 1}}
        case "gateway-kms":
            return {"gateway": {"masterKeyId": "${GATEWAY_MASTER_KEY_ID}"}}
        case _:
            return {scheme.removesuffix("-kms"): {}}
