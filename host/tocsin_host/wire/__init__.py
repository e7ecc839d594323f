"""The wire codec of the host. Generated from the protocol's schema: do not edit.

Each message encodes to its body and decodes from one; the id is not part of the body.
A body may be longer than expected: a newer minor version only appends.
"""

from tocsin_protocol.config_field import ConfigField, ConfigKind
from tocsin_protocol.errors import DecodeError, EncodeError, WireValueError
from tocsin_protocol.flow import Flow, Lane

from .about import Info, InfoGet, Restart, Restarting
from .air import AnswerAck, Sealed, TagReport
from .config import ConfigApplied, ConfigGet, ConfigSet, ConfigValue
from .config_keys import CONFIG
from .link import Failure, Hello, HelloReply
from .message import Message
from .names import (
    Capability,
    FailureCode,
    FixSource,
    JournalKind,
    Notice,
    Outcome,
    Priority,
    Reporter,
    ResetCause,
    Role,
    Stage,
    TraceKind,
    TransferKind,
)
from .records import ConfigEntry
from .session import HandshakeAnswer, HandshakeStart, SessionEnd
from .stored import ActivationRecord, ConfigFile, JournalEntry
from .trace import TraceEvent, TraceSubscribe, TraceSubscribed
from .transfer import (
    TransferAbort,
    TransferChunk,
    TransferDone,
    TransferEnd,
    TransferOpen,
    TransferReady,
    TransferWanted,
)

__all__ = [
    "CONFIG",
    "MAX_PAYLOAD_BYTES",
    "MESSAGES",
    "PROTOCOL_MAJOR",
    "PROTOCOL_MINOR",
    "ActivationRecord",
    "AnswerAck",
    "Capability",
    "ConfigApplied",
    "ConfigEntry",
    "ConfigField",
    "ConfigFile",
    "ConfigGet",
    "ConfigKind",
    "ConfigSet",
    "ConfigValue",
    "DecodeError",
    "EncodeError",
    "Failure",
    "FailureCode",
    "FixSource",
    "Flow",
    "HandshakeAnswer",
    "HandshakeStart",
    "Hello",
    "HelloReply",
    "Info",
    "InfoGet",
    "JournalEntry",
    "JournalKind",
    "Lane",
    "Message",
    "Notice",
    "Outcome",
    "Priority",
    "Reporter",
    "ResetCause",
    "Restart",
    "Restarting",
    "Role",
    "Sealed",
    "SessionEnd",
    "Stage",
    "TagReport",
    "TraceEvent",
    "TraceKind",
    "TraceSubscribe",
    "TraceSubscribed",
    "TransferAbort",
    "TransferChunk",
    "TransferDone",
    "TransferEnd",
    "TransferKind",
    "TransferOpen",
    "TransferReady",
    "TransferWanted",
    "WireValueError",
]

PROTOCOL_MAJOR = 1
PROTOCOL_MINOR = 1
MAX_PAYLOAD_BYTES = 512

MESSAGES: dict[int, type[Message]] = {
    Hello.ID: Hello,
    HelloReply.ID: HelloReply,
    InfoGet.ID: InfoGet,
    Info.ID: Info,
    HandshakeStart.ID: HandshakeStart,
    HandshakeAnswer.ID: HandshakeAnswer,
    SessionEnd.ID: SessionEnd,
    ConfigGet.ID: ConfigGet,
    ConfigValue.ID: ConfigValue,
    ConfigSet.ID: ConfigSet,
    ConfigApplied.ID: ConfigApplied,
    Restart.ID: Restart,
    Restarting.ID: Restarting,
    TraceEvent.ID: TraceEvent,
    TraceSubscribe.ID: TraceSubscribe,
    TraceSubscribed.ID: TraceSubscribed,
    TransferOpen.ID: TransferOpen,
    TransferReady.ID: TransferReady,
    TransferChunk.ID: TransferChunk,
    TransferEnd.ID: TransferEnd,
    TransferDone.ID: TransferDone,
    TransferWanted.ID: TransferWanted,
    TransferAbort.ID: TransferAbort,
    TagReport.ID: TagReport,
    AnswerAck.ID: AnswerAck,
    Sealed.ID: Sealed,
    JournalEntry.ID: JournalEntry,
    ActivationRecord.ID: ActivationRecord,
    ConfigFile.ID: ConfigFile,
    Failure.ID: Failure,
}
