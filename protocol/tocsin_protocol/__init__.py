"""The wire protocol: schema, generator, reference and vectors; no I/O."""
