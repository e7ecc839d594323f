"""Write the host's enumerations and flags."""

from tocsin_protocol import schema
from tocsin_protocol.generator.layout import exploded, fits, indented, literal, quoted
from tocsin_protocol.vocabulary import Names


def reporters() -> list[str]:
    """The class that names who reports stages."""
    lines = ["class Reporter(StrEnum):", *indented(['"""Who may report a stage."""', ""])]
    return lines + indented(f"{_constant(name)} = {quoted(name)}" for name in schema.REPORTERS)


def _constant(reporter: str) -> str:
    return reporter.upper().replace(" ", "_")


def enum(names: Names) -> list[str]:
    """A class whose members say what they mean."""
    lines = [f"class {names.name}(WireEnum):", *indented([f'"""{names.doc}"""', ""])]
    extra = {key: "Reporter" if key == "reporters" else "int" for key in names.members[0].extra}
    if extra:
        lines += indented([*_enum_attributes(extra), ""])
    for member in names.members:
        values = [str(member.value), quoted(member.meaning)]
        values += [_extra(key, value) for key, value in member.extra.items()]
        line = f"{member.name} = {', '.join(values)}"
        lines += indented([line] if fits(line, 1) else exploded(f"{member.name} = (", values, ")"))
    return lines


def _enum_attributes(extra: dict[str, str]) -> list[str]:
    arguments = [f"{key}: tuple[{kind}, ...]" for key, kind in extra.items()]
    head = ", ".join(
        ["self", "value: int", 'meaning: str = ""', *(f"{each} = ()" for each in arguments)]
    )
    body = ["super().__init__(value, meaning)", *(f"self.{key} = {key}" for key in extra)]
    return [*arguments, "", f"def __init__({head}) -> None:", *indented(body)]


def _extra(key: str, value: tuple[int, ...] | tuple[str, ...]) -> str:
    if key != "reporters":
        return literal(value)
    inner = ", ".join(f"Reporter.{_constant(str(name))}" for name in value)
    return f"({inner},)" if len(value) == 1 else f"({inner})"


def flags(names: Names) -> list[str]:
    """A class whose members add up."""
    lines = [f"class {names.name}(IntFlag):", *indented([f'"""{names.doc}"""', "", "NONE = 0"])]
    return lines + indented(f"{member.name} = {member.value}" for member in names.members)
