"""What may be sent to the Gateway: its rules for a body, and ours where it would let data out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from cdk_stream_proxy.interceptor import API, PLUGINS
from cdk_stream_proxy.kms import ALGORITHMS, SCHEMES

_CLUSTER = r"^[a-zA-Z0-9_-]+$"
_TOPIC = r"^[a-zA-Z0-9._-]+$"
_INT32 = 2**31 - 1
_TOLD = ("uri", "type", "namespace", "region")
"""What the configuration of a key management system says openly; the rest are secrets."""


class _Body(BaseModel):
    """Keys as the API spells them, no others, and values of exactly their type."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, alias_generator=to_camel, populate_by_name=False
    )


def _anchored(value: object) -> object:
    if not (isinstance(value, str) and value.startswith("^") and value.endswith("$")):
        raise ValueError("must be anchored, '^...$': else it covers topics that contain the name")
    return value


def _key(value: object) -> object:
    if not (isinstance(value, str) and value.partition("://")[0] in SCHEMES):
        raise ValueError(f"must be a key of {', '.join(SCHEMES)}")
    return value


def _without_secrets(value: object) -> object:
    if isinstance(value, dict):
        for key, held in value.items():
            told = isinstance(held, str) and key not in _TOLD and not held.startswith("${")
            if told:
                raise ValueError(f"'{key}' must name what the Gateway's own environment holds")
            _without_secrets(held)
    return value


Topics = Annotated[str, BeforeValidator(_anchored)]
Key = Annotated[str, BeforeValidator(_key)]
System = Annotated[dict[str, dict[str, Any]], BeforeValidator(_without_secrets)]
Topic = Annotated[str, Field(pattern=_TOPIC)]
Words = Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]


class Registry(_Body):
    """`schemaRegistryConfig`."""

    type: Literal["CONFLUENT"]
    host: str


class SqlTopic(_Body):
    virtual_topic: Topic
    statement: str
    schema_registry_config: Registry | None = None


class CelTopic(_Body):
    virtual_topic: Topic
    topic: Topic
    expression: str
    schema_registry_config: Registry | None = None


class MaskRule(_Body):
    type: Literal["MASK_ALL", "MASK_FIRST_N", "MASK_LAST_N"]
    masking_char: Annotated[str, Field(min_length=1, max_length=1)] = "*"
    number_of_chars: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _counted(self) -> MaskRule:
        if self.type != "MASK_ALL" and self.number_of_chars is None:
            raise ValueError("says not how many characters (numberOfChars)")
        return self


class MaskPolicy(_Body):
    name: str
    fields: Words
    rule: MaskRule


class Masks(_Body):
    """A fetch that cannot be masked must fail: `skip_masking` would show it."""

    topic: Topics
    error_policy: Literal["fail_fetch"]
    policies: Annotated[list[MaskPolicy], Field(min_length=1)]
    schema_registry_config: Registry | None = None


class EncryptedField(_Body):
    field_name: str
    key_secret_id: Key
    algorithm: Literal[ALGORITHMS]  # type: ignore[valid-type]


class EncryptedValue(_Body):
    fields: Annotated[list[EncryptedField], Field(min_length=1)]


class Encryption(_Body):
    topic: Topics
    kms_config: System
    record_value: EncryptedValue
    error_policy: Literal["fail_on_encrypted"]
    schema_data_mode: Literal["preserve_avro"] | None = None
    schema_registry_config: Registry | None = None


class Decryption(_Body):
    topic: Topics
    kms_config: System
    record_value_fields: Words
    error_policy: Literal["return_encrypted", "fail_fetch"]
    schema_registry_config: Registry | None = None


_CONFIGS: dict[str, type[_Body]] = {
    f"{PLUGINS}VirtualSqlTopicPlugin": SqlTopic,
    f"{PLUGINS}CelTopicPlugin": CelTopic,
    f"{PLUGINS}FieldLevelDataMaskingPlugin": Masks,
    f"{PLUGINS}EncryptPlugin": Encryption,
    f"{PLUGINS}DecryptPlugin": Decryption,
}


class Scope(_Body):
    v_cluster: Annotated[str, Field(pattern=_CLUSTER)]
    group: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,100}$")] | None = None
    username: str | None = None


class InterceptorMetadata(_Body):
    """A scope is always written: left out and null mean different things to the Gateway."""

    name: Annotated[str, Field(min_length=1)]
    scope: Scope


class InterceptorSpec(_Body):
    plugin_class: str
    priority: Annotated[int, Field(ge=1, le=_INT32)]
    config: dict[str, Any]
    comment: str = ""

    @model_validator(mode="after")
    def _configured(self) -> InterceptorSpec:
        known = _CONFIGS.get(self.plugin_class)
        if known is None:
            raise ValueError(f"'{self.plugin_class}' is no plugin that we know")
        known.model_validate(self.config)
        return self


class Interceptor(_Body):
    kind: Literal["Interceptor"]
    api_version: Literal[API]  # type: ignore[valid-type]
    metadata: InterceptorMetadata
    spec: InterceptorSpec


class Member(_Body):
    name: Annotated[str, Field(min_length=1)]
    v_cluster: Annotated[str, Field(pattern=_CLUSTER)] = "passthrough"


class GroupMetadata(_Body):
    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,100}$")]


class GroupSpec(_Body):
    members: list[Member] = []
    external_groups: list[str] = []


class Group(_Body):
    kind: Literal["GatewayGroup"]
    api_version: Literal[API]  # type: ignore[valid-type]
    metadata: GroupMetadata
    spec: GroupSpec


_KINDS: dict[str, type[_Body]] = {"Interceptor": Interceptor, "GatewayGroup": Group}


def faults(body: dict[str, Any]) -> list[str]:
    """What is wrong with a body for `PUT`, a line each: `spec.config.topic: must be ...`."""
    kind = _KINDS.get(str(body.get("kind")))
    if kind is None:
        return [f"kind: one of {', '.join(_KINDS)}, not {body.get('kind')!r}"]
    try:
        kind.model_validate(body)
    except ValidationError as error:
        return [
            f"{'.'.join(map(str, fault['loc'])) or kind.__name__}: {fault['msg']}"
            for fault in error.errors()
        ]
    return []
