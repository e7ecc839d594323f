"""The interface document's part on updates: the file, whose it is, and what becomes of it."""

from collections.abc import Sequence

from tocsin_protocol.generator.diagram import Cell, diagram
from tocsin_protocol.schema.update import MAGIC, SIGNATURE_BYTES

_FILE: Sequence[Cell] = (
    ("magic", f"{len(MAGIC)}"),
    ("length", "2"),
    ("UpdateManifest", "length"),
    ("signature", f"{SIGNATURE_BYTES}"),
    ("modules", "size"),
)
_MODULES: Sequence[Cell] = (
    ("length of index", "4"),
    ("index", "length"),
    ("contents", "the rest"),
)


def render() -> str:
    """A section of Markdown."""
    return f"""
## Updates

New firmware is one file, sent as a transfer of kind UPDATE and then installed by
[UpdateApply](#updateapply):

{diagram(_FILE)}

The magic is `{MAGIC.decode()}` in ASCII. The signature is RSASSA-PSS (RFC 8017 section 8.1) with a
key of 3072 bits, exponent 65537, SHA-256 for message and MGF1, and a salt of 32 octets. It covers
all that stands before it; the modules are covered by size and SHA-256 in the
[UpdateManifest](#updatemanifest).

{diagram(_MODULES)}

The index is UTF-8: for each module a line break, its path from `/`, a space, in decimal where its
content begins in the modules, a space, and how many octets it has; after the last, a line break.
Paths end in `.mpy`, numbers are little-endian. `/board.mpy` must be among them: its `run()` starts
the firmware.

A handset believes nothing of it before the signature holds. Then board, security counter (not
below the highest it has ever confirmed), minimum version, size and SHA-256 must fit, in this order;
each has its [FailureCode](#failurecode), and the refusal stands in the journal. Nothing is
installed while an activation is open, nor while the running firmware is on trial.

What fits is moved into a slot that neither runs nor is confirmed, and the handset restarts into it
once it is not needed; an alarm that a restart interrupts goes on in firmware that has proved
itself. New firmware runs on trial: any restart before it has proved itself goes back to the
firmware before, and so does damage to its slot. It has proved itself when every vital task was well
for a minute, the modem answers and no alarm is open; after ten minutes without proof, or when an
alarm finds no modem for two, it restarts itself. The loader that does this is flashed with the
board, and no update replaces it; it does not check signatures, so whoever can write the flash from
outside can replace everything, unless the board's own secure boot prevents that."""
