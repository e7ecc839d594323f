"""Write the host's table of configuration keys."""

from tocsin_protocol import schema
from tocsin_protocol.config_field import ConfigField
from tocsin_protocol.generator.layout import exploded, indented, literal, quoted


def config() -> list[str]:
    """Every key with its limits, by name."""
    rows: list[str] = []
    for each in schema.CONFIG:
        head, *rest = exploded(f"{quoted(each.name)}: ConfigField(", _arguments(each), ")")
        rows += [head, *rest[:-1], "),"]
    return ["CONFIG: dict[str, ConfigField] = {", *indented(rows), "}"]


def _arguments(each: ConfigField) -> list[str]:
    values = (each.minimum, each.maximum, each.default, each.secret, each.doc)
    own = [str(each.key), quoted(each.name), f"ConfigKind.{each.kind.name}", *map(literal, values)]
    own += [literal(text) for text in (each.pattern, each.pattern_text) if text]
    return own + ([f"roles={literal(each.roles)}"] if each.roles else [])
