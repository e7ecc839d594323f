"""What a modem's lines mean: 3GPP TS 27.007 and 27.005; of garbage nothing, and never an error."""

from micropython import const

from tocsin.utc import civil_time, seconds_since_2000

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from tocsin.utc import Civil

# States of a call in +CLCC (27.007 clause 7.18), none at all, and one nobody has told of yet.
CALL_ACTIVE = const(0)
_CALL_HELD = const(1)
CALL_DIALLING = const(2)
CALL_ALERTING = const(3)
CALL_DISCONNECTED = const(6)
CALL_NONE = const(-1)
CALL_UNKNOWN = const(-2)
CALLS = (CALL_ACTIVE, _CALL_HELD, CALL_DIALLING, CALL_ALERTING)
_OUTGOING = const(0)
_VOICE = const(0)

# Registration (27.007 clauses 7.2 and 10.1.22), the better the further left.
_EMERGENCY_ONLY = const(8)
CAN_CALL = (1, 5, 9, 10, _EMERGENCY_ONLY)
REGISTERED = CAN_CALL + (6, 7)  # for texts only
_A76XX_EMERGENCY_ONLY = const(11)
_LAST_STATE = const(11)

SIM_UNKNOWN = const(0)
SIM_READY = const(1)
_SIM_ABSENT = const(2)
_SIM_PIN = const(3)
_SIM_PUK = const(4)
_SIM_FAILED = const(5)
# Equipment errors (27.007 clause 9.2.1); 14, busy, passes by itself.
_SIM_ERRORS = {10: _SIM_ABSENT, 11: _SIM_PIN, 12: _SIM_PUK, 13: _SIM_FAILED, 15: _SIM_FAILED}
_SIM_WORDS = {
    b"READY": SIM_READY,
    b"SIM REMOVED": _SIM_ABSENT,
    b"NOT INSERTED": _SIM_ABSENT,
    b"SIM PIN": _SIM_PIN,
    b"SIM PUK": _SIM_PUK,
}

NO_CODE = const(-1)
_UTC_CHARS = const(17)
_ZONE_END = const(20)


def fields(line: bytes) -> "list[bytes]":
    """What follows the colon, split at commas, without blanks and quotes."""
    return [each.strip(b' "') for each in line[line.find(b":") + 1 :].split(b",")]


def number(field: bytes, base: int = 10) -> int:
    """A field as a number >= 0; NO_CODE when it is none."""
    try:
        value = int(field.decode(), base)
    except ValueError:
        return NO_CODE
    return value if value >= 0 else NO_CODE


def parse_call(line: bytes) -> "int | None":
    """The state in `+CLCC: id,dir,stat,mode,...`; None for garbage.

    CALL_NONE for one not ours: incoming, or data (Quectel lists its LTE bearer as a call).
    """
    values = [number(field) for field in fields(line)[:4]]
    if len(values) < 3 or values[1] < 0 or values[2] < 0:
        return None
    is_voice = len(values) < 4 or values[3] == _VOICE
    return values[2] if values[1] == _OUTGOING and is_voice else CALL_NONE


def parse_calls(lines: "list[bytes]") -> "int | None":
    """The state of the first call of ours, CALL_NONE without one, None if a line is garbage."""
    first = CALL_NONE
    for line in lines:
        state = parse_call(line)
        if state is None:
            return None
        if first == CALL_NONE:
            first = state
    return first


def parse_registration(line: bytes) -> int:
    """The state in `+CEREG: stat[,area,...]` or `+CEREG: n,stat[,area,...]`; NO_CODE if none.

    An area is written in quotes, or is no state. A76XX's own number for "emergency calls only"
    comes out as the standard's.
    """
    values = line[line.find(b":") + 1 :].split(b",")
    state = number(values[0])
    second = number(values[1]) if len(values) > 1 else NO_CODE
    if 0 <= second <= _LAST_STATE:
        state = second
    return _EMERGENCY_ONLY if state == _A76XX_EMERGENCY_ONLY else state


def error_code(line: bytes) -> int:
    """The number in `+CME ERROR: n` and `+CMS ERROR: n`; NO_CODE for words."""
    return number(line[line.find(b":") + 1 :].strip())


def sim_of_error(line: bytes) -> int:
    """What an error says of the SIM; SIM_UNKNOWN when nothing."""
    return _SIM_ERRORS.get(error_code(line), SIM_UNKNOWN) if line.startswith(b"+CME") else 0


def parse_sim(line: bytes) -> int:
    """The SIM's state in `+CPIN: ...`; SIM_UNKNOWN for one that is none of its own."""
    return _SIM_WORDS.get(line[line.find(b":") + 1 :].strip(), SIM_UNKNOWN)


def parse_clock(line: bytes) -> "Civil | None":
    """UTC of `+CCLK: "yy/MM/dd,hh:mm:ss[+zz]"`, zz in quarters of an hour; None if it is none."""
    text = line[line.find(b'"') + 1 :]
    try:
        local = [int(text[i : i + 2].decode()) for i in (0, 3, 6, 9, 12, 15)]
        zone = text[_UTC_CHARS:_ZONE_END].strip(b'"')
        quarters = int(zone.decode()) if zone else 0
    except ValueError:
        return None
    if not (1 <= local[1] <= 12 and 1 <= local[2] <= 31):
        return None
    civil = (2000 + local[0], local[1], local[2], local[3], local[4], local[5])
    return civil_time(seconds_since_2000(civil) - quarters * 900)
