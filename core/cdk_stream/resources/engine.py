"""`policies: engine:` of the project: which Rego engine judges."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from cdk_stream.resources.authoring import Authored, Duration


class Opa(Authored):
    """An OPA that judges instead of the engine built in: `opa:` or `server:`."""

    opa: str | None = None
    """The path of an `opa` executable, outside of the project."""
    server: str | None = None
    """The address of an OPA server: `https://opa.acme.test:8181`."""
    ca: str | None = None
    """For a server: a file with the certificates to trust, instead of the public ones."""
    certificate: str | None = None
    """For a server: a file with the client's own certificate."""
    key: str | None = None
    """For a server: the key of `certificate`, when it is a file of its own."""
    unencrypted: bool = False
    """For a server that is not on this machine: allows `http://`; who can alter it can pass all."""
    timeout: Duration = "30 seconds"
    """How long to wait for an answer before the check is refused."""

    @model_validator(mode="after")
    def _names_one(self) -> Opa:
        if (self.opa is None) == (self.server is None):
            raise ValueError("an engine has either `opa:` or `server:`")
        if self.server is None and (self.ca or self.certificate or self.key or self.unencrypted):
            raise ValueError("`ca`, `certificate`, `key` and `unencrypted` are for a `server:`")
        return self


Word = Literal["embedded", "opa"]
"""embedded: built in; opa: the `opa` executable on PATH."""
Engine = Word | Opa
EMBEDDED: Engine = "embedded"
