"""One script on the VM."""

from pathlib import Path

from tocsin_sim.vm.script import TIMED_OUT, run_script


def test_output_and_exit_status_come_back() -> None:
    result = run_script("import sys\nprint('hello', sys.argv[1])\nsys.exit(3)", arguments=["you"])
    assert (result.status, result.output) == (3, "hello you\n")


def test_an_uncaught_exception_is_status_one_with_its_traceback() -> None:
    result = run_script("def f():\n    raise ValueError('bad')\nf()\n")
    assert result.status == 1
    assert "ValueError: bad" in result.output


def test_modules_are_found_on_the_search_path(tmp_path: Path) -> None:
    (tmp_path / "answer.py").write_text("VALUE = 42\n")
    assert run_script("import answer\nprint(answer.VALUE)", [tmp_path]).output == "42\n"


def test_the_heap_limit_holds() -> None:
    fits = run_script("b = bytearray(200 * 1024)", heap_bytes=320 * 1024)
    fails = run_script("b = bytearray(200 * 1024)", heap_bytes=160 * 1024)
    assert (fits.status, fails.status) == (0, 1)
    assert "MemoryError" in fails.output


def test_an_endless_script_times_out() -> None:
    assert run_script("while True: pass", timeout_s=0.2).status == TIMED_OUT
