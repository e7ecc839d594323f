"""Make everything that follows from the schema; pure: text out, nothing read or written."""

from tocsin_protocol import graph, naming, schema, versions
from tocsin_protocol.generator import dissector, host, interface, micropython, vectors


def render() -> dict[str, str]:
    """Every generated file: its path from the repository's root, and its text.

    Raises SchemaError when its exchanges have no end, its versions no order, or when an id or name
    cannot be.
    """
    graph.check(schema.MESSAGES)
    naming.check(schema.MESSAGES, schema.RECORDS)
    versions.check(schema.MESSAGES, (schema.MAJOR, schema.MINOR))
    return {
        **micropython.render(),
        **host.render(),
        "protocol/INTERFACE.md": interface.render(),
        "protocol/tocsin.lua": dissector.render(),
        "protocol/vectors.json": vectors.render(),
    }
