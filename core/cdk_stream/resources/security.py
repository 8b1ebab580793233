"""Who may see which column, and how the others see it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from cdk_stream.resources.authoring import Authored, ListOf, MappingOf, Name
from cdk_stream.resources.classification import Classification, ColumnLabel


class AppliedIn(Authored):
    """Whom a mask is for: the roles that see the masked value."""

    roles: ListOf[Name]
    """Names of the project's `roles:`."""


class Mask(Authored):
    """Hide a column from some roles, or from everyone the model does not allow."""

    column: ListOf[Name]
    """The column, or several."""
    method: Literal[
        "mask_all", "mask_first_n", "mask_last_n", "tokenization", "hash", "redact", "null"
    ] = "mask_all"
    """What a reader sees instead; `mask_all` hides most."""
    characters: int | None = None
    """How many characters `mask_first_n` and `mask_last_n` hide."""
    applied_in: ListOf[AppliedIn] = ()
    """The roles that are masked; left out, everyone is but the roles of `allow`."""

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(role for group in self.applied_in for role in group.roles)


class Encrypt(Authored):
    """Store a column encrypted; only the roles of `allow` may read it in clear."""

    column: ListOf[Name]
    """The column, or several."""
    key: str
    """A key: an alias of the project's `kms:`, or the address of a key management system."""
    algorithm: str = "AES256_GCM"
    """The cipher."""


class Allow(Authored):
    """The roles that may read the protected columns in clear, and what for."""

    roles: ListOf[Name]
    """Names of the project's `roles:`."""
    purpose: str = ""
    """What they read it for."""
    columns: ListOf[Name] = ()
    """Only these columns; left out, all of the model."""


class SecurityPolicy(Authored):
    """One of `mask`, `encrypt` or `allow`."""

    mask: Mask | None = None
    """Hide a column from some roles."""
    encrypt: Encrypt | None = None
    """Store a column encrypted."""
    allow: Allow | None = None
    """Let some roles read in clear."""

    @model_validator(mode="after")
    def _exactly_one(self) -> SecurityPolicy:
        if sum(item is not None for item in (self.mask, self.encrypt, self.allow)) != 1:
            raise ValueError("write exactly one of mask, encrypt and allow in each list item")
        return self


class Use(Authored):
    """A security macro of a policy bundle, which adds rules; a bare name is one without `with:`."""

    macro: str
    """Its name: `card_data`, or with that of its bundle `acme/card_data`."""
    with_: dict[str, Any] = Field(default_factory=dict, alias="with")
    """The parameters of the macro."""


def _use(value: object) -> object:
    return {"macro": value} if isinstance(value, str) else value


Uses = ListOf[Annotated[Use, BeforeValidator(_use)]]


class Declassify(Authored):
    """A lower class than the data's origin asks for, with the reason why that is right."""

    column: Name
    """The column of this model."""
    to: Classification
    """Its class from here on."""
    reason: str
    """Why that is right; reviewers see it."""
    approved_by: str = ""
    """Who said so."""


class Security(Authored):
    """The classes of a model's columns and the rules for reading them."""

    classification: MappingOf[ColumnLabel] = {}
    """Column -> class."""
    default_classification: Classification | None = None
    """The class of columns that nothing else classifies."""
    policies: tuple[SecurityPolicy, ...] = ()
    """Rules for reading columns; they hold wherever the columns travel."""
    use: Uses = ()
    """Security macros of policy bundles, which add rules to `policies`."""
    declassify: tuple[Declassify, ...] = ()
    """Columns that are less sensitive here than where they come from."""


class SourceSecurity(Authored):
    """What the owner of a topic lets others do to it."""

    allow_encryption: bool = False
    """A model may encrypt columns of this topic: that changes the data of all its readers."""
    policies: tuple[SecurityPolicy, ...] = ()
    """Rules for reading columns; they hold wherever the columns travel."""
    use: Uses = ()
    """Security macros of policy bundles, which add rules to `policies`."""
