"""Messages that have grown since they came: four codecs on old, cut and newer bodies."""

import ast
import importlib.util
import os
import random
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.protocol.captures import line

from tocsin_protocol import generator, reference, schema
from tocsin_protocol.errors import DecodeError, EncodeError
from tocsin_protocol.flow import Flow
from tocsin_protocol.frame import encode_frame
from tocsin_protocol.message import Direction, Message
from tocsin_protocol.schema.codes import PRIORITY
from tocsin_protocol.schema.config import ENTRY
from tocsin_protocol.vocabulary import Array, Blob, Choice, Field, Text, i32, u8, u16
from tocsin_sim.vm.script import run_script

if TYPE_CHECKING:
    from tests.protocol.conftest import Dissect, Job, Outcome, RunJobs

VM_SCRIPTS = Path(__file__).resolve().parent / "vm"
FIRMWARE = Path(__file__).resolve().parents[2] / "firmware"
SECOND, THIRD = (1, 1), (1, 2)


def grown(name: str, number: int, *fields: Field) -> Message:
    return Message(name, number, Direction.EITHER_AIR, f"{name}.", fields, flow=Flow.APART)


SPECIMENS = (
    grown("Numbers", 0x70, Field("a", u8(), "a"), Field("b", u16(3, 9), "b", SECOND)),
    grown(
        "Mixed",
        0x71,
        Field("a", Text(6), "a"),
        Field("b", i32(), "b", SECOND),
        Field("c", Choice(PRIORITY), "c", SECOND),
        Field("d", Blob(5), "d", THIRD),
    ),
    grown("Entries", 0x72, Field("a", Blob(3), "a"), Field("b", Array(ENTRY, 2), "b", SECOND)),
    grown("Bare", 0x73, Field("a", Text(4), "a", SECOND), Field("b", u8(), "b", THIRD)),
)
BY_NAME = {each.name: each for each in SPECIMENS}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generated files of a schema that is nothing but specimens."""
    root = tmp_path_factory.mktemp("specimens")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "MESSAGES", SPECIMENS)
        patch.setattr(schema, "AREAS", {"specimens": SPECIMENS})
        patch.setattr(schema, "MINOR", 2)
        rendered = generator.render()
    for path, text in rendered.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def _each(run: "Callable[[Message, Any], Any]") -> "RunJobs":
    def one(job: "Job") -> "Outcome":
        try:
            return ("ok", run(BY_NAME[job[0]], job[1]))
        except (EncodeError, DecodeError) as error:
            return ("refused", error.field)

    return lambda jobs: [one(job) for job in jobs]


def _reference(message: Message, task: Any) -> Any:
    if isinstance(task, dict):
        if isinstance(task.get("b"), list):
            entries = [dict(zip(("key", "value"), each, strict=True)) for each in task["b"]]
            return reference.encode(message, {**task, "b": entries})
        return reference.encode(message, task)
    return {name: _plain(value) for name, value in reference.decode(message, task[0]).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [tuple(each.values()) if isinstance(each, dict) else tuple(each) for each in value]
    return value


def _host(tree: Path) -> "RunJobs":
    path = tree / "host" / "tocsin_host" / "wire" / "__init__.py"
    spec = importlib.util.spec_from_file_location("specimen_wire", path)
    assert spec is not None
    assert spec.loader is not None
    wire = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = wire  # dataclass asks there
    spec.loader.exec_module(wire)

    def run(message: Message, task: Any) -> Any:
        if isinstance(task, dict):
            return wire.MESSAGES[message.id](**task).encode()
        decoded = wire.MESSAGES[message.id].decode(task[0])
        return {each.name: _plain(getattr(decoded, each.name)) for each in message.fields}

    return _each(run)


def _firmware(tree: Path, where: str) -> "RunJobs":
    jobs_path = tree / "jobs.txt"
    (tree / "micropython.py").write_text("def const(value: int) -> int:\n    return value\n")

    def on_cpython() -> str:
        path = os.pathsep.join([str(tree / "firmware"), str(tree)])
        done = subprocess.run(
            [sys.executable, VM_SCRIPTS / "codec_jobs.py", jobs_path],
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def on_vm() -> str:
        script = VM_SCRIPTS / "codec_jobs.py"
        result = run_script(script, [tree / "firmware"], arguments=[str(jobs_path)])
        assert result.status == 0, result.output
        return result.output

    def run(jobs: "Sequence[Job]") -> "list[Outcome]":
        jobs_path.write_text("".join(f"{job!a}\n" for job in jobs))
        output = on_vm() if where == "vm" else on_cpython()
        return [ast.literal_eval(line) for line in output.splitlines()]

    return run


@pytest.fixture(scope="module", params=["reference", "host", "cpython", "vm"])
def run(request: pytest.FixtureRequest, tree: Path) -> "RunJobs":
    """Each of the four codecs in turn."""
    if request.param == "reference":
        return _each(_reference)
    return _host(tree) if request.param == "host" else _firmware(tree, request.param)


def _random_fields(message: Message, source: random.Random) -> dict[str, Any]:
    choices: dict[str, dict[str, Callable[[], Any]]] = {
        "Numbers": {"a": lambda: source.randrange(256), "b": lambda: source.randint(3, 9)},
        "Mixed": {
            "a": lambda: "h\u00e9llo"[: source.randrange(6)],
            "b": lambda: source.randint(-(2**31), 2**31 - 1),
            "c": lambda: source.randint(1, 2),
            "d": lambda: source.randbytes(source.randrange(6)),
        },
        "Entries": {
            "a": lambda: source.randbytes(source.randrange(4)),
            "b": lambda: [
                (source.randrange(256), source.randbytes(source.randrange(33)))
                for _ in range(source.randrange(3))
            ],
        },
        "Bare": {"a": lambda: "abcd"[: source.randrange(5)], "b": lambda: source.randrange(256)},
    }
    return {name: draw() for name, draw in choices[message.name].items()}


def _random_messages() -> "list[Job]":
    source = random.Random(3)
    return [(each.name, _random_fields(each, source)) for each in SPECIMENS for _ in range(40)]


def _reading(name: str, body: bytes) -> "Job":
    return name, (body, [each.name for each in BY_NAME[name].fields])


def _bodies(messages: "list[Job]") -> list[bytes]:
    return [body for _, body in _each(_reference)(messages)]


def test_grown_messages_travel_whole(run: "RunJobs") -> None:
    messages = _random_messages()
    bodies = _bodies(messages)
    assert run(messages) == [("ok", body) for body in bodies]
    reading = [
        _reading(name, body + b"\x00\xff") for (name, _), body in zip(messages, bodies, strict=True)
    ]
    assert run(reading) == [("ok", fields) for _, fields in messages]


def test_only_bodies_that_end_before_a_part_of_the_tail_are_taken(run: "RunJobs") -> None:
    """What an older peer leaves out is at default; any other truncation is refused."""
    jobs, expected = [], []
    for (name, fields), body in zip(_random_messages(), _bodies(_random_messages()), strict=True):
        older = _older(BY_NAME[name], fields)
        for length in range(len(body)):
            jobs.append(_reading(name, body[:length]))
            expected.append(("ok", older[length]) if length in older else "refused")
    outcomes = run(jobs)
    assert any(state == "ok" for state, _ in outcomes)
    got = [outcome if outcome[0] == "ok" else "refused" for outcome in outcomes]
    assert got == expected


def _older(message: Message, fields: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """Length of each older version's body, and the fields it stands for."""
    found = {}
    known: tuple[Field, ...] = ()
    for part in message.parts[:-1]:
        known += part
        short = Message(message.name, message.id, message.direction, "", known)
        rest = {each.name: each.word.default for each in message.fields[len(known) :]}
        found[len(_reference(short, fields))] = fields | rest
    return found


def test_the_vectors_hold_a_body_of_every_older_version(tree: Path, run: "RunJobs") -> None:
    import json

    def octets(item: dict[str, Any]) -> Any:
        return bytes.fromhex(item["hex"]) if item.keys() == {"hex"} else item

    text = (tree / "protocol" / "vectors.json").read_text()
    vectors = json.loads(text, object_hook=octets)
    older = vectors["older_bodies"]
    assert len(older) == sum(len(each.parts) - 1 for each in SPECIMENS)
    outcomes = run([_reading(v["message"], bytes.fromhex(v["hex"])) for v in older])
    assert outcomes == [("ok", v["fields"]) for v in older]
    bad = vectors["bad_bodies"]
    outcomes = run([_reading(v["message"], bytes.fromhex(v["hex"])) for v in bad])
    assert {state for state, _ in outcomes} == {"refused"}


def test_the_dissector_ends_where_an_older_body_ends(tree: Path, dissect: "Dissect") -> None:
    older, whole = b"\x02ab", b"\x02ab\x01\x00\x00\x00\x02"
    frames = [encode_frame(bytes(4) + b"\x71\x01" + body) for body in (older, whole, whole[:-1])]
    protos = dissect(line(frames), script=tree / "protocol" / "tocsin.lua")
    names = [{each.get("name") for each in proto.iter("field")} for proto in protos]
    tail = {"tocsin.mixed.b", "tocsin.mixed.c"}
    assert [len(tail & found) for found in names] == [0, 2, 1]
    assert ["tocsin.bad_field" in found for found in names] == [False, False, True]


def test_a_handset_forgets_the_tail_of_the_message_before(tree: Path) -> None:
    script = (
        "from tocsin.wire import Numbers\n"
        "numbers = Numbers()\n"
        "numbers.decode_from(b'\\x01\\x05\\x00', 0, 3)\n"
        "numbers.decode_from(b'\\x02', 0, 1)\n"
        "print(numbers.a, numbers.b)\n"
    )
    assert run_script(script, [tree / "firmware"]).output == "2 3\n"


def test_the_document_says_which_fields_may_be_missing(tree: Path) -> None:
    text = (tree / "protocol" / "INTERFACE.md").read_text()
    assert "| `c` | u8 [Priority](#priority) | 1 to 2 | c; since 1.1 |" in text


def test_what_is_generated_for_a_tail_is_laid_out_as_ruff_would(tree: Path) -> None:
    paths = [tree / "host/tocsin_host/wire", tree / "firmware/tocsin"]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--check", "--line-length=100", *paths],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
