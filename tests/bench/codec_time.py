"""The firmware's codec on the VM against json, msgpack and protobuf, in turns, at its heap."""

import ast
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench.codec_jobs import OURS, VALUES_ONLY, jobs_source
from tests.bench.figures import Figure

from tocsin_host.bytecode import compile_tree
from tocsin_host.firmware_tree import firmware_root
from tocsin_sim.simulation import HEAP_BYTES
from tocsin_sim.vm.script import run_script

TITLE = f"Codec on the VM at a heap of {HEAP_BYTES >> 10} K: fields to octets of a frame, and back"

_VM = Path(__file__).resolve().parent / "vm"
_RACE = _VM / "race.py"
_PEERS = ("minipb", "chumicro_msgpack")
_ENCODE_GOAL = 2.5
_TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True)
class Lane:
    """What one format needed for one step of one message."""

    message: str
    step: str
    form: str
    octets: int
    heap_bytes: int
    rounds_us: list[float]

    @property
    def best_us(self) -> float:
        """The round that other programs disturbed least."""
        return min(self.rounds_us)

    def times(self, ours: "Lane") -> float:
        """How many times our time it takes."""
        return self.best_us / ours.best_us

    def told(self, ours: "Lane") -> str:
        """As one of a list: `json 6.7x 89`."""
        return f"{self.form} {self.times(ours):.1f}x {self.octets}"


def measure(rounds: int) -> list[Figure]:
    """Race all formats `rounds` times."""
    lanes = _raced(rounds)
    groups = {(each.message, each.step): each for each in lanes if each.form == OURS}
    return [
        figure
        for key, ours in groups.items()
        for figure in _figures(ours, [e for e in lanes if (e.message, e.step) == key and e != ours])
    ]


def _figures(ours: Lane, others: list[Lane]) -> Iterator[Figure]:
    named = [each for each in others if each.form not in VALUES_ONLY]
    name = f"{ours.message} {ours.step}"
    heap = f"{ours.octets} octets, {ours.heap_bytes} bytes of heap"
    yield Figure(name, ours.best_us, "us", f"{heap}; best of {len(ours.rounds_us)}")
    fastest = min(named, key=lambda each: each.times(ours))
    told = ", ".join(each.told(ours) for each in others)
    goal = _ENCODE_GOAL if ours.step == "encode" else None
    yield Figure(f"... faster than {fastest.form}", fastest.times(ours), "x", told, at_least=goal)
    if ours.step == "encode":
        smallest = min(named, key=lambda each: each.octets)
        limit = smallest.octets - 1
        yield Figure(f"... smaller than {smallest.form}", ours.octets, "octets", at_most=limit)


def _raced(rounds: int) -> list[Lane]:
    tree = compile_tree(dict(_sources()))
    result = run_script(
        _RACE, [tree], heap_bytes=HEAP_BYTES, arguments=[str(rounds)], timeout_s=_TIMEOUT_S
    )
    if result.status:
        raise RuntimeError(f"the race failed: {result.output}")
    return [Lane(*ast.literal_eval(line)) for line in result.output.splitlines()]


def _sources() -> Iterator[tuple[str, bytes]]:
    yield "jobs.py", jobs_source().encode()
    for path in _VM.glob("*.py"):
        if path != _RACE:
            yield path.name, path.read_bytes()
    for path in (firmware_root() / "tocsin").rglob("*.py"):
        yield str(path.relative_to(firmware_root())), path.read_bytes()
    for peer in _PEERS:
        spec = importlib.util.find_spec(peer)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"there is no {peer}: pip install 'tocsin[bench]'")
        path = Path(spec.origin)
        files = path.parent.glob("*.py") if path.stem == "__init__" else [path]
        for each in files:
            yield (
                str(each.relative_to(path.parent.parent if spec.parent else path.parent)),
                (each.read_bytes()),
            )
