"""One face for five codecs: construct reference, host, firmware on CPython and on two VMs.

A job is (message name, fields to encode) or (message name, (body, names of its fields)); its
outcome is ("ok", body or fields) or ("refused", field). Arrays are lists of tuples throughout.
"""

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

import pytest
from tests.vm31 import machine
from tests.vm31.machine import Vm31

from tocsin_host import wire as host_wire
from tocsin_protocol import reference, schema
from tocsin_protocol.errors import DecodeError, EncodeError
from tocsin_protocol.message import Message
from tocsin_protocol.vocabulary import Array
from tocsin_sim.vm.script import run_script

ROOT = Path(__file__).resolve().parents[2]
VM_SCRIPTS = Path(__file__).resolve().parent / "vm"
for folder in (ROOT, ROOT / "firmware", VM_SCRIPTS):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
if "micropython" not in sys.modules:  # the one module of the firmware's that CPython lacks
    stand_in = ModuleType("micropython")
    stand_in.const = lambda value: value  # type: ignore[attr-defined]
    sys.modules["micropython"] = stand_in

MESSAGES = {message.name: message for message in schema.MESSAGES}

DISSECTOR = ROOT / "protocol" / "tocsin.lua"

Dissect = Callable[..., list[Element]]
Fields = dict[str, Any]
Job = tuple[str, Any]
Outcome = tuple[str, Any]
RunJobs = Callable[[Sequence[Job]], list[Outcome]]


class Codec:
    """A codec under test; `on_handset` when it has only the directions a handset needs."""

    def __init__(self, name: str, run: RunJobs, *, on_handset: bool = False) -> None:
        self.name, self.run, self.on_handset = name, run, on_handset

    def can(self, job: Job) -> bool:
        direction = MESSAGES[job[0]].direction
        needed = direction.leaves_handset if isinstance(job[1], dict) else direction.reaches_handset
        return needed or not self.on_handset


def _one_by_one(encode: Callable[..., bytes], decode: Callable[..., Fields]) -> RunJobs:
    def run(job: Job) -> Outcome:
        name, task = job
        message = MESSAGES[name]
        try:
            body_or_fields = encode if isinstance(task, dict) else decode
            return ("ok", body_or_fields(message, task if isinstance(task, dict) else task[0]))
        except (EncodeError, DecodeError) as error:
            return ("refused", error.field)

    return lambda jobs: [run(job) for job in jobs]


def _reference_encode(message: Message, fields: Fields) -> bytes:
    values = dict(fields)
    for each in message.fields:
        if isinstance(each.word, Array):
            names = [inner.name for inner in each.word.record.fields]
            values[each.name] = [
                dict(zip(names, entry, strict=True)) for entry in fields[each.name]
            ]
    return reference.encode(message, values)


def _reference_decode(message: Message, body: bytes) -> Fields:
    return {name: _tuples(value) for name, value in reference.decode(message, body).items()}


def _tuples(value: Any) -> Any:
    return [tuple(entry.values()) for entry in value] if isinstance(value, list) else value


def _host_encode(message: Message, fields: Fields) -> bytes:
    made: Any = host_wire.MESSAGES[message.id]
    return made(**fields).encode()  # type: ignore[no-any-return]


def _host_decode(message: Message, body: bytes) -> Fields:
    decoded = host_wire.MESSAGES[message.id].decode(body)
    return {each.name: getattr(decoded, each.name) for each in message.fields}


def _on_cpython(jobs: Sequence[Job]) -> list[Outcome]:
    firmware = import_module("codec_jobs")
    return [firmware.run(job) for job in jobs]


@pytest.fixture(scope="session")
def run_on_vm(tmp_path_factory: pytest.TempPathFactory) -> RunJobs:
    """All jobs in one run of the VM."""
    path = tmp_path_factory.mktemp("vm") / "jobs.txt"

    def run(jobs: Sequence[Job]) -> list[Outcome]:
        path.write_text("".join(f"{job!a}\n" for job in jobs))
        result = run_script(
            VM_SCRIPTS / "codec_jobs.py",
            [ROOT / "firmware"],
            arguments=[str(path)],
            timeout_s=60.0,
        )
        assert result.status == 0, result.output
        return [ast.literal_eval(line) for line in result.output.splitlines()]

    return run


@pytest.fixture(scope="session")
def vm31() -> Iterator[Vm31]:
    """A VM with 31-bit small integers; skips where it is not installed."""
    with machine.started() as vm:
        yield vm


def _run_on(vm: Vm31, path: Path) -> RunJobs:
    def run(jobs: Sequence[Job]) -> list[Outcome]:
        path.write_text("".join(f"{job!a}\n" for job in jobs))
        result = vm.run(VM_SCRIPTS / "codec_jobs.py", [ROOT / "firmware"], [str(path)])
        assert result.status == 0, result.output
        return [ast.literal_eval(line) for line in result.output.splitlines()]

    return run


@pytest.fixture(
    scope="session",
    params=["reference", "host", "firmware", "firmware on the VM", "firmware on 31 bits"],
)
def codec(
    request: pytest.FixtureRequest, run_on_vm: RunJobs, tmp_path_factory: pytest.TempPathFactory
) -> Codec:
    """Each of the codecs in turn."""
    if request.param != "firmware on 31 bits":
        return next(each for each in _codecs(run_on_vm) if each.name == request.param)
    vm = request.getfixturevalue("vm31")
    jobs = tmp_path_factory.mktemp("vm31") / "jobs.txt"
    return Codec(request.param, _run_on(vm, jobs), on_handset=True)


@pytest.fixture(scope="session")
def codecs(
    request: pytest.FixtureRequest, run_on_vm: RunJobs, tmp_path_factory: pytest.TempPathFactory
) -> list[Codec]:
    """All codecs; the one on 31 bits only where its VM is installed."""
    found = _codecs(run_on_vm)
    if not machine.missing():
        jobs = tmp_path_factory.mktemp("vm31") / "jobs.txt"
        run = _run_on(request.getfixturevalue("vm31"), jobs)
        found.append(Codec("firmware on 31 bits", run, on_handset=True))
    return found


def _codecs(run_on_vm: RunJobs) -> list[Codec]:
    return [
        Codec("reference", _one_by_one(_reference_encode, _reference_decode)),
        Codec("host", _one_by_one(_host_encode, _host_decode)),
        Codec("firmware", _on_cpython, on_handset=True),
        Codec("firmware on the VM", run_on_vm, on_handset=True),
    ]


@pytest.fixture(scope="session")
def dissect(tmp_path_factory: pytest.TempPathFactory) -> Dissect:
    """tshark with a generated dissector; skips where there is no tshark."""
    tshark = shutil.which("tshark")
    if tshark is None:
        pytest.skip("needs tshark: apt-get install tshark")
    folder = tmp_path_factory.mktemp("tshark")

    def run(
        capture: bytes, *arguments: str, script: Path = DISSECTOR, proto: str = "tocsin"
    ) -> list[Element]:
        path = folder / "capture.pcap"
        path.write_bytes(capture)
        command = [tshark, "-X", f"lua_script:{script}", "-r", str(path), "-T", "pdml", *arguments]
        done = subprocess.run(command, capture_output=True, check=True)
        assert b"Lua" not in done.stderr, done.stderr.decode()
        return ET.fromstring(done.stdout).findall(f"packet/proto[@name='{proto}']")

    return run


@pytest.fixture(scope="session")
def vectors() -> dict[str, Any]:
    """The golden vectors, octets as bytes and arrays as tuples."""
    text = (ROOT / "protocol" / "vectors.json").read_text()
    found = json.loads(text, object_hook=_octets)
    found.setdefault("older_bodies", [])
    for vector in found["messages"] + found["older_bodies"] + found["bad_fields"]:
        vector["fields"] = {name: _tuples(value) for name, value in vector["fields"].items()}
    return found  # type: ignore[no-any-return]


def _octets(item: Fields) -> Any:
    return bytes.fromhex(item["hex"]) if item.keys() == {"hex"} else item
