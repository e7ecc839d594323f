"""A tree made smaller does the same, is the same each time, and tells where it failed."""

import os
import subprocess
import sys

import pytest

from tocsin_host.bytecode import CompileError, compile_tree
from tocsin_host.errors import TocsinError
from tocsin_host.shrink import shrink
from tocsin_sim.vm.script import run_script

KIND = b'''"""What there is."""
from collections import namedtuple
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BASE = const(0x40)
LOWEST = -3
FIRST_KIND = BASE | 1
_HIDDEN = const(7)
counted = 0

Found = namedtuple("Found", ("first", "second_one"))


class Refused(ValueError):
    """An error."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Basis:
    limit: int
    _step = _HIDDEN

    def __init__(self, start_at: "Any" = 0, *, by_how_much: int = 1) -> None:
        self._total = start_at
        self._by = by_how_much

    @property
    def total(self) -> int:
        return self._total

    def _grow(self) -> None:
        self._total += self._by * self._step


def count_up() -> int:
    global counted
    counted += 1
    return counted
'''
MAIN = b"""
from package import kind
from package.kind import Basis, FIRST_KIND, Found, Refused, count_up


class Derived(Basis):
    def _grow(self):
        super()._grow()
        self._total += kind.LOWEST

    def values(self, *rest, **named):
        total = [each + self._total for each in rest]
        return total, sorted(named.values())


def fail(detail):
    # A remark.

    raise Refused(
        detail)


def show():
    derived = Derived(by_how_much=2)
    derived._grow()
    found = Found(first=1, second_one=derived.total)
    print(FIRST_KIND, kind.FIRST_KIND + 1, kind.BASE - kind.LOWEST, found.second_one, found[0])
    print(derived.values(1, 2, three=3), count_up(), count_up(), kind.counted)
    print({"first": 1}.get("first"), "total {}".format(derived.total))
    try:
        fail("first")
    except Refused as refused:
        print(refused.reason)


show()
"""
FAILS = b"from main import fail\n\n\ndef begin():\n    fail('second')\n\n\nbegin()\n"
TREE = {"package/__init__.py": b"", "package/kind.py": KIND, "main.py": MAIN}


def said(tree: dict[str, bytes], name: str = "main") -> str:
    return run_script(f"import {name}", [compile_tree(tree)]).output


def test_what_is_shrunk_does_the_same() -> None:
    smaller = shrink(TREE, kept=()).sources
    assert said(smaller) == said(TREE) != ""
    assert sum(map(len, smaller.values())) < sum(map(len, TREE.values())) * 0.6


CHECKS = b"""
class EncodeError(ValueError):
    pass


def check(small, large, kind):
    if small >> 8:
        raise EncodeError("small")
    if large >> 16 or large < 3:
        raise EncodeError("large")
    if kind == 7:
        raise ValueError("kind")
    if kind == 8:
        raise ValueError("kind")
    return small


for values in ((1, 3, 1), (256, 3, 1), (1, 2, 1), (1, 65536, 1), (1, 3, 7), (1, 3, 8), (0, 9, 9)):
    try:
        print(check(*values))
    except EncodeError:
        print("cannot encode")
    except ValueError as error:
        print(error)
"""


def test_checks_that_fail_alike_are_one() -> None:
    tree = {"main.py": CHECKS}
    smaller = shrink(tree, kept=()).sources
    assert said(smaller) == said(tree) != ""
    assert smaller["main.py"].count(b"raise") == 2


def test_numbers_stand_where_constants_did_and_only_those() -> None:
    kind = shrink(TREE, kept=()).sources["package/kind.py"].decode()
    assert "const" not in kind
    assert "64" not in kind
    assert "65" not in kind
    assert "g = 0;" in kind  # a name that a function binds anew is no constant


def test_a_traceback_leads_to_lines_and_names_of_the_sources() -> None:
    tree = {**TREE, "fails.py": FAILS}
    smaller = shrink(tree, kept=("fails.py",))
    printed = said(smaller.sources, "fails")
    assert "Refused" not in printed
    *_, place, error = smaller.map.readable(printed).splitlines()
    assert said(tree, "fails").splitlines()[-2:] == ['  File "main.py", line 19, in fail', error]
    assert place == '  File "main.py", line 19-20, in fail'


LATER = b"""
from package import kind
from package.kind import Found, Refused


def tell():
    found = Found(1, kind.LOWEST + kind.Basis().total)
    return kind.count_up() + found.second_one, Refused("later").reason, kind.FIRST_KIND
"""
HANDS_ON = b"""
from package import facts, kind
from package.kind import Basis


def look(module, count_up=4):
    return module.WIDTH, count_up, kind.count_up()


def run():
    from package import later

    print(look(facts), later.tell(), Basis(3).total)
"""
LINKED = {
    "package/__init__.py": b"",
    "package/kind.py": KIND,
    "package/facts.py": b"WIDTH = 3\nUNUSED = 4\n",
    "package/later.py": LATER,
    "package/start.py": HANDS_ON,
    "entry.py": b"from package.start import run\n",
    "main.py": b"from entry import run\nrun()\n",
}


def test_modules_are_one_but_those_imported_later_or_handed_on() -> None:
    linked = shrink(LINKED, kept=("main.py",), entry="entry.py").sources
    assert set(linked) == {"entry.py", "main.py", "package/facts.py", "package/later.py"} | (
        {"package/__init__.py"} & set(linked)
    )
    assert said(linked) == said(LINKED) == "(3, 4, 1) (-1, 'later', 65) 3\n"


def test_a_traceback_leads_out_of_what_is_linked() -> None:
    tree = {**LINKED, "package/start.py": HANDS_ON.replace(b"Basis(3).total", b"Basis(3).tota")}
    result = shrink(tree, kept=("main.py",), entry="entry.py")
    readable = result.map.readable(said(result.sources))
    assert 'File "package/start.py", line 11-13, in run' in readable
    assert "AttributeError: 'Basis|_step' object has no attribute 'tota'" in readable


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        (b"from elsewhere import Found\n" + HANDS_ON, "Found is"),
        (HANDS_ON.replace(b"kind.count_up()", b"kind.counted"), "counted is bound anew"),
    ],
)
def test_what_cannot_be_linked_is_refused(changed: bytes, problem: str) -> None:
    other = b"from collections import Found\n" + LINKED["package/kind.py"]
    tree = {**LINKED, "package/start.py": changed, "package/kind.py": other}
    with pytest.raises(TocsinError, match=problem):
        shrink(tree, kept=("main.py",), entry="entry.py")


def test_names_in_what_is_kept_and_of_ports_stay() -> None:
    port = (
        b"from machine import Pin\nclass P:\n    def value(self): pass\n    def worth(self): pass\n"
    )
    starts = b"from driver import P\nP().worth()\n"
    smaller = shrink({"driver.py": port, "boot.py": starts}, kept=("boot.py",)).sources
    assert smaller["boot.py"] == starts
    assert b"class P" in smaller["driver.py"]
    assert b"def value" in smaller["driver.py"]
    assert b"def worth" in smaller["driver.py"]
    assert b"def worth" not in shrink({"driver.py": port}, kept=()).sources["driver.py"]


def test_what_stands_inside_what_a_port_brings_along_keeps_its_name() -> None:
    about = b"import sys\nversion = 1\nprint(sys.implementation.version, version)\n"
    smaller = shrink({"about.py": about}, kept=()).sources["about.py"]
    assert b"sys.implementation.version" in smaller


def test_keywords_of_what_a_port_brings_along_stay() -> None:
    port = b"from machine import UART\nbits_per_char = 8\ndef of(bits): return UART(1, bits=bits)\n"
    smaller = shrink({"driver.py": port}, kept=()).sources["driver.py"]
    assert b"UART(1, bits=bits)" in smaller
    assert b"bits_per_char" not in smaller


def test_parts_of_what_a_port_brings_along_stay() -> None:
    port = b"import sys\nversion = 8\ndef of(): return sys.implementation.version\n"
    smaller = shrink({"driver.py": port}, kept=()).sources["driver.py"]
    assert b"sys.implementation.version" in smaller


def test_a_name_of_one_letter_is_given_to_no_other() -> None:
    letters = [chr(each) for each in range(ord("a"), ord("z") + 1)]
    lines = [f"    {each} = {each}_long + 1\n" for each in letters]
    arguments = ", ".join(f"{each}_long" for each in letters)
    shown = "    print({})\n".format(", ".join([*letters, *(f"{each}_long" for each in letters)]))
    tree = {
        "main.py": f"def show({arguments}):\n{''.join(lines)}{shown}\nshow(*range(26))\n".encode()
    }
    assert said(shrink(tree, kept=()).sources) == said(tree) != ""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_it_is_the_same_each_time(seed: str) -> None:
    program = (
        "from tests.host.test_shrink import *\nimport sys\n"
        "sys.stdout.write(repr(shrink(TREE, kept=())))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert ran.stdout == repr(shrink(TREE, kept=()))


def test_what_is_not_python_is_named() -> None:
    with pytest.raises(CompileError, match=r"main\.py:1 is not Python"):
        shrink({"main.py": b"if\n"}, kept=())
