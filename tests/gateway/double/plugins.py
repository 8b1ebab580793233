"""The plugins that a Gateway of some version has."""

from __future__ import annotations

from tests.gateway.double.resolve import Body

PACKAGE = "io.conduktor.gateway.interceptor."
_NAMES = (
    "CelTopicPlugin",
    "DecryptPlugin",
    "EncryptPlugin",
    "EncryptSchemaBasedPlugin",
    "FieldLevelDataMaskingPlugin",
    "VirtualSqlTopicPlugin",
    "safeguard.DataQualityProducerPlugin",
    "safeguard.ReadOnlyTopicPolicyPlugin",
)


def plugins(version: str, without: tuple[str, ...] = ()) -> list[Body]:
    """What `GET /plugin` lists; `without` names some that this Gateway has dropped."""
    return [
        {
            "plugin": PACKAGE + name,
            "pluginId": PACKAGE + name,
            "readme": f"# {name}",
            "license": "enterprise",
            "version": version,
        }
        for name in _NAMES
        if name not in without
    ]
