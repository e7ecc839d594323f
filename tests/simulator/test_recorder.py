from __future__ import annotations

from tocsin_host import wire
from tocsin_host.measure.record import RunRecord
from tocsin_sim.recorder import Recorder

SECRET = b"\xa5" * 32


def said(message: wire.Message) -> str:
    """What a record says of a message."""
    record = RunRecord(board="", seed=0)
    Recorder(record, 0, 0).said(bytes((message.ID, 1)) + message.encode(), 5, False)
    (line,) = record.link_transcript
    return line.text


def test_settings_are_recorded_without_their_values() -> None:
    report_key, hold_ms = wire.CONFIG["report_key"].key, wire.CONFIG["hold_ms"].key
    settings = [wire.ConfigEntry(report_key, SECRET), wire.ConfigEntry(hold_ms, b"\xdc\x05\0\0")]
    told = said(wire.ConfigSet(settings)) + said(wire.ConfigValue(report_key, 0, SECRET))
    assert f"key={hold_ms}" in told
    assert r"\xa5" not in told
    assert r"\xdc\x05" not in told


def test_claim_is_recorded_without_its_keys() -> None:
    claim = wire.Claim(7002, SECRET, SECRET, SECRET)
    assert said(claim) == "identity=7002"
    assert repr(claim) == "Claim(identity=7002)"
