"""What a technician does with a handset: real processes, real ports, the firmware on the VM."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import serial

from tocsin_hil.live_process import LiveProcess
from tocsin_host import wire
from tocsin_host.channel import ChannelClosedError
from tocsin_host.client import HandsetClient
from tocsin_host.errors import AuthError, ConfigError, ExitCode
from tocsin_host.keys import HandsetKeys, KeyStore
from tocsin_protocol.frame import encode_frame
from tocsin_sim.provision import handset_keys

FACTORY, FIXTURE = wire.Role.FACTORY, wire.Role.FIXTURE


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveProcess]:
    flash = tmp_path_factory.mktemp("live") / "flash"
    with LiveProcess([f"--flash={flash}"]) as process:
        yield process


@pytest.fixture
def blank(tmp_path: Path) -> Iterator[LiveProcess]:
    with LiveProcess(["--blank", f"--flash={tmp_path}/flash"]) as process:
        yield process


def tocsin(live: LiveProcess, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "tocsin_host", "--keys", str(live.keys)]
    return subprocess.run(
        [*command, "--device", live.handset, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def answer(live: LiveProcess, *arguments: str) -> Any:
    done = tocsin(live, "--json", *arguments)
    assert done.returncode == ExitCode.OK, done.stderr
    return json.loads(done.stdout)


def opened(live: LiveProcess, role: wire.Role = wire.Role.TECHNICIAN) -> HandsetClient:
    return HandsetClient.open(live.handset, KeyStore(live.keys), role)


def test_every_area_answers_in_one_session(live: LiveProcess) -> None:
    with opened(live) as handset:
        assert handset.info().identity == 7001
        assert handset.status().registration is wire.Registration.HOME
        assert handset.clock.get().source is wire.TimeSource.NETWORK
        assert [line.kind for line in handset.journal.entries()][:1] == [wire.JournalKind.BOOT]
        before = handset.config.set({"hold_ms": 1700, "good_radius_m": 30})
        assert {"hold_ms", "good_radius_m"} < {each.name for each in handset.config.diff()}
        assert handset.config.reset(["hold_ms"]) == before + 1
        assert handset.config.get("hold_ms").is_default
        assert handset.activation.get().is_open == 0
        assert handset.trace_subscribe(True) >= 0


def test_role_decides_what_may_be_set(live: LiveProcess) -> None:
    with opened(live) as handset, pytest.raises(ConfigError, match="not for this role"):
        handset.config.set({"hold_ms": 900, "identity": 5})
    with opened(live, FIXTURE) as handset:
        assert handset.config.get("identity").value == 7001


def test_key_of_another_handset_is_none(live: LiveProcess, tmp_path: Path) -> None:
    KeyStore(tmp_path).save(HandsetKeys.fresh(7001))
    done = tocsin(live, "--keys", str(tmp_path), "info")
    assert done.returncode == ExitCode.AUTH
    (line,) = done.stderr.splitlines()
    assert f"no technician key for this handset in {tmp_path}" in line


def test_line_full_of_garbage_opens_all_the_same(live: LiveProcess) -> None:
    with serial.Serial(live.handset.partition(":")[2]) as port:
        port.write(
            b"\r\n\r\nAT\r\n\0\0" + encode_frame(b"\x00\x01\x02\x03 old news") + b"half a fr"
        )
    with opened(live) as handset:
        assert handset.info().identity == 7001


def test_transfer_comes_whole_and_says_how_far_it_is(live: LiveProcess) -> None:
    data, progress = bytes(range(251)) * 60, list[int]()
    with opened(live) as handset:
        handset.transfers.send(
            wire.TransferKind.DIAGNOSTIC, data, lambda done, _: progress.append(done)
        )
    assert progress == sorted(progress)
    assert progress[-1] == len(data)


def test_calls_and_files_have_commands(tmp_path: Path) -> None:
    file = tmp_path / "aiding"
    file.write_bytes(bytes(range(256)) * 20)
    with LiveProcess([f"--flash={tmp_path}/flash"]) as live:
        sent = answer(live, "send", str(file), "--as", "aiding")
        assert sent == {"kind": "aiding", "bytes": 5120}
        begun = answer(live, "call", "test", "--no-wait")
        assert (begun["open"], begun["priority"]) == (True, "test")
        number = begun["activation"]
        assert answer(live, "call", "status")["activation"] == number
        another = tocsin(live, "call", "cancel", str(number + 1))
        assert another.returncode == ExitCode.DEVICE
        assert not answer(live, "call", "cancel", str(number))["open"]


def test_restart_in_a_session_is_told(live: LiveProcess) -> None:
    with opened(live) as handset:
        handset.restart()
        handset.wait(1.5)
        with pytest.raises(ChannelClosedError, match="started anew"):
            handset.info()
    assert answer(live, "info")["reset_cause"] == "soft"


def test_blank_handset_is_claimed_used_and_wiped(blank: LiveProcess) -> None:
    refused = tocsin(blank, "info")
    assert refused.returncode == ExitCode.AUTH
    assert "tocsin claim NUMBER" in refused.stderr
    assert answer(blank, "claim", "7002")["keys"] == str(blank.keys / "7002.toml")
    assert answer(blank, "info")["identity"] == 7002
    assert tocsin(blank, "claim", "7003").returncode == ExitCode.DEVICE
    assert "compare the number printed on it" in tocsin(blank, "wipe", "7001").stderr
    assert answer(blank, "wipe", "7002") == {"wiped": 7002, "erasing": False}
    with opened(blank, FACTORY) as handset:
        assert handset.is_unclaimed
        assert handset.info().identity == 0
        assert not handset.status().is_erasing
        with pytest.raises(AuthError):
            handset.config.get("hold_ms")


def test_keys_of_a_simulated_handset_are_those_in_its_flash(live: LiveProcess) -> None:
    (path,) = live.keys.glob("*.toml")
    assert path.name == "simulated-7001.toml"
    for role, key in handset_keys(1, 7001).by_role.items():
        assert f'{role.name.lower()} = "{key.hex()}"' in path.read_text()
