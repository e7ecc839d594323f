"""The generated files: current, complete, and light enough for the handset."""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from tocsin_host import wire as host_wire
from tocsin_protocol import reference, schema
from tocsin_protocol.generator import render, samples
from tocsin_protocol.vocabulary import Field, Integer
from tocsin_sim.vm.script import run_script

if TYPE_CHECKING:
    from tests.vm31.machine import Vm31

rendered = cache(render)

LARGEST_SMALL_INT = (1 << 30) - 1  # on a VM of 32 bits
ROOT = Path(__file__).resolve().parents[2]
HEAP_LOCK = Path(__file__).resolve().parent / "vm" / "heap_lock.py"


def test_checked_in_files_follow_from_the_schema() -> None:
    stale = [path for path, text in rendered().items() if (ROOT / path).read_text() != text]
    assert stale == [], "run `tocsin protocol generate`"


def test_no_generated_module_is_left_over() -> None:
    made = {ROOT / path for path in rendered()}
    for folder in {path.parent for path in made if path.name == "__init__.py"}:
        assert {path for path in folder.iterdir() if path.suffix == ".py"} <= made


def test_no_generated_module_is_long() -> None:
    long = [path for path, text in rendered().items() if path.endswith(".py") and len(text) > 20000]
    assert long == []


def test_numbers_encode_without_allocating_on_the_vm() -> None:
    messages = numbers_only(LARGEST_SMALL_INT)
    result = run_script(HEAP_LOCK, [ROOT / "firmware"], arguments=[*messages, "Info"])
    assert result.output.splitlines() == outcomes(messages, "ok", "Info allocates")


def test_numbers_encode_without_allocating_on_the_31_bit_vm(vm31: "Vm31") -> None:
    messages = numbers_only(LARGEST_SMALL_INT)
    result = vm31.run(HEAP_LOCK, [ROOT / "firmware"], [*messages, "Info"])
    assert result.output.splitlines() == outcomes(messages, "ok", "Info allocates")


def test_a_number_of_32_bits_allocates_on_the_31_bit_vm_only(vm31: "Vm31") -> None:
    """The measure tells them apart, and wide numbers stay out of what may not allocate."""
    beyond = ["ActivationRecord,activation=4294967295,is_open=0,attempt=0"]
    wide = run_script(HEAP_LOCK, [ROOT / "firmware"], arguments=beyond).output
    assert wide == "ActivationRecord ok\n"
    assert vm31.run(HEAP_LOCK, [ROOT / "firmware"], beyond).output == "ActivationRecord allocates\n"


def numbers_only(highest: int) -> list[str]:
    """Messages of nothing but numbers, each as high as it may be up to `highest`."""
    return [
        ",".join([message.name, *(_highest(each, highest) for each in message.fields)])
        for message in schema.MESSAGES
        if message.direction.leaves_handset
        and message.fields
        and all(isinstance(each.word, Integer) for each in message.fields)
    ]


def _highest(field: Field, highest: int) -> str:
    assert isinstance(field.word, Integer)
    return f"{field.name}={min(field.word.maximum, highest)}"


def outcomes(messages: list[str], outcome: str, *others: str) -> list[str]:
    return [*(f"{each.split(',')[0]} {outcome}" for each in messages), *others]


def firmware_modules() -> list[ModuleType]:
    """Every module of the firmware's codec."""
    paths = [path for path in rendered() if path.startswith("firmware/")]
    names = [path.removeprefix("firmware/").removesuffix(".py") for path in paths]
    return [import_module(name.removesuffix("/__init__").replace("/", ".")) for name in names]


def test_the_firmware_names_only_stages_it_may_report() -> None:
    from tocsin import wire

    named = {name.removeprefix("STAGE_") for name in dir(wire) if name.startswith("STAGE_")}
    assert named == {
        stage.name for stage in host_wire.Stage if host_wire.Reporter.FIRMWARE in stage.reporters
    }


def test_both_sides_know_the_same_numbers() -> None:
    firmware = {name: value for each in firmware_modules() for name, value in vars(each).items()}
    for names in chain(schema.ENUMS, schema.FLAGS):
        host_names = getattr(host_wire, names.name)
        for member in names.members:
            assert host_names[member.name] == member.value
            constant = firmware.get(f"{names.prefix}_{member.name}", member.value)
            assert constant == member.value


def test_both_sides_know_the_same_haptic_patterns() -> None:
    from tocsin import wire

    assert {n.value: n.pattern for n in host_wire.Notice} == wire.NOTICE_PATTERNS


def test_both_sides_know_the_same_configuration() -> None:
    from tocsin.storage import wire

    assert list(wire.CONFIG_FIELDS) == [
        (f.key, f.name, f.kind, f.minimum, f.maximum, f.default, f.secret)
        for f in host_wire.CONFIG.values()
    ]


def test_both_sides_know_who_may_set_a_key() -> None:
    from tocsin.wire_dialogue.config import CONFIG_ROLES

    def bits(roles: Iterable[str]) -> int:
        return sum(1 << host_wire.Role[role] for role in roles)

    assert {f.key: bits(f.roles) for f in host_wire.CONFIG.values() if f.roles} == CONFIG_ROLES
    factory_only = {name for name, each in host_wire.CONFIG.items() if each.roles == ("FACTORY",)}
    keys = {f"{role.name.lower()}_key" for role in host_wire.Role}
    assert factory_only == {"issued", "identity", "report_key", *keys}


def test_an_unclaimed_handset_may_only_be_claimed_asked_and_wiped() -> None:
    from tocsin.wire_dialogue import OF_UNCLAIMED

    questions = {host_wire.InfoGet.ID, host_wire.StatusGet.ID}
    taken = questions | {host_wire.Claim.ID, host_wire.Wipe.ID}
    assert set(OF_UNCLAIMED) == taken
    assert all(host_wire.Role.FACTORY in host_wire.MESSAGES[each].ROLES for each in taken)


def test_a_body_cut_where_its_buffer_ends_is_refused_like_any_other() -> None:
    """Reading on would be an error of another kind, which no handler expects."""
    from tocsin import wire

    classes: dict[str, Any] = {
        name: value for each in firmware_modules() for name, value in vars(each).items()
    }
    for message in schema.MESSAGES:
        if message.direction.reaches_handset:
            fields = {each.name: samples.highest(each.word) for each in message.fields}
            body = reference.encode(message, fields)
            required = body[: sum(each.word.max_bytes for each in message.parts[0])]
            for length in range(len(required)):
                with pytest.raises(wire.DecodeError):
                    classes[message.name]().decode_from(body[:length], 0, length)


def test_a_chunk_is_decoded_in_place() -> None:
    from tocsin.wire_dialogue.transfer import TransferChunk

    buf = bytearray(host_wire.TransferChunk(9, b"before").encode())
    chunk = TransferChunk().decode_from(memoryview(buf), 0, len(buf))
    buf[-6:] = b"behind"
    assert bytes(chunk.data) == b"behind"


def test_the_document_draws_every_body() -> None:
    text = rendered()["protocol/INTERFACE.md"]
    for message in schema.MESSAGES:
        section = text.partition(f'<a id="{message.name.lower()}"></a>')[2].partition("<a id=")[0]
        drawn = section.partition("```text")[2].partition("```")[0]
        assert [each.name for each in message.fields if each.name not in drawn] == []


def test_the_document_has_one_anchor_a_message() -> None:
    text = rendered()["protocol/INTERFACE.md"]
    for message in schema.MESSAGES:
        assert text.count(f'<a id="{message.name.lower()}"></a>') == 1
        assert f"](#{message.name.lower()})" in text
