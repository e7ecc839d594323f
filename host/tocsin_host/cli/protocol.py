"""`tocsin protocol`: the files generated from the wire protocol's schema."""

from __future__ import annotations

from pathlib import Path

import click

from tocsin_host.cli.output import Output, json_option
from tocsin_host.errors import ExitCode, UsageError


@click.group()
def protocol() -> None:
    """Work on the wire protocol (in a checkout)."""


@protocol.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when a file is out of date.")
@json_option
def generate(check: bool) -> Output:
    """Write the codecs, the reference and the vectors from the schema."""
    from tocsin_protocol.generator import render

    root = _checkout()
    stale = {path: text for path, text in render().items() if _differs(root / path, text)}
    if not check:
        for path, text in stale.items():
            (root / path).write_text(text, encoding="utf-8")
    return _result(sorted(stale), check)


def _checkout() -> Path:
    import tocsin_protocol

    root = Path(tocsin_protocol.__file__).resolve().parents[2]
    if not (root / "pyproject.toml").is_file():
        raise UsageError(
            "this tocsin is not installed from a checkout",
            "clone the repository and `pip install -e .` there",
        )
    return root


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text(encoding="utf-8") != text


def _result(stale: list[str], check: bool) -> Output:
    if not stale:
        return Output({"stale": []}, "all generated files are up to date")
    names = ", ".join(stale)
    if check:
        text = f"out of date: {names}; run `tocsin protocol generate`"
        return Output({"stale": stale}, text, ExitCode.VERDICT)
    return Output({"written": stale}, f"written: {names}")
