"""Every recorded answer of a modem of a supported family means to the firmware what it meant.

The real families run on the VM; the answers come byte by byte and in random pieces.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tocsin_host.firmware_tree import firmware_root
from tocsin_sim.vm.script import run_script

HERE = Path(__file__).resolve().parent
SEARCH_PATH = (firmware_root(), HERE / "firmware/boards/replay")
SCRIPT = "import at_replay, sys; at_replay.run(sys.argv[1])"
SEEDS = (0, 1, 2, 3)  # 0: byte by byte

OK, FAILED, TIMED_OUT = 2, 3, 4
NO_CALL, NOT_TOLD = -1, -2

# Not asked by any family, so that nothing comes of the answer: why.
UNUSED = {
    "AT+CESQ": "signal is asked by +CSQ",
    "AT+CGNSINF": "of the SIM7000 and SIM7070, which are not supported",
    "AT+QSPN": "the operator's name is not needed",
    "AT+QNWINFO": "the serving cell is asked by +QENG",
    "AT+CGREG?": "data service says nothing of calls",
    "AT+C5GREG?": "data service says nothing of calls",
    "AT+CSQ": "asked by a host only; the host's handler reads it",
    "AT+CSQ ": "an echo, not an answer",
    "AT+CREG": "without a question mark it asks nothing",
}


def family(record: dict[str, Any]) -> str:
    if record["vendor"] == "Quectel":
        return "ec25"
    if record["vendor"] == "SIMCom":
        return "sim7600" if "SIM7" in record["model"] and "767" not in record["model"] else "a76xx"
    return "generic"


def ask(record: dict[str, Any]) -> str:
    """What the firmware does to get this answer."""
    command = record["command"]
    if record["kind"] == "framing-final" or (command or "").upper().startswith("ATD"):
        return "dial"
    if command is None:
        return "listen"
    by_command = {
        "AT+CLCC": "calls", "AT+CCLK?": "clock", "AT+CPSI?": "cell", "AT+CPIN?": "sim",
        "AT+CREG?": "registration", "AT+CEREG?": "registration", 'AT+QENG="servingcell"': "cell",
    }  # fmt: skip
    return "message" if command.startswith("AT+CMGS") else by_command.get(command, "command")


def is_supported(record: dict[str, Any]) -> bool:
    return record["vendor"] in {"SIMCom", "Quectel"} or record["vendor"].startswith("3GPP")


@pytest.fixture(scope="module")
def records(shared_data: Path) -> list[dict[str, Any]]:
    text = (shared_data / "at/at_responses.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def replayed(records: list[dict[str, Any]], seed: int, folder: Path) -> dict[str, dict[str, Any]]:
    """What the firmware made of each record, by its id."""
    path = folder / "records"
    asked = [
        {key: each[key] for key in ("id", "command", "response")}
        | {"family": family(each), "ask": ask(each), "seed": seed}
        for each in records
    ]
    path.write_text("".join(json.dumps(each) + "\n" for each in asked))
    result = run_script(SCRIPT, SEARCH_PATH, arguments=[str(path)], timeout_s=60)
    assert result.status == 0, result.output
    return {each["id"]: each for each in map(json.loads, result.output.splitlines())}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_answer_of_a_supported_family_means_what_it_meant(
    records: list[dict[str, Any]], tmp_path: Path, seed: int
) -> None:
    told = [each for each in records if is_supported(each) and each.get("expect") is not None]
    made = replayed(told, seed, tmp_path)
    compared = 0
    for record in told:
        if record["kind"] == "framing-echo" or record["command"] in UNUSED:
            continue
        check(record, made[record["id"]])
        compared += 1
    assert compared >= 70


def check(record: dict[str, Any], made: dict[str, Any]) -> None:
    expect, what = record["expect"], (record, made)
    if "stat" in expect:
        stat = 8 if expect["stat"] == 11 else expect["stat"]
        is_calls = not (expect.get("is_cgreg") or expect.get("is_5g"))
        assert made["registration"] == (stat if is_calls else -1), what
    elif "voice_calls" in expect:
        assert made["call"] == call_of(expect["voice_calls"]), what
    elif "mcc" in expect or "mode" in expect or "rat" in expect:
        check_cell(record, made)
    elif "iso8601" in expect:
        assert made["value"] == utc_of(expect["iso8601"]), what
    elif "fix" in expect:
        check_fix(expect, made)
    elif "final_result_found" in expect:
        found = made["status"] in (OK, FAILED)
        assert (found, made["status"] == FAILED) == tuple(expect.values()), what
    elif expect.get("error"):
        assert made["error"] or made["status"] == FAILED, what
    elif expect.get("event") in {"voice_call_begin", "voice_call_end"}:
        assert made["began"] is (expect["event"] == "voice_call_begin"), what
        assert made["ended"] is (expect["event"] == "voice_call_end"), what
    else:
        # Calls to the handset, tones, operators' names: heard, and nothing comes of it.
        assert (made["call"], made["ended"], made["trouble"]) == (NO_CALL, False, []), what


def call_of(calls: list[dict[str, Any]]) -> int:
    """The state of the first call of the handset's own; ended is as none, and so is another's."""
    ours = [each["stat"] for each in calls if each["direction"] == "outgoing"]
    return next((stat for stat in ours if stat != 6), NO_CALL)


def check_cell(record: dict[str, Any], made: dict[str, Any]) -> None:
    expect = record["expect"]
    mcc, mnc, area, cell = made["cell"]
    fields = record["response"].split(",")
    if "rat" in expect:
        assert (mcc, mnc) == (fields[4], fields[5])
        assert (area, cell) == (expect["tac"], expect["cellid"])
        return
    assert (mcc, mnc) == (expect.get("mcc", ""), expect.get("mnc", "")), (record, made)
    for name, value in (("tac", area), ("cell", cell)):
        assert value == expect.get(name, value)


def check_fix(expect: dict[str, Any], made: dict[str, Any]) -> None:
    if not expect["fix"]:
        assert made["fix"] is None, (expect, made)
        return
    (lat_deg_e7, lon_deg_e7), utc, radius_m = made["fix"]
    assert lat_deg_e7 == pytest.approx(expect["lat"] * 1e7, abs=6)
    assert lon_deg_e7 == pytest.approx(expect["lon"] * 1e7, abs=6)
    assert radius_m > 0
    if "utc" in expect:
        assert utc == utc_of(expect["utc"])


def utc_of(iso8601: str | None) -> list[int] | None:
    if iso8601 is None:
        return None
    utc = datetime.fromisoformat(iso8601).astimezone(UTC)
    return [utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_answer_of_any_modem_at_all_raises_or_is_taken_for_a_missing_sim(
    records: list[dict[str, Any]], tmp_path: Path, seed: int
) -> None:
    made = replayed(records, seed, tmp_path)
    assert len(made) == len(records) == 456
    assert all(each["trouble"] == [] for each in made.values())
