from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tocsin_host import wire
from tocsin_host.client import HandsetClient, Setting
from tocsin_host.errors import (
    AuthError,
    ConfigError,
    DeviceRefusedError,
    ProtocolError,
    TocsinError,
    UpdateError,
    VersionMismatchError,
)
from tocsin_host.refusal import refusal

if TYPE_CHECKING:
    from tests.host.conftest import Script, ScriptedHandset, StartHandset

    from tocsin_host.keys import KeyStore


def _answering(reply: wire.Message) -> Script:
    """Answer everything with `reply`."""
    return lambda handset, _, request: handset.reply(reply, request)


def test_settings_are_set_together_and_read_back(handset: ScriptedHandset, keys: KeyStore) -> None:
    with HandsetClient.open(handset.address, keys) as client:
        assert client.config.get("hold_ms") == Setting("hold_ms", 1000, is_default=True)
        assert client.config.set({"hold_ms": 1500, "call_number": "+447700900112"}) == 2
        assert client.config.get("hold_ms") == Setting("hold_ms", 1500, is_default=False)
        assert client.config.get("call_number").value == "+447700900112"


def test_a_secret_is_never_asked_for(handset: ScriptedHandset, keys: KeyStore) -> None:
    with HandsetClient.open(handset.address, keys) as client:
        assert client.config.get("report_key").is_secret
    assert handset.asked == []


def test_one_bad_value_sends_nothing_at_all(handset: ScriptedHandset, keys: KeyStore) -> None:
    with (
        HandsetClient.open(handset.address, keys) as client,
        pytest.raises(ConfigError, match="500 to 3000"),
    ):
        client.config.set({"good_radius_m": 30, "hold_ms": 99})
    assert not any(isinstance(message, wire.ConfigSet) for message in handset.asked)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (wire.FailureCode.OUT_OF_RANGE, ConfigError),
        (wire.FailureCode.UNKNOWN_KEY, ConfigError),
        (wire.FailureCode.BUSY, DeviceRefusedError),
        (wire.FailureCode.STORAGE, DeviceRefusedError),
        (wire.FailureCode.VERSION, VersionMismatchError),
        (wire.FailureCode.NOT_ALLOWED, AuthError),
        (wire.FailureCode.WRONG_HASH, UpdateError),
    ],
)
def test_a_refusal_becomes_the_error_of_its_cause(
    start_handset: StartHandset,
    keys: KeyStore,
    code: wire.FailureCode,
    error: type[TocsinError],
) -> None:
    handset = start_handset(_answering(wire.Failure(code, "why")))
    with HandsetClient.open(handset.address, keys) as client, pytest.raises(error, match="why"):
        client.restart()


@pytest.mark.parametrize("code", wire.FailureCode)
def test_every_refusal_says_what_to_do_next(code: wire.FailureCode) -> None:
    error = refusal(wire.Failure(code, "why"))
    assert "why" in str(error)
    assert error.hint


def test_text_of_a_refusal_is_made_safe(start_handset: StartHandset, keys: KeyStore) -> None:
    failure = wire.Failure(wire.FailureCode.BUSY, "\x1b[2Jgone")
    handset = start_handset(_answering(failure))
    with (
        HandsetClient.open(handset.address, keys) as client,
        pytest.raises(DeviceRefusedError) as caught,
    ):
        client.restart()
    assert r"\x1b[2Jgone" in str(caught.value)


def test_an_answer_to_another_question_is_a_protocol_error(
    start_handset: StartHandset, keys: KeyStore
) -> None:
    handset = start_handset(_answering(wire.ConfigApplied(1)))
    with HandsetClient.open(handset.address, keys) as client, pytest.raises(ProtocolError):
        client.info()
