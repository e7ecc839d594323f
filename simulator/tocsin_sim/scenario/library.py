"""The scenarios that come with the simulator."""

from __future__ import annotations

import difflib
from pathlib import Path

from tocsin_host.errors import UsageError
from tocsin_sim.scenario.load import load
from tocsin_sim.scenario.model import Scenario

FOLDER = Path(__file__).parents[1] / "scenarios"


def names() -> list[str]:
    """Return the names of all shipped scenarios, in their order."""
    return [path.stem for path in sorted(FOLDER.glob("*.toml"))]


def find(name_or_path: str) -> Scenario:
    """Return the scenario of this name, or in this file. Raises UsageError, ScenarioError."""
    if name_or_path.endswith(".toml"):
        return load(Path(name_or_path))
    matching = [each for each in names() if each.partition("_")[2] == name_or_path]
    stem = name_or_path if name_or_path in names() else next(iter(matching), "")
    if not stem:
        near = difflib.get_close_matches(name_or_path, names(), n=1, cutoff=0.4)
        guess = f"did you mean {near[0]}? " if near else ""
        hint = f"{guess}`tocsin sim scenario list` names all; a file ends in .toml"
        raise UsageError(f"there is no scenario {name_or_path!r}", hint)
    return load(FOLDER / f"{stem}.toml")
