"""`tocsin update`: images built, signed and sent; what becomes of them is told."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from tocsin_host import wire
from tocsin_host.cli import main
from tocsin_host.errors import ExitCode
from tocsin_host.update.image import Image
from tocsin_host.update.signing import DEVELOPMENT_KEY, read_private_key, sign
from tocsin_host.wire import FailureCode, Slot, UpdateStep

if TYPE_CHECKING:
    from tests.host.conftest import Script, ScriptedHandset, StartHandset

BOARD = "lilygo_t_a7670"


def tocsin(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def answer(*arguments: object) -> Any:
    result = tocsin(*arguments, "--json")
    assert result.exit_code == ExitCode.OK, result.stderr
    return json.loads(result.stdout)


def image(board: str = BOARD, security_counter: int = 1) -> Image:
    unsigned = Image.pack(
        {"board.mpy": bytes(1000)},
        board=board,
        version="0.2.0",
        minimum_version="0.1.0",
        security_counter=security_counter,
    )
    return sign(unsigned, read_private_key(DEVELOPMENT_KEY))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "update.img"
    path.write_bytes(image().encode())
    return path


# Files


@pytest.fixture
def kept_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp()))


@pytest.mark.usefixtures("kept_cache")
def test_an_image_is_built_for_a_board_with_the_version_and_counter_asked_for(
    tmp_path: Path,
) -> None:
    path = tmp_path / "update.img"
    data = answer("update", "build", BOARD, path, "--version", "1.2.3", "--counter", 9)
    assert (data["board"], data["version"], data["security_counter"]) == (BOARD, "1.2.3", 9)
    modules = Image.decode(path.read_bytes()).modules
    assert {"board.mpy", "tocsin/link/service.mpy"} <= set(modules)
    assert not {"boot.py", "main.py", "slots.mpy", "boot.mpy", "main.mpy"} & set(modules)
    assert b"1.2.3" in modules["board.mpy"]
    assert answer("update", "show", path) == data


@pytest.mark.usefixtures("kept_cache")
def test_what_is_flashed_is_what_an_update_brings_with_what_starts_it(tmp_path: Path) -> None:
    folder, file = tmp_path / "flash", tmp_path / "update.img"
    answer("update", "flash", BOARD, folder)
    answer("update", "build", BOARD, file)
    paths = (path for path in folder.rglob("*") if path.is_file())
    flashed = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    started = {"boot.py", "main.py", "slots.mpy", "slot_image.mpy"}
    assert {name: flashed[name] for name in flashed if name not in started} == dict(
        Image.decode(file.read_bytes()).modules
    )
    assert started <= flashed.keys()
    assert (tmp_path / "flash.map").read_bytes() == (tmp_path / "update.img.map").read_bytes()
    assert tocsin("update", "flash", BOARD, folder).exit_code == ExitCode.USAGE


@pytest.mark.usefixtures("kept_cache")
def test_what_a_handset_prints_is_explained(tmp_path: Path) -> None:
    answer("update", "build", BOARD, tmp_path / "update.img")
    way_back = tmp_path / "update.img.map"
    content = json.loads(way_back.read_text())
    functions = content["functions"]["board.py"]
    told = {path: told for told, path in content["files"].items()}["board.py"]
    short = next(each[0] for each in functions if each[1] == "tocsin/supervisor.py")
    log = tmp_path / "log"
    log.write_text(f'Traceback (most recent call last):\n  File "{told}", line 1, in {short}\n')
    explained = tocsin("update", "explain", way_back, log)
    assert 'File "tocsin/supervisor.py", line ' in explained.stdout
    log.write_text("no map")
    assert tocsin("update", "explain", log, log).exit_code == ExitCode.CONFIG


@pytest.mark.usefixtures("kept_cache")
def test_a_release_trusts_the_key_it_is_told_to(tmp_path: Path) -> None:
    keys = [tmp_path / "maker.pem", tmp_path / "next.pem"]
    for each in keys:
        assert tocsin("update", "key", each).exit_code == ExitCode.OK
    path = tmp_path / "update.img"
    refused = tocsin("update", "build", BOARD, path, "--release", "--key", keys[0])
    assert refused.exit_code == ExitCode.USAGE
    published = ("--key", keys[0], "--trust", DEVELOPMENT_KEY)
    refused = tocsin("update", "build", BOARD, path, "--release", *published)
    assert refused.exit_code == ExitCode.USAGE
    assert not path.exists()
    answer("update", "build", BOARD, path, "--release", "--key", keys[0], "--trust", keys[1])
    assert tocsin("update", "show", path, "--key", keys[0]).exit_code == ExitCode.OK
    assert tocsin("update", "show", path, "--key", keys[1]).exit_code == ExitCode.UPDATE
    trusted = read_private_key(keys[1]).public_key().public_numbers().n.to_bytes(384, "big")
    assert trusted in Image.decode(path.read_bytes()).modules["tocsin/update/key.mpy"]


def test_a_key_is_its_owners_alone_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "maker.pem"
    assert tocsin("update", "key", path).exit_code == ExitCode.OK
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    assert tocsin("update", "key", path).exit_code == ExitCode.CONFIG
    assert path.read_bytes() == before


def test_signing_anew_changes_the_signature_alone(file: Path, tmp_path: Path) -> None:
    key = tmp_path / "maker.pem"
    tocsin("update", "key", key)
    before = Image.decode(file.read_bytes())
    assert tocsin("update", "sign", file, "--key", key).exit_code == ExitCode.OK
    after = Image.decode(file.read_bytes())
    assert after.signature != before.signature
    assert after.with_signature(before.signature) == before
    assert tocsin("update", "show", file, "--key", key).exit_code == ExitCode.OK


@pytest.mark.parametrize(
    ("content", "exit_code"),
    [
        (b"", ExitCode.UPDATE),
        (b"\x7fELF", ExitCode.UPDATE),
        (image().encode()[:40], ExitCode.UPDATE),
        (image().encode()[:-1], ExitCode.UPDATE),
        (None, ExitCode.USAGE),
    ],
)
def test_a_file_that_is_no_update_is_named(
    tmp_path: Path, content: bytes | None, exit_code: ExitCode
) -> None:
    path = tmp_path / "other.img"
    if content is not None:
        path.write_bytes(content)
    result = tocsin("update", "show", path)
    assert result.exit_code == exit_code
    assert "other.img" in result.stderr


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\n", b"\0"])
def test_a_file_that_is_no_key_is_named(file: Path, tmp_path: Path, content: bytes) -> None:
    key = tmp_path / "other.pem"
    key.write_bytes(content)
    for command in ("sign", "show"):
        result = tocsin("update", command, file, "--key", key)
        assert result.exit_code == ExitCode.CONFIG
        assert "other.pem" in result.stderr


# A handset


class Updating:
    """A handset that takes an update; `ends` is how far it comes, `refuses` why not."""

    def __init__(
        self, obedient: Script, ends: UpdateStep, refuses: FailureCode | None = None
    ) -> None:
        self.received = b""
        self.least_counter = 1
        self._obedient = obedient
        self._ends = ends
        self._refuses = refuses
        self._step = UpdateStep.NONE

    def __call__(self, handset: ScriptedHandset, message: wire.Message, request: int) -> None:
        match message:
            case wire.TransferOpen():
                handset.reply(wire.TransferReady(0, 480), request)
            case wire.TransferChunk(data=data):
                self.received += data
            case wire.TransferEnd():
                sha256 = hashlib.sha256(self.received).digest()
                handset.reply(wire.TransferDone(sha256), request)
            case wire.UpdateApply() if self._refuses is not None:
                handset.reply(wire.Failure(self._refuses, "not that one"), request)
            case wire.UpdateApply():
                self._step = self._ends
                handset.reply(wire.UpdateAccepted("0.2.0", 1), request)
            case wire.UpdateGet():
                handset.reply(self._status(), request)
            case _:
                self._obedient(handset, message, request)

    def _status(self) -> wire.UpdateStatus:
        is_new = self._step in (UpdateStep.CONFIRMED, UpdateStep.INSTALLED)
        running, version = (Slot.B, "0.2.0") if is_new else (Slot.A, "0.1.0")
        is_trial = int(self._step is UpdateStep.INSTALLED)
        return wire.UpdateStatus(running, is_trial, version, self.least_counter, self._step)


def test_an_update_arrives_whole_and_is_kept(
    start_handset: StartHandset, obedient: Script, file: Path
) -> None:
    script = Updating(obedient, UpdateStep.CONFIRMED)
    handset = start_handset(script)
    data = answer("--device", handset.address, "update", "send", file)
    assert data == {"version": "0.2.0", "confirmed": True}
    assert script.received == file.read_bytes()


def test_nobody_waits_who_does_not_want_to(
    start_handset: StartHandset, obedient: Script, file: Path
) -> None:
    handset = start_handset(Updating(obedient, UpdateStep.INSTALLED))
    data = answer("--device", handset.address, "update", "send", file, "--no-wait")
    assert data == {"version": "0.2.0", "confirmed": False}


@pytest.mark.parametrize(
    ("step", "reason"), [(UpdateStep.UNPROVEN, "proved itself"), (UpdateStep.DAMAGED, "damaged")]
)
def test_a_handset_that_went_back_is_exit_code_update(
    start_handset: StartHandset, obedient: Script, file: Path, step: UpdateStep, reason: str
) -> None:
    handset = start_handset(Updating(obedient, step))
    result = tocsin("--device", handset.address, "update", "send", file)
    assert result.exit_code == ExitCode.UPDATE
    assert "went back to 0.1.0" in result.stderr
    assert reason in result.stderr


@pytest.mark.parametrize(
    "code",
    [
        FailureCode.WRONG_SIGNATURE,
        FailureCode.WRONG_BOARD,
        FailureCode.WRONG_SIZE,
        FailureCode.WRONG_HASH,
        FailureCode.OLDER,
        FailureCode.TOO_OLD,
        FailureCode.ON_TRIAL,
    ],
)
def test_a_refusal_is_exit_code_update_with_its_reason(
    start_handset: StartHandset, obedient: Script, file: Path, code: FailureCode
) -> None:
    handset = start_handset(Updating(obedient, UpdateStep.NONE, code))
    result = tocsin("--device", handset.address, "update", "send", file)
    assert result.exit_code == ExitCode.UPDATE
    assert "not that one" in result.stderr


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [(image("pico_w_eg25"), "pico_w_eg25"), (image(security_counter=0), "security counter")],
)
def test_what_would_be_refused_is_not_sent(
    start_handset: StartHandset, obedient: Script, file: Path, wrong: Image, reason: str
) -> None:
    script = Updating(obedient, UpdateStep.CONFIRMED)
    handset = start_handset(script)
    file.write_bytes(wrong.encode())
    result = tocsin("--device", handset.address, "update", "send", file)
    assert result.exit_code == ExitCode.UPDATE
    assert reason in result.stderr
    assert script.received == b""


def test_status_tells_which_firmware_runs(start_handset: StartHandset, obedient: Script) -> None:
    handset = start_handset(Updating(obedient, UpdateStep.NONE))
    data = answer("--device", handset.address, "update", "status")
    assert (data["running"], data["version"], data["last"]) == ("A", "0.1.0", "NONE")
