"""`tocsin protocol`: the wire protocol's schema, its generated files and its releases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tocsin_host.cli.output import Output, json_option
from tocsin_host.cli.protocol_decode import decode
from tocsin_host.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from tocsin_protocol.release import Release

_RELEASES = "protocol/released"


@click.group()
def protocol() -> None:
    """Read captures of the wire protocol; in a checkout, work on its schema."""


protocol.add_command(decode)


@protocol.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is out of date.")
@json_option
def generate(check: bool) -> Output:
    """Write the codecs, the reference and the vectors from the schema.

    Fails when an older peer would not understand the schema any more.
    """
    from tocsin_protocol.errors import SchemaError
    from tocsin_protocol.generator import render

    root = _checkout()
    try:
        rendered = render()
    except SchemaError as error:
        return _refused(list(error.faults))
    faults = _breaks(root)
    if faults:
        return _refused(faults)
    stale = {path: text for path, text in rendered.items() if _differs(root / path, text)}
    if not check:
        for path, text in stale.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
    return _result(sorted(stale), check)


@protocol.command()
@json_option
def release() -> Output:
    """Store the schema as released: later ones must stay compatible with it."""
    from tocsin_protocol.release import describe, render

    root = _checkout()
    described = describe()
    path = root / _RELEASES / f"{described['version']}.json"
    text = render(described)
    if path.is_file() and _differs(path, text):
        raise UsageError(
            f"version {described['version']} is released, and the schema differs from it",
            "raise MINOR in protocol/tocsin_protocol/schema/__init__.py",
        )
    faults = _breaks(root)
    if faults:
        return _refused(faults)
    if not path.is_file():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Output({"released": described["version"]}, f"released: {path.relative_to(root)}")


def _checkout() -> Path:
    import tocsin_protocol

    root = Path(tocsin_protocol.__file__).resolve().parents[2]
    if not (root / "pyproject.toml").is_file():
        raise UsageError(
            "this tocsin is not installed from a checkout",
            "clone the repository and `pip install -e .` there",
        )
    return root


def _breaks(root: Path) -> list[str]:
    """What the schema breaks of the last release, if there is one."""
    from tocsin_protocol.compatibility import breaks
    from tocsin_protocol.release import describe

    released = _last_release(root / _RELEASES)
    return breaks(released, describe()) if released else []


def _last_release(folder: Path) -> Release | None:
    import json

    from tocsin_protocol.release import version_of

    files = {version_of(path.stem): path for path in folder.glob("*.json")}
    if not files:
        return None
    found: Release = json.loads(files[max(files)].read_text(encoding="utf-8"))
    return found


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text(encoding="utf-8") != text


def _refused(faults: list[str]) -> Output:
    lines = ["the schema cannot be used:", *(f"  {each}" for each in faults)]
    return Output({"faults": faults}, "\n".join(lines), ExitCode.VERDICT)


def _result(stale: list[str], check: bool) -> Output:
    if not stale:
        return Output({"stale": []}, "all generated files are up to date")
    names = ", ".join(stale)
    if check:
        text = f"out of date: {names}; run `tocsin protocol generate`"
        return Output({"stale": stale}, text, ExitCode.VERDICT)
    return Output({"written": stale}, f"written: {names}")
