"""Ten million octets over a line that damages everything, through frames and channel.

The course is the portable cases' own: here it is long, and its figures are told.
"""

import ast
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType

from tocsin_protocol.frame import FrameDecoder
from tocsin_sim.simulation import HEAP_BYTES
from tocsin_sim.vm.script import run_script

_ROOT = Path(__file__).resolve().parents[2]
_SEARCH_PATH = [_ROOT / "firmware", _ROOT / "tests" / "firmware"]
_SCRIPT = """
import sys
module = __import__("portable_cases." + sys.argv[1])
print(getattr(module, sys.argv[1]).run(*sys.argv[2:]))
"""
_TIMEOUT_S = 1200.0
_BYTES = 10_000_000


def host_with_handset(seed: int, scale: float) -> dict[str, int]:
    """The host's channel and the handset's, both on CPython."""
    cases, ends = imported("portable_cases.channel_cases"), imported("host_end")
    with _traced() as live_bytes:
        return _figures(
            cases.everything_arrives_and_memory_is_flat(
                seed, _scaled(scale), [ends.HostEnd(), cases.HandsetEnd()], live_bytes
            )
        )


def handset_with_handset_on_the_vm(seed: int, scale: float) -> dict[str, int]:
    """Two of the handset's ends at the handset's heap."""
    return _on_the_vm("channel_cases", seed, scale)


def host_after_rubbish(seed: int, scale: float) -> dict[str, int]:
    """The host's frame decoder."""
    cases = imported("portable_cases.resync_cases")
    with _traced() as live_bytes:
        decoder = FrameDecoder()
        return _figures(cases.the_next_frame_is_read(seed, _scaled(scale), decoder, live_bytes))


def handset_after_rubbish_on_the_vm(seed: int, scale: float) -> dict[str, int]:
    """The handset's frame decoder at the handset's heap."""
    return _on_the_vm("resync_cases", seed, scale)


def _on_the_vm(cases: str, seed: int, scale: float) -> dict[str, int]:
    arguments = [cases, str(_scaled(scale)), str(seed)]
    result = run_script(
        _SCRIPT, _SEARCH_PATH, heap_bytes=HEAP_BYTES, arguments=arguments, timeout_s=_TIMEOUT_S
    )
    if result.status:
        raise AssertionError(f"{cases}, seed {seed}: status {result.status}\n{result.output}")
    return _figures(ast.literal_eval(result.output))


def _scaled(scale: float) -> int:
    return round(_BYTES * scale)


def _figures(found: object) -> dict[str, int]:
    assert isinstance(found, dict)
    return found


@contextmanager
def _traced() -> Iterator[Callable[[], int]]:
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()


def imported(name: str) -> ModuleType:
    """A module of the firmware or its tests; `micropython` is the one CPython lacks."""
    if "micropython" not in sys.modules:
        stub = ModuleType("micropython")
        stub.const = lambda value: value  # type: ignore[attr-defined]
        sys.modules["micropython"] = stub
    for folder in map(str, _SEARCH_PATH):
        if folder not in sys.path:
            sys.path.insert(0, folder)
    return import_module(name)
