from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tocsin_host import wire
from tocsin_host.client import HandsetClient, Setting
from tocsin_host.errors import (
    ConfigError,
    DeviceRefusedError,
    ProtocolError,
    ResponseTimeoutError,
    TocsinError,
    VersionMismatchError,
)

if TYPE_CHECKING:
    from tests.host.conftest import Script, ScriptedHandset, StartHandset


def _answering(reply: wire.Message, obedient: Script) -> Script:
    """Say hello as usual and answer everything else with `reply`."""

    def script(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        if isinstance(message, wire.Hello):
            obedient(handset, message, request)
        else:
            handset.reply(reply, request)

    return script


def test_a_handset_that_is_still_booting_is_asked_again(
    start_handset: StartHandset, obedient: Script
) -> None:
    def sleepy(handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        if len(handset.heard) > 1:
            obedient(handset, message, request)

    with HandsetClient.open(start_handset(sleepy).address, 5) as client:
        assert client.info().identity == 7001


def test_another_major_version_is_refused(start_handset: StartHandset) -> None:
    newer = wire.HelloReply(major=wire.PROTOCOL_MAJOR + 1)
    handset = start_handset(lambda handset, _, request: handset.reply(newer, request))
    with pytest.raises(VersionMismatchError, match=rf"protocol {newer.major}\.0"):
        HandsetClient.open(handset.address)


def test_a_newer_minor_version_only_warns(start_handset: StartHandset) -> None:
    newer = wire.HelloReply(major=wire.PROTOCOL_MAJOR, minor=wire.PROTOCOL_MINOR + 1)
    handset = start_handset(lambda handset, _, request: handset.reply(newer, request))
    with HandsetClient.open(handset.address) as client:
        assert "update tocsin" in client.warning


def test_nobody_there_is_a_timeout_that_names_the_limit(start_handset: StartHandset) -> None:
    with pytest.raises(ResponseTimeoutError, match=r"within 0\.2 s"):
        HandsetClient.open(start_handset(lambda *_: None).address, 0.2)


def test_settings_are_set_together_and_read_back(handset: ScriptedHandset) -> None:
    with HandsetClient.open(handset.address) as client:
        assert client.config_get("hold_ms") == Setting("hold_ms", 1000, is_default=True)
        assert client.config_set({"hold_ms": 1500, "call_number": "+447700900112"}) == 2
        assert client.config_get("hold_ms") == Setting("hold_ms", 1500, is_default=False)
        assert client.config_get("call_number").value == "+447700900112"


def test_a_secret_is_never_asked_for(handset: ScriptedHandset) -> None:
    with HandsetClient.open(handset.address) as client:
        assert client.config_get("report_key").is_secret
    assert [type(message) for message in handset.heard] == [wire.Hello]


def test_one_bad_value_sends_nothing_at_all(handset: ScriptedHandset) -> None:
    with (
        HandsetClient.open(handset.address) as client,
        pytest.raises(ConfigError, match="500 to 3000"),
    ):
        client.config_set({"good_radius_m": 30, "hold_ms": 99})
    assert not any(isinstance(message, wire.ConfigSet) for message in handset.heard)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (wire.FailureCode.OUT_OF_RANGE, ConfigError),
        (wire.FailureCode.UNKNOWN_KEY, ConfigError),
        (wire.FailureCode.BUSY, DeviceRefusedError),
        (wire.FailureCode.STORAGE, DeviceRefusedError),
        (wire.FailureCode.VERSION, VersionMismatchError),
    ],
)
def test_a_refusal_becomes_the_error_of_its_cause(
    start_handset: StartHandset,
    obedient: Script,
    code: wire.FailureCode,
    error: type[TocsinError],
) -> None:
    handset = start_handset(_answering(wire.Failure(code, "why"), obedient))
    with HandsetClient.open(handset.address) as client, pytest.raises(error, match="why"):
        client.restart()


def test_text_of_a_refusal_is_made_safe(start_handset: StartHandset, obedient: Script) -> None:
    failure = wire.Failure(wire.FailureCode.BUSY, "\x1b[2Jgone")
    handset = start_handset(_answering(failure, obedient))
    with HandsetClient.open(handset.address) as client, pytest.raises(DeviceRefusedError) as caught:
        client.restart()
    assert r"\x1b[2Jgone" in str(caught.value)


def test_an_answer_to_another_question_is_a_protocol_error(
    start_handset: StartHandset, obedient: Script
) -> None:
    handset = start_handset(_answering(wire.ConfigApplied(1), obedient))
    with HandsetClient.open(handset.address) as client, pytest.raises(ProtocolError):
        client.info()
