"""May a schema replace another: the registry's question, answered without a registry."""
