"""The host's decoders against construct's, interpreted and compiled, in turns.

construct decodes by the schema itself, which refuses the same values; and once more by the bare
forms of the fields, which let everything pass.
"""

import time
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

import construct
from tests.bench.codec_jobs import SAMPLES
from tests.bench.figures import Figure

from tocsin_host import wire
from tocsin_protocol import reference, schema
from tocsin_protocol.message import Message

TITLE = "Decoding on the host"

_INTERPRETED_GOAL, _COMPILED_GOAL = 10, 3
_BATCH_NS = 2_000_000
_TRIES = 20
_Decode = Callable[[bytes], Any]


def measure(rounds: int) -> list[Figure]:
    """Decode each sample message in all three ways, `rounds` times in turn."""
    messages = {message.name: message for message in schema.MESSAGES}
    return [figure for name in SAMPLES for figure in _figures(messages[name], rounds)]


def _figures(message: Message, rounds: int) -> Iterator[Figure]:
    sample = SAMPLES[message.name]
    body = reference.encode(message, sample)
    checked = construct.Struct(*(each.name / each.word for each in message.fields))
    bare = construct.Struct(*(each.name / each.word.subcon for each in message.fields))
    ways: list[_Decode] = [
        wire.MESSAGES[message.id].decode,
        checked.parse,
        checked.compile().parse,
        bare.compile().parse,
    ]
    for decode in ways:
        assert [attrgetter(name)(decode(body)) for name in sample] == list(sample.values())
    ours, interpreted, compiled, unchecked = _best_us(ways, body, rounds)
    yield Figure(f"{message.name} decode", ours, "us", f"{len(body)} octets; best of {rounds}")
    for kind, their, goal in (
        ("construct, interpreted", interpreted, _INTERPRETED_GOAL),
        ("construct, compiled", compiled, _COMPILED_GOAL),
        ("construct, compiled, no checks", unchecked, None),
    ):
        yield Figure(f"... faster than {kind}", their / ours, "x", f"{their:.1f} us", at_least=goal)


def _best_us(ways: list[_Decode], body: bytes, rounds: int) -> list[float]:
    counts = [max(_TRIES, int(_BATCH_NS / _one_ns(each, body, _TRIES))) for each in ways]
    found = [
        [_one_ns(decode, body, count) for decode, count in zip(ways, counts, strict=True)]
        for _ in range(rounds)
    ]
    return [min(times) / 1000 for times in zip(*found, strict=True)]


def _one_ns(decode: _Decode, body: bytes, count: int) -> float:
    start_ns = time.perf_counter_ns()
    for _ in range(count):
        decode(body)
    return (time.perf_counter_ns() - start_ns) / count
