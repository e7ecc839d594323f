"""The configuration of a handset: every key, its limits and its default."""

from dataclasses import replace

from tocsin_protocol.config_field import ConfigField, ConfigKind
from tocsin_protocol.schema.roles import FACTORY
from tocsin_protocol.schema.versions import V1_1

_FACTORY_ONLY = (FACTORY,)


def _uint(key: int, name: str, minimum: int, maximum: int, default: int, doc: str) -> ConfigField:
    return ConfigField(key, name, ConfigKind.UINT, minimum, maximum, default, False, doc)


def _gesture(
    key: int, name: str, minimum: int, maximum: int, default: int, doc: str
) -> ConfigField:
    return replace(_uint(key, name, minimum, maximum, default, doc), since=V1_1)


def _number(key: int, name: str, doc: str) -> ConfigField:
    """A telephone number in international form (ITU-T E.164: at most 15 digits)."""
    return ConfigField(
        key,
        name,
        ConfigKind.TEXT,
        9,
        16,
        "",
        False,
        doc,
        r"\+[0-9]{8,15}",
        "+ and 8 to 15 digits (E.164), or nothing",
    )


def _secret(key: int, name: str, doc: str, since: tuple[int, int] = (1, 0)) -> ConfigField:
    """A key of 32 octets."""
    return ConfigField(
        key, name, ConfigKind.BLOB, 32, 32, b"", True, doc, roles=_FACTORY_ONLY, since=since
    )


CONFIG = (
    ConfigField(
        1,
        "issued",
        ConfigKind.BOOL,
        0,
        1,
        False,
        False,
        "the handset is issued and may dial",
        roles=_FACTORY_ONLY,
    ),
    replace(
        _uint(2, "identity", 0, 0xFFFFFFFF, 0, "handset number printed on the unit"),
        roles=_FACTORY_ONLY,
    ),
    _number(3, "call_number", "number of the answer point"),
    _number(4, "alternate_number", "number tried when the first fails"),
    _number(5, "text_number", "number the location text (AML) goes to"),
    _number(6, "report_number", "number the tag report goes to"),
    _secret(7, "report_key", "key that seals reports; write-only"),
    _uint(8, "hold_ms", 500, 3000, 1000, "how long the button is held to raise the alarm"),
    _uint(9, "first_text_ms", 5000, 60000, 20000, "when the first text goes without a good fix"),
    _uint(10, "good_radius_m", 5, 1000, 50, "radius a fix needs to be sent at once"),
    _uint(11, "activation_limit_s", 600, 86400, 14400, "when an activation ends by itself"),
    _secret(12, "technician_key", "key of the role technician; write-only", V1_1),
    _secret(13, "factory_key", "key of the role factory; write-only, deleted by a wipe only", V1_1),
    _secret(14, "fixture_key", "key of the role fixture; write-only", V1_1),
    replace(
        _uint(15, "heartbeat_s", 3600, 604800, 86400, "how often a health report is sent"),
        since=V1_1,
    ),
    _gesture(16, "gesture", 1, 3, 1, "what raises the alarm: 1 a hold, 2 a double press, 3 either"),
    _gesture(17, "double_ms", 500, 3000, 2000, "within what time a double press's two begin"),
    _gesture(18, "cancel_window_s", 0, 60, 0, "for how long short presses may cancel; 0 for never"),
    _gesture(19, "cancel_presses", 2, 9, 3, "how many cancel; any other number is under duress"),
)
