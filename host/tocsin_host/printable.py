"""Text that came from a device, made safe to show."""

from __future__ import annotations

import unicodedata

# Control, format (bidirectional overrides, zero width), surrogate, private, unassigned; and the
# separators that break a line: none may reach a terminal or a page as they are.
_UNSAFE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def printable(text: str | bytes) -> str:
    r"""Return `text` with everything that is not plainly printable as `\xNN` or `\uNNNN`.

    Bytes are read as UTF-8, bytes that are not UTF-8 shown as `\xNN`. Never raises.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "backslashreplace")
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    if unicodedata.category(character) not in _UNSAFE_CATEGORIES:
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
