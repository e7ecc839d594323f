-- Dissector of the tocsin wire protocol for Wireshark. Generated from the protocol's schema: do not
-- edit.
--
-- Reads traces of `tocsin trace record` (packets of link type USER1, 148), and frames off a
-- captured serial line (USER0, 147, cut anywhere) or TCP, where what a session says is sealed:
--   tshark -X lua_script:tocsin.lua -r capture.pcapng
--   tshark -X lua_script:tocsin.lua -d tcp.port==PORT,tocsin -r capture.pcap

local MAX_FRAME_OCTETS = 519
local HEADER_OCTETS = 2
local HANDSHAKE_ANSWER = 6

local names = {
  Stage = {
    [1] = "PRESSED",
    [2] = "RECOGNISED",
    [3] = "ACKNOWLEDGED",
    [4] = "DIALLED",
    [5] = "ALERTING",
    [6] = "ANSWERED",
    [7] = "MODEM_CONNECTED",
    [8] = "ANSWER_CONFIRMED",
    [9] = "FIX_ACQUIRED",
    [10] = "LOCATION_SENT",
    [11] = "LOCATION_RECEIVED",
    [12] = "TAG_SENT",
    [13] = "TAG_RECEIVED",
    [14] = "TAG_SHOWN",
    [15] = "CLOSED",
  },
  TraceKind = {
    [1] = "STAGE",
    [2] = "NOTICE",
    [3] = "FAULT",
    [4] = "BOOT",
  },
  Notice = {
    [1] = "RAISED",
    [2] = "RETRYING",
    [3] = "CONNECTED",
    [4] = "ANSWERED",
    [5] = "NOT_READY",
    [6] = "CLOSED",
    [7] = "ALREADY_RAISED",
    [8] = "SERVICE",
    [9] = "STUCK",
  },
  Outcome = {
    [1] = "ANSWERED",
    [2] = "CANCELLED",
    [3] = "LIMIT",
    [4] = "BATTERY",
  },
  ResetCause = {
    [0] = "UNKNOWN",
    [1] = "POWER_ON",
    [2] = "HARD",
    [3] = "WATCHDOG",
    [4] = "SOFT",
    [5] = "BROWN_OUT",
  },
  FixSource = {
    [0] = "NONE",
    [1] = "GNSS",
    [2] = "LAST_KNOWN",
    [3] = "CELL",
  },
  Priority = {
    [1] = "TEST",
    [2] = "EMERGENCY",
  },
  FailureCode = {
    [1] = "UNKNOWN_MESSAGE",
    [2] = "MALFORMED",
    [3] = "VERSION",
    [4] = "UNKNOWN_KEY",
    [5] = "OUT_OF_RANGE",
    [6] = "READ_ONLY",
    [7] = "SECRET",
    [8] = "STORAGE",
    [9] = "BUSY",
    [10] = "NO_SESSION",
    [11] = "NO_KEY",
    [12] = "AUTHENTICATION",
    [13] = "NOT_ALLOWED",
    [14] = "WRONG_HASH",
    [15] = "NO_SPACE",
    [16] = "NOT_OPEN",
    [17] = "NOT_OFFERED",
    [18] = "CLAIMED",
    [19] = "UNCLAIMED",
    [20] = "WRONG_IDENTITY",
    [21] = "NO_ACTIVATION",
    [22] = "INTERNAL",
    [23] = "NOT_READY",
    [24] = "WRONG_SIGNATURE",
    [25] = "WRONG_BOARD",
    [26] = "WRONG_SIZE",
    [27] = "OLDER",
    [28] = "TOO_OLD",
    [29] = "ON_TRIAL",
  },
  UpdateStep = {
    [0] = "NONE",
    [1] = "INSTALLED",
    [2] = "CONFIRMED",
    [3] = "UNPROVEN",
    [4] = "DAMAGED",
  },
  Slot = {
    [0] = "FLASHED",
    [1] = "A",
    [2] = "B",
  },
  Press = {
    [0] = "BEGAN",
    [1] = "AGAIN",
    [2] = "BY_HOST",
  },
  Gesture = {
    [0] = "SHORT",
    [1] = "STUCK",
    [2] = "RELEASED",
    [3] = "SERVICE",
  },
  Cancel = {
    [1] = "EARNEST",
    [2] = "DURESS",
  },
  HealthReason = {
    [1] = "HEARTBEAT",
    [2] = "BATTERY",
  },
  JournalKind = {
    [1] = "BOOT",
    [2] = "PRESSED",
    [3] = "DIALLED",
    [4] = "CALL_FAILED",
    [5] = "MODEM_CONNECTED",
    [6] = "ANSWER_CONFIRMED",
    [7] = "LOCATION_SENT",
    [8] = "TAG_SENT",
    [9] = "CLOSED",
    [10] = "RESUMED",
    [11] = "FAULT",
    [12] = "CONFIG",
    [13] = "REFUSED",
    [14] = "GESTURE_REJECTED",
    [15] = "UPDATE",
    [16] = "UPDATE_REFUSED",
    [17] = "CANCEL",
    [18] = "HEALTH_SENT",
  },
  Role = {
    [1] = "TECHNICIAN",
    [2] = "FACTORY",
    [3] = "FIXTURE",
  },
  TransferKind = {
    [1] = "UPDATE",
    [2] = "AIDING",
    [3] = "DIAGNOSTIC",
  },
  Registration = {
    [0] = "NONE",
    [1] = "HOME",
    [2] = "SEARCHING",
    [3] = "DENIED",
    [4] = "UNKNOWN",
    [5] = "ROAMING",
    [6] = "SMS_HOME",
    [7] = "SMS_ROAMING",
    [8] = "EMERGENCY_ONLY",
    [9] = "CSFB_HOME",
    [10] = "CSFB_ROAMING",
  },
  GnssState = {
    [0] = "OFF",
    [1] = "SEARCHING",
    [2] = "FIXED",
  },
  RadioState = {
    [0] = "ABSENT",
    [1] = "OFF",
    [2] = "ON",
  },
  SelfCheck = {
    [1] = "STORAGE",
    [2] = "BATTERY",
    [3] = "BUTTON",
    [4] = "HAPTIC",
    [5] = "MODEM",
    [6] = "SIM",
    [7] = "NETWORK",
    [8] = "GNSS",
    [9] = "CLOCK",
    [10] = "CONFIG",
    [11] = "IMS",
    [12] = "KEYS",
  },
  SelfVerdict = {
    [0] = "PASSED",
    [1] = "FAILED",
    [2] = "SKIPPED",
  },
  TimeSource = {
    [0] = "NONE",
    [1] = "HOST",
    [2] = "NETWORK",
    [3] = "GNSS",
  },
  Contact = {
    [1] = "BUTTON",
    [2] = "RESET",
    [3] = "BOOT",
  },
  Signal = {
    [1] = "BUTTON",
    [2] = "HAPTIC",
    [3] = "MODEM_TX",
    [4] = "MODEM_RX",
    [5] = "RING",
    [6] = "SPARE",
  },
  Rail = {
    [1] = "BATTERY",
    [2] = "USB",
  },
  Capability = {
    [1] = "CONFIG",
    [2] = "TRACE",
    [4] = "JOURNAL",
    [8] = "TRANSFER",
    [16] = "PROVISION",
    [32] = "CLOCK",
    [64] = "ACTIVATION",
    [128] = "STATUS",
    [256] = "SELF_TEST",
    [512] = "UPDATE",
  },
  ConfigKey = {
    [1] = "issued",
    [2] = "identity",
    [3] = "call_number",
    [4] = "alternate_number",
    [5] = "text_number",
    [6] = "report_number",
    [7] = "report_key",
    [8] = "hold_ms",
    [9] = "first_text_ms",
    [10] = "good_radius_m",
    [11] = "activation_limit_s",
    [12] = "technician_key",
    [13] = "factory_key",
    [14] = "fixture_key",
    [15] = "heartbeat_s",
    [16] = "gesture",
    [17] = "double_ms",
    [18] = "cancel_window_s",
    [19] = "cancel_presses",
  },
}

-- The enumeration of a code, by that of the kind beside it and the kind's number.
local codes = {
  TraceKind = {
    [1] = "Stage",
    [2] = "Notice",
    [4] = "ResetCause",
  },
  JournalKind = {
    [1] = "ResetCause",
    [2] = "Press",
    [9] = "Outcome",
    [14] = "Gesture",
    [15] = "UpdateStep",
    [16] = "FailureCode",
    [17] = "Cancel",
    [18] = "HealthReason",
  },
}

local records = {
  ConfigEntry = {
    { name = "key", kind = "u8", names = "ConfigKey" },
    { name = "value", kind = "blob", limit = 32 },
  },
  SelfTestFinding = {
    { name = "checked", kind = "u8", names = "SelfCheck", minimum = 1, maximum = 12 },
    { name = "verdict", kind = "u8", names = "SelfVerdict", minimum = 0, maximum = 2 },
    { name = "value", kind = "i32" },
  },
  JournalLine = {
    { name = "sequence", kind = "u32" },
    { name = "ticks_ms", kind = "u32" },
    { name = "utc_s", kind = "u32" },
    { name = "kind", kind = "u8", names = "JournalKind", minimum = 1, maximum = 18 },
    { name = "code", kind = "u8", code = "kind", code_names = "JournalKind" },
    { name = "value", kind = "i32" },
  },
  FixtureEdge = {
    { name = "t_us", kind = "u32" },
    { name = "signal", kind = "u8", names = "Signal", minimum = 1, maximum = 6 },
    { name = "level", kind = "u8", minimum = 0, maximum = 1 },
  },
}

local messages = {
  [0x01] = { name = "Hello", fields = {
    { name = "major", kind = "u8" },
    { name = "minor", kind = "u8" },
    { name = "role", kind = "u8", names = "Role", minimum = 1, maximum = 3, tail = true },
  } },
  [0x02] = { name = "HelloReply", fields = {
    { name = "major", kind = "u8" },
    { name = "minor", kind = "u8" },
    { name = "max_payload_bytes", kind = "u16" },
    { name = "capabilities", kind = "flags", names = "Capability" },
    { name = "salt", kind = "octets", size = 8, tail = true },
    { name = "key_check", kind = "octets", size = 4 },
    { name = "normal_window", kind = "u8" },
    { name = "urgent_window", kind = "u8" },
  } },
  [0x03] = { name = "InfoGet", fields = {} },
  [0x04] = { name = "Info", fields = {
    { name = "identity", kind = "u32" },
    { name = "board", kind = "text", limit = 24 },
    { name = "firmware", kind = "text", limit = 16 },
    { name = "micropython", kind = "text", limit = 24 },
    { name = "issued", kind = "u8", minimum = 0, maximum = 1 },
    { name = "uptime_s", kind = "u32" },
    { name = "ticks_ms", kind = "u32" },
    { name = "heap_free_bytes", kind = "u32" },
    { name = "battery_pct", kind = "u8" },
    { name = "reset_cause", kind = "u8", names = "ResetCause", minimum = 0, maximum = 5 },
    { name = "imei", kind = "text", limit = 16 },
    { name = "config_generation", kind = "u32" },
  } },
  [0x05] = { name = "HandshakeStart", fields = {
    { name = "box", kind = "octets", size = 48, noise = true },
  } },
  [0x06] = { name = "HandshakeAnswer", fields = {
    { name = "box", kind = "octets", size = 48, noise = true },
  } },
  [0x07] = { name = "SessionEnd", fields = {} },
  [0x08] = { name = "StatusGet", fields = {} },
  [0x09] = { name = "Status", fields = {
    { name = "battery_mv", kind = "u16" },
    { name = "battery_pct", kind = "u8" },
    { name = "registration", kind = "u8", names = "Registration", minimum = 0, maximum = 10 },
    { name = "signal_dbm", kind = "i32", minimum = -150, maximum = 0 },
    { name = "gnss", kind = "u8", names = "GnssState", minimum = 0, maximum = 2 },
    { name = "fix_age_s", kind = "u16" },
    { name = "is_open", kind = "u8", minimum = 0, maximum = 1 },
    { name = "activation", kind = "u32" },
    { name = "journal_next", kind = "u32" },
    { name = "storage_free_bytes", kind = "u32" },
    { name = "faults", kind = "u32" },
    { name = "journal_acked", kind = "u32" },
    { name = "is_erasing", kind = "u8", minimum = 0, maximum = 1 },
    { name = "radio", kind = "u8", names = "RadioState", minimum = 0, maximum = 2 },
    { name = "reset_cause", kind = "u8", names = "ResetCause", minimum = 0, maximum = 5 },
    { name = "fault_uptime_s", kind = "u32" },
    { name = "fault_utc_s", kind = "u32" },
    { name = "fault", kind = "text", limit = 160 },
  } },
  [0x0A] = { name = "SelfTestRun", fields = {} },
  [0x0B] = { name = "SelfTestResult", fields = {
    { name = "findings", kind = "array", of = "SelfTestFinding", limit = 16 },
  } },
  [0x10] = { name = "ConfigGet", fields = {
    { name = "key", kind = "u8", names = "ConfigKey" },
  } },
  [0x11] = { name = "ConfigValue", fields = {
    { name = "key", kind = "u8", names = "ConfigKey" },
    { name = "is_default", kind = "u8", minimum = 0, maximum = 1 },
    { name = "value", kind = "blob", limit = 32 },
  } },
  [0x12] = { name = "ConfigSet", fields = {
    { name = "entries", kind = "array", of = "ConfigEntry", limit = 14 },
  } },
  [0x13] = { name = "ConfigApplied", fields = {
    { name = "generation", kind = "u32" },
  } },
  [0x14] = { name = "Restart", fields = {} },
  [0x15] = { name = "Restarting", fields = {} },
  [0x16] = { name = "ConfigReset", fields = {
    { name = "keys", kind = "blob", limit = 32 },
  } },
  [0x17] = { name = "ConfigDiffGet", fields = {
    { name = "after_key", kind = "u8" },
  } },
  [0x18] = { name = "ConfigDiff", fields = {
    { name = "entries", kind = "array", of = "ConfigEntry", limit = 14 },
    { name = "more", kind = "u8", minimum = 0, maximum = 1 },
  } },
  [0x20] = { name = "TraceEvent", fields = {
    { name = "sequence", kind = "u16" },
    { name = "t_ms", kind = "u32" },
    { name = "kind", kind = "u8", names = "TraceKind", minimum = 1, maximum = 4 },
    { name = "code", kind = "u8", code = "kind", code_names = "TraceKind" },
    { name = "attempt", kind = "u8" },
    { name = "value", kind = "i32" },
  } },
  [0x21] = { name = "TraceSubscribe", fields = {
    { name = "on", kind = "u8", minimum = 0, maximum = 1 },
  } },
  [0x22] = { name = "TraceSubscribed", fields = {
    { name = "dropped", kind = "u32" },
  } },
  [0x24] = { name = "UpdateApply", fields = {} },
  [0x25] = { name = "UpdateAccepted", fields = {
    { name = "version", kind = "text", limit = 16 },
    { name = "security_counter", kind = "u32", minimum = 0, maximum = 2147483647 },
  } },
  [0x26] = { name = "UpdateGet", fields = {} },
  [0x27] = { name = "UpdateStatus", fields = {
    { name = "running", kind = "u8", names = "Slot", minimum = 0, maximum = 2 },
    { name = "is_trial", kind = "u8", minimum = 0, maximum = 1 },
    { name = "version", kind = "text", limit = 16 },
    { name = "security_counter", kind = "u32", minimum = 0, maximum = 2147483647 },
    { name = "last", kind = "u8", names = "UpdateStep", minimum = 0, maximum = 4 },
  } },
  [0x28] = { name = "JournalGet", fields = {
    { name = "from_sequence", kind = "u32" },
  } },
  [0x29] = { name = "JournalEntries", fields = {
    { name = "entries", kind = "array", of = "JournalLine", limit = 16 },
    { name = "next_sequence", kind = "u32" },
    { name = "oldest", kind = "u32" },
  } },
  [0x2A] = { name = "JournalAck", fields = {
    { name = "through", kind = "u32" },
  } },
  [0x2B] = { name = "JournalAcked", fields = {
    { name = "through", kind = "u32" },
  } },
  [0x30] = { name = "TransferOpen", fields = {
    { name = "kind", kind = "u8", names = "TransferKind", minimum = 1, maximum = 3 },
    { name = "size", kind = "u32" },
    { name = "sha256", kind = "octets", size = 32 },
  } },
  [0x31] = { name = "TransferReady", fields = {
    { name = "offset", kind = "u32" },
    { name = "chunk_bytes", kind = "u16" },
  } },
  [0x32] = { name = "TransferChunk", fields = {
    { name = "offset", kind = "u32" },
    { name = "data", kind = "blob", limit = 480, wide = true },
  } },
  [0x33] = { name = "TransferEnd", fields = {} },
  [0x34] = { name = "TransferDone", fields = {
    { name = "sha256", kind = "octets", size = 32 },
  } },
  [0x35] = { name = "TransferWanted", fields = {
    { name = "offset", kind = "u32" },
  } },
  [0x36] = { name = "TransferAbort", fields = {} },
  [0x38] = { name = "TestCall", fields = {
    { name = "limit_s", kind = "u16", minimum = 10, maximum = 3600 },
    { name = "alternate", kind = "u8", minimum = 0, maximum = 1 },
  } },
  [0x39] = { name = "ActivationState", fields = {
    { name = "activation", kind = "u32" },
    { name = "is_open", kind = "u8", minimum = 0, maximum = 1 },
    { name = "is_confirmed", kind = "u8", minimum = 0, maximum = 1 },
    { name = "priority", kind = "u8", names = "Priority", minimum = 1, maximum = 2 },
    { name = "attempt", kind = "u8" },
    { name = "press_age_ms", kind = "u32" },
  } },
  [0x3A] = { name = "ActivationCancel", fields = {
    { name = "activation", kind = "u32" },
  } },
  [0x3B] = { name = "ActivationGet", fields = {} },
  [0x40] = { name = "TagReport", fields = {
    { name = "activation", kind = "u32" },
    { name = "priority", kind = "u8", names = "Priority", minimum = 1, maximum = 2 },
    { name = "attempt", kind = "u8" },
    { name = "press_age_ms", kind = "u32" },
    { name = "battery_pct", kind = "u8" },
    { name = "fix_source", kind = "u8", names = "FixSource", minimum = 0, maximum = 3 },
    { name = "lat_deg_e7", kind = "i32", minimum = -900000000, maximum = 900000000 },
    { name = "lon_deg_e7", kind = "i32", minimum = -1800000000, maximum = 1800000000 },
    { name = "radius_m", kind = "u16" },
    { name = "fix_age_s", kind = "u16" },
    { name = "mcc", kind = "u16" },
    { name = "mnc", kind = "u16" },
    { name = "area", kind = "u16" },
    { name = "cell", kind = "u32" },
    { name = "duress", kind = "u8", minimum = 0, maximum = 1, tail = true },
  } },
  [0x41] = { name = "AnswerAck", fields = {
    { name = "activation", kind = "u32" },
    { name = "answered_age_ms", kind = "u32" },
  } },
  [0x42] = { name = "Sealed", fields = {
    { name = "handset", kind = "u32" },
    { name = "counter", kind = "u32" },
    { name = "box", kind = "blob", limit = 119 },
  } },
  [0x43] = { name = "HealthReport", fields = {
    { name = "reason", kind = "u8", names = "HealthReason", minimum = 1, maximum = 2 },
    { name = "next_s", kind = "u32" },
    { name = "battery_mv", kind = "u16" },
    { name = "battery_pct", kind = "u8", minimum = 0, maximum = 100 },
    { name = "tested", kind = "u16" },
    { name = "failed", kind = "u16" },
    { name = "reset_cause", kind = "u8", names = "ResetCause", minimum = 0, maximum = 5 },
    { name = "uptime_s", kind = "u32" },
    { name = "faults", kind = "u16" },
    { name = "config_generation", kind = "u32" },
    { name = "firmware", kind = "text", limit = 16 },
  } },
  [0x48] = { name = "Claim", fields = {
    { name = "identity", kind = "u32", minimum = 1, maximum = 4294967295 },
    { name = "factory_key", kind = "octets", size = 32 },
    { name = "technician_key", kind = "octets", size = 32 },
    { name = "fixture_key", kind = "octets", size = 32 },
  } },
  [0x49] = { name = "Claimed", fields = {
    { name = "identity", kind = "u32", minimum = 1, maximum = 4294967295 },
    { name = "generation", kind = "u32" },
  } },
  [0x4A] = { name = "Wipe", fields = {
    { name = "identity", kind = "u32" },
  } },
  [0x4B] = { name = "Wiped", fields = {} },
  [0x4C] = { name = "TimeSet", fields = {
    { name = "utc_s", kind = "u32" },
  } },
  [0x4D] = { name = "TimeReply", fields = {
    { name = "utc_s", kind = "u32" },
    { name = "ticks_ms", kind = "u32" },
    { name = "source", kind = "u8", names = "TimeSource", minimum = 0, maximum = 3 },
  } },
  [0x4E] = { name = "TimeGet", fields = {} },
  [0x50] = { name = "FixturePress", fields = {
    { name = "contact", kind = "u8", names = "Contact", minimum = 1, maximum = 3 },
    { name = "hold_ms", kind = "u16", minimum = 1, maximum = 60000 },
    { name = "bounces", kind = "u8", minimum = 0, maximum = 50 },
    { name = "bounce_us", kind = "u16" },
  } },
  [0x51] = { name = "FixturePressed", fields = {
    { name = "t_us", kind = "u32" },
  } },
  [0x52] = { name = "FixtureEdgesGet", fields = {
    { name = "from_sequence", kind = "u32" },
  } },
  [0x53] = { name = "FixtureEdges", fields = {
    { name = "edges", kind = "array", of = "FixtureEdge", limit = 64 },
    { name = "next_sequence", kind = "u32" },
    { name = "lost", kind = "u32" },
  } },
  [0x54] = { name = "FixturePower", fields = {
    { name = "rail", kind = "u8", names = "Rail", minimum = 1, maximum = 2 },
    { name = "on", kind = "u8", minimum = 0, maximum = 1 },
  } },
  [0x55] = { name = "FixturePowered", fields = {
    { name = "rail", kind = "u8", names = "Rail", minimum = 1, maximum = 2 },
    { name = "on", kind = "u8", minimum = 0, maximum = 1 },
    { name = "supply_mv", kind = "u16" },
    { name = "current_ua", kind = "u32" },
    { name = "t_us", kind = "u32" },
  } },
  [0x56] = { name = "FixtureInfoGet", fields = {} },
  [0x57] = { name = "FixtureInfo", fields = {
    { name = "board", kind = "text", limit = 24 },
    { name = "firmware", kind = "text", limit = 16 },
    { name = "t_us", kind = "u32" },
    { name = "resolution_us", kind = "u16" },
  } },
  [0x60] = { name = "JournalEntry", fields = {
    { name = "sequence", kind = "u32" },
    { name = "ticks_ms", kind = "u32" },
    { name = "utc_s", kind = "u32" },
    { name = "kind", kind = "u8", names = "JournalKind", minimum = 1, maximum = 18 },
    { name = "code", kind = "u8", code = "kind", code_names = "JournalKind" },
    { name = "value", kind = "i32" },
  } },
  [0x61] = { name = "ActivationRecord", fields = {
    { name = "activation", kind = "u32" },
    { name = "is_open", kind = "u8", minimum = 0, maximum = 1 },
    { name = "attempt", kind = "u8" },
    { name = "flags", kind = "u8", minimum = 0, maximum = 3, tail = true },
    { name = "age_ms", kind = "u32" },
  } },
  [0x62] = { name = "ConfigFile", fields = {
    { name = "schema_version", kind = "u8" },
    { name = "generation", kind = "u32" },
    { name = "entries", kind = "array", of = "ConfigEntry", limit = 32 },
  } },
  [0x63] = { name = "UpdateManifest", fields = {
    { name = "sha256", kind = "octets", size = 32 },
    { name = "size", kind = "u32" },
    { name = "security_counter", kind = "u32", minimum = 0, maximum = 2147483647 },
    { name = "board", kind = "text", limit = 24 },
    { name = "version", kind = "text", limit = 16 },
    { name = "minimum_version", kind = "text", limit = 16 },
  } },
  [0x7F] = { name = "Failure", fields = {
    { name = "code", kind = "u8", names = "FailureCode", minimum = 1, maximum = 29 },
    { name = "detail", kind = "text", limit = 48 },
  } },
}

-- Fields ------------------------------------------------------------------------------------------

local tocsin = Proto("tocsin", "Tocsin")
local tocsin_trace = Proto("tocsin_trace", "Tocsin trace")

local INTEGERS = {
  u8 = { make = ProtoField.uint8, octets = 1 },
  u16 = { make = ProtoField.uint16, octets = 2 },
  u32 = { make = ProtoField.uint32, octets = 4 },
  i32 = { make = ProtoField.int32, octets = 4, signed = true },
}
local OCTETS = { text = ProtoField.string, blob = ProtoField.bytes, octets = ProtoField.bytes }

local KINDS = {
  [0] = "data",
  [1] = "ack",
  [2] = "reset",
  [3] = "reset ack",
  [4] = "reject",
  [5] = "note",
}
local LANES = { [0] = "normal", [1] = "urgent" }
local WAYS = { [1] = "to the host", [2] = "to the handset" }
local FORMS = { [0] = "in clear", [1] = "sealed, opened here", [2] = "sealed" }

local id_names = {}
for id, message in pairs(messages) do
  id_names[id] = message.name
end

local fields = {
  frame = ProtoField.bytes("tocsin.frame", "frame"),
  crc = ProtoField.uint32("tocsin.crc", "crc", base.HEX),
  channel = ProtoField.none("tocsin.channel", "channel"),
  kind = ProtoField.uint8("tocsin.channel.kind", "kind", base.DEC, KINDS, 0xF0),
  lane = ProtoField.uint8("tocsin.channel.lane", "lane", base.DEC, LANES, 0x0F),
  sequence = ProtoField.uint8("tocsin.channel.sequence", "sequence"),
  next_normal = ProtoField.uint8("tocsin.channel.next_normal", "next on the normal lane"),
  next_urgent = ProtoField.uint8("tocsin.channel.next_urgent", "next on the urgent lane"),
  connection = ProtoField.uint32("tocsin.channel.connection", "connection", base.HEX),
  sealed = ProtoField.bytes("tocsin.sealed", "sealed message"),
  ephemeral = ProtoField.bytes("tocsin.noise.ephemeral", "ephemeral public key"),
  tag = ProtoField.bytes("tocsin.noise.tag", "authentication tag"),
  id = ProtoField.uint8("tocsin.id", "id", base.HEX, id_names),
  request = ProtoField.uint8("tocsin.request", "request"),
  more = ProtoField.bytes("tocsin.more", "of a newer version"),
}
local trace_fields = {
  version = ProtoField.uint8("tocsin_trace.version", "version"),
  way = ProtoField.uint8("tocsin_trace.way", "way", base.DEC, WAYS),
  form = ProtoField.uint8("tocsin_trace.form", "form", base.DEC, FORMS),
  redacted = ProtoField.bool("tocsin_trace.redacted", "secrets are left out"),
}
local faults = {
  frame = ProtoExpert.new("tocsin.bad_frame", "not a frame", expert.group.CHECKSUM, expert.severity.ERROR),
  channel = ProtoExpert.new("tocsin.bad_channel", "not of the channel", expert.group.MALFORMED, expert.severity.ERROR),
  field = ProtoExpert.new("tocsin.bad_field", "not a field", expert.group.MALFORMED, expert.severity.ERROR),
}

local function add_bits(owner, spec)
  spec.bits = {}
  for mask, name in pairs(names[spec.names]) do
    local path = owner .. "." .. spec.name .. "." .. name:lower()
    spec.bits[#spec.bits + 1] = ProtoField.bool(path, name, 32, nil, mask)
    fields[path] = spec.bits[#spec.bits]
  end
end

-- A field of the tree for every field of a message or record, filtered as tocsin.<owner>.<field>.
local function add_fields(name, specs)
  local owner = "tocsin." .. name:lower()
  for _, spec in ipairs(specs) do
    local path = owner .. "." .. spec.name
    if spec.kind == "flags" then
      spec.shown = ProtoField.uint32(path, spec.name, base.HEX)
      add_bits(owner, spec)
    elseif INTEGERS[spec.kind] then
      spec.shown = INTEGERS[spec.kind].make(path, spec.name, base.DEC, names[spec.names])
    elseif OCTETS[spec.kind] then
      spec.shown = OCTETS[spec.kind](path, spec.name)
    else
      spec.shown = ProtoField.none(path, spec.name)
    end
    fields[path] = spec.shown
  end
end

for _, message in pairs(messages) do
  add_fields(message.name, message.fields)
end
for name, specs in pairs(records) do
  add_fields(name, specs)
end

-- What a code means, as a field of its own: tocsin.stage == 1 finds a stage wherever it is told.
local code_fields = {}
for _, kinds in pairs(codes) do
  for _, name in pairs(kinds) do
    if not code_fields[name] then
      code_fields[name] = ProtoField.uint8("tocsin." .. name:lower(), name, base.DEC, names[name])
      fields[name] = code_fields[name]
    end
  end
end

tocsin.fields = fields
tocsin.experts = faults
tocsin_trace.fields = trace_fields

-- Frames: COBS (Cheshire and Baker 1999) around payload and CRC-32 (ISO 3309) ---------------------

local bit = bit or bit32
local CRC_OCTETS = 4
local DELIMITER = "\0"

local crc_table = {}
for octet = 0, 255 do
  local crc = octet
  for _ = 1, 8 do
    local half = bit.rshift(crc, 1)
    crc = crc % 2 == 1 and bit.bxor(half, 0xEDB88320) or half
  end
  crc_table[octet] = crc
end

local function crc32(text)
  local crc = 0xFFFFFFFF
  for place = 1, #text do
    local index = bit.band(bit.bxor(crc, text:byte(place)), 0xFF)
    crc = bit.bxor(crc_table[index], bit.rshift(crc, 8))
  end
  return bit.bxor(crc, 0xFFFFFFFF) % 0x100000000
end

local function cobs_decoded(frame)
  local parts, place = {}, 1
  while place <= #frame do
    local code = frame:byte(place)
    local stop = place + code - 1
    if stop > #frame then
      return nil
    end
    parts[#parts + 1] = frame:sub(place + 1, stop)
    if code < 255 and stop < #frame then
      parts[#parts + 1] = DELIMITER
    end
    place = stop + 1
  end
  return table.concat(parts)
end

local function u32_of(text)
  local first, second, third, fourth = text:byte(1, 4)
  return first + second * 0x100 + third * 0x10000 + fourth * 0x1000000
end

-- A frame as { text, content, payload, fault }: `content` is payload and CRC-32.
local function read_frame(text)
  local frame = { text = text }
  frame.content = #text <= MAX_FRAME_OCTETS and cobs_decoded(text) or nil
  if not frame.content then
    frame.fault = "not COBS"
  elseif #frame.content <= CRC_OCTETS then
    frame.fault = "no payload"
  else
    frame.payload = frame.content:sub(1, -CRC_OCTETS - 1)
    frame.crc = crc32(frame.payload)
    frame.is_whole = frame.crc == u32_of(frame.content:sub(-CRC_OCTETS))
  end
  return frame
end

-- The octets between delimiters in `octets`, without the empty ones, and what is left at the end.
local function cut(octets)
  local found, start = {}, 1
  while true do
    local stop = octets:find(DELIMITER, start, true)
    if not stop then
      return found, octets:sub(start)
    end
    if stop > start then
      found[#found + 1] = { text = octets:sub(start, stop - 1), offset = start - 1 }
    end
    start = stop + 1
  end
end

-- Messages ----------------------------------------------------------------------------------------

local EPHEMERAL_OCTETS, TAG_OCTETS = 32, 16

local function integer_at(tvb, offset, kind)
  local range = tvb(offset, kind.octets)
  return kind.signed and range:le_int() or range:le_uint(), range
end

local function show_integer(spec, tvb, offset, tree, values)
  local kind = INTEGERS[spec.kind] or INTEGERS.u32
  if tvb:len() - offset < kind.octets then
    return nil
  end
  local value, range = integer_at(tvb, offset, kind)
  local item = tree:add_le(spec.shown, range)
  for _, each in ipairs(spec.bits or {}) do
    item:add_le(each, range)
  end
  local of = spec.code and codes[spec.code_names][values[spec.code]]
  if of then
    item:add(code_fields[of], range)
    spec.said = of .. " " .. (names[of][value] or value)
  end
  if spec.minimum and (value < spec.minimum or value > spec.maximum) then
    item:add_proto_expert_info(faults.field, "must be " .. spec.minimum .. " to " .. spec.maximum)
  end
  values[spec.name] = value
  return offset + kind.octets
end

local show_fields

local function show_array(spec, tvb, offset, tree)
  local count = tvb(offset, 1):uint()
  local branch = tree:add(spec.shown, tvb(offset))
  branch:append_text(": " .. count)
  local place = offset + 1
  for _ = 1, count do
    local entry = branch:add(tvb(math.min(place, tvb:len() - 1)), spec.of)
    place = show_fields(records[spec.of], tvb, place, entry)
    if not place then
      return nil
    end
  end
  branch:set_len(place - offset)
  return place
end

-- A message of the Noise handshake with an empty payload.
local function show_noise(range, item)
  item:add(fields.ephemeral, range(0, EPHEMERAL_OCTETS))
  item:add(fields.tag, range(EPHEMERAL_OCTETS, TAG_OCTETS))
end

-- The octets of a text or blob, n of them after `offset`; nil when the body ends before.
local function show_octets(spec, tvb, offset, n, tree)
  if offset + n > tvb:len() then
    return nil
  end
  if spec.kind == "text" then
    tree:add_packet_field(spec.shown, tvb(offset, n), ENC_UTF_8)
  else
    local item = tree:add(spec.shown, tvb(offset, n))
    if spec.noise then
      show_noise(tvb(offset, n), item)
    end
  end
  return offset + n
end

local function show_field(spec, tvb, offset, tree, values)
  if INTEGERS[spec.kind] or spec.kind == "flags" then
    return show_integer(spec, tvb, offset, tree, values)
  end
  if spec.kind == "octets" then
    return show_octets(spec, tvb, offset, spec.size, tree)
  end
  local length_octets = spec.wide and 2 or 1
  if offset + length_octets > tvb:len() then
    return nil
  end
  local length, stop = tvb(offset, length_octets):le_uint(), nil
  if spec.kind == "array" then
    stop = show_array(spec, tvb, offset, tree)
  else
    stop = show_octets(spec, tvb, offset + length_octets, length, tree)
  end
  if length > spec.limit then
    tree:add_proto_expert_info(faults.field, spec.name .. " is longer than " .. spec.limit)
  end
  return stop
end

-- Where the fields end, or nil after telling which one is cut off.
show_fields = function(specs, tvb, offset, tree)
  local values = {}
  for _, spec in ipairs(specs) do
    if spec.tail and offset == tvb:len() then
      return offset -- an older peer's
    end
    local stop = show_field(spec, tvb, offset, tree, values)
    if not stop then
      tree:add_proto_expert_info(faults.field, spec.name .. " is cut off")
      return nil
    end
    offset = stop
  end
  return offset
end

local function summary_of(message)
  local words = { message.name }
  for _, spec in ipairs(message.fields) do
    words[#words + 1] = spec.said
    spec.said = nil
  end
  return table.concat(words, " ")
end

-- A message `id | request | body`; returns a few words about it.
local function show_message(tvb, tree)
  if tvb:len() < HEADER_OCTETS then
    tree:add_proto_expert_info(faults.field, "too short for id and request")
    return "bad message"
  end
  local id = tvb(0, 1):uint()
  local id_item = tree:add(fields.id, tvb(0, 1))
  tree:add(fields.request, tvb(1, 1))
  local message = messages[id]
  if not message then
    id_item:add_proto_expert_info(faults.field, "unknown id")
    return string.format("unknown 0x%02X", id)
  end
  local stop = show_fields(message.fields, tvb, HEADER_OCTETS, tree)
  if stop and stop < tvb:len() then
    tree:add(fields.more, tvb(stop))
  end
  return summary_of(message)
end

-- Channel -----------------------------------------------------------------------------------------

local CHANNEL_OCTETS, CONNECTION_OCTETS = 4, 4
local DATA, RESET, RESET_ACK, NOTE = 0, 2, 3, 5
local CLEAR, SEALED = 0, 2
local NO_CONNECTION = ("\0"):rep(CONNECTION_OCTETS)

-- Follows one conversation: from the answer to the handshake until a reset all data is sealed. A
-- message from before, sent again because its acknowledgement was lost, is in clear.
local function new_conversation()
  return { is_sealed = false, in_clear = {} }
end

local function form_of(conversation, way, payload)
  if #payload < CHANNEL_OCTETS then
    return CLEAR
  end
  local kind, data = bit.rshift(payload:byte(1), 4), payload:sub(CHANNEL_OCTETS + 1)
  if kind == RESET or (kind == RESET_ACK and data == NO_CONNECTION) then
    conversation.is_sealed, conversation.in_clear = false, {}
  end
  if kind ~= DATA then
    return CLEAR
  end
  local message = way .. payload:sub(1, 2) .. data
  if conversation.is_sealed then
    return conversation.in_clear[message] and CLEAR or SEALED
  end
  conversation.in_clear[message] = true
  conversation.is_sealed = data:byte(1) == HANDSHAKE_ANSWER
  return CLEAR
end

local function show_reset(tvb, tree)
  if tvb:len() ~= CHANNEL_OCTETS + CONNECTION_OCTETS then
    tree:add_proto_expert_info(faults.channel, "the connection's number is not four octets")
    return ""
  end
  local range = tvb(CHANNEL_OCTETS, CONNECTION_OCTETS)
  tree:add_le(fields.connection, range)
  return string.format(" %08x", range:le_uint())
end

local function show_sealed(tvb, tree)
  local size = tvb:len() - TAG_OCTETS
  if size < 0 then
    tree:add_proto_expert_info(faults.channel, "the data is too short to be sealed")
    return " bad data"
  end
  local item = tree:add(fields.sealed, tvb())
  item:append_text(string.format(", %d octets and a tag of %d", size, TAG_OCTETS))
  return string.format(" sealed, %d octets", size)
end

local function show_header(tvb, tree, kind)
  local branch = tree:add(fields.channel, tvb(0, CHANNEL_OCTETS))
  branch:append_text(": " .. KINDS[kind])
  branch:add(fields.kind, tvb(0, 1))
  branch:add(fields.lane, tvb(0, 1))
  branch:add(fields.sequence, tvb(1, 1))
  branch:add(fields.next_normal, tvb(2, 1))
  branch:add(fields.next_urgent, tvb(3, 1))
  return branch
end

local function payload_fault(tvb)
  if tvb:len() < CHANNEL_OCTETS then
    return "too short for a channel header"
  end
  local first = tvb(0, 1):uint()
  local kind, lane = bit.rshift(first, 4), bit.band(first, 0x0F)
  if not KINDS[kind] then
    return "no frames of kind " .. kind
  end
  return not LANES[lane] and "no lane " .. lane or nil
end

-- A frame's payload whose data stands in `form`; returns a few words about it.
local function show_payload(tvb, tree, form)
  local fault = payload_fault(tvb)
  if fault then
    tree:add_proto_expert_info(faults.channel, fault)
    return "bad payload"
  end
  local kind = bit.rshift(tvb(0, 1):uint(), 4)
  local branch = show_header(tvb, tree, kind)
  if kind == RESET or kind == RESET_ACK then
    return KINDS[kind] .. show_reset(tvb, branch)
  end
  if kind ~= DATA and kind ~= NOTE then
    return KINDS[kind]
  end
  local said = kind == NOTE and "note " or ""
  if tvb:len() == CHANNEL_OCTETS then
    tree:add_proto_expert_info(faults.channel, "no data")
    return said .. "no data"
  end
  local data = tvb(CHANNEL_OCTETS):tvb()
  if form == SEALED then
    return KINDS[kind] .. show_sealed(data, tree)
  end
  return said .. show_message(data, tree)
end

-- Packets -----------------------------------------------------------------------------------------

local function show_frame(frame, source, root)
  local tree = root:add(tocsin, source)
  local said = "bad frame"
  if frame.fault then
    tree:add(fields.frame, ByteArray.new(frame.text, true):tvb("Tocsin frame")())
    tree:add_proto_expert_info(faults.frame, frame.fault)
  else
    local tvb = ByteArray.new(frame.content, true):tvb("Tocsin payload")
    local crc = tree:add_le(fields.crc, tvb(#frame.payload, CRC_OCTETS))
    if frame.is_whole then
      said = show_payload(tvb(0, #frame.payload):tvb(), tree, frame.form)
    else
      crc:add_proto_expert_info(faults.frame, string.format("the payload's is 0x%08x", frame.crc))
      said = "bad CRC"
    end
  end
  tree:append_text(", " .. said)
  return said
end

-- What the packets so far leave behind for the next: the rest of each way of a line, which has no
-- transport to join its packets, and what was said in each conversation. What every packet
-- completed is kept, for packets are shown again in any order.
local rests, conversations, completed = {}, {}, {}

function tocsin.init()
  rests, conversations, completed = {}, {}, {}
end

local function take(conversation, way, found)
  conversations[conversation] = conversations[conversation] or new_conversation()
  for _, each in ipairs(found) do
    each.frame = read_frame(each.text)
    if each.frame.is_whole then
      each.frame.form = form_of(conversations[conversation], way, each.frame.payload)
    end
  end
  return found
end

local function frames_of_line(pinfo, tvb)
  if not completed[pinfo.number] then
    local way, found = tostring(pinfo.p2p_dir), nil
    found, rests[way] = cut((rests[way] or "") .. tvb:raw())
    rests[way] = rests[way]:sub(1, MAX_FRAME_OCTETS + 1)
    completed[pinfo.number] = take("line", way, found)
  end
  return completed[pinfo.number]
end

local function frames_of_segment(pinfo, tvb)
  local here = pinfo.src_port .. "@" .. tostring(pinfo.src)
  local there = pinfo.dst_port .. "@" .. tostring(pinfo.dst)
  local conversation = here < there and here .. there or there .. here
  local place = pinfo.number .. "/" .. tostring(tvb:len())
  local found, rest = cut(tvb:raw())
  if #rest > 0 then
    pinfo.desegment_offset = tvb:len() - #rest
    pinfo.desegment_len = DESEGMENT_ONE_MORE_SEGMENT
  end
  if not completed[place] then
    completed[place] = take(conversation, here, found)
  end
  return completed[place]
end

function tocsin.dissector(tvb, pinfo, root)
  local is_segment = pinfo.can_desegment > 0
  local found = (is_segment and frames_of_segment or frames_of_line)(pinfo, tvb)
  local said = {}
  for _, each in ipairs(found) do
    local source = is_segment and tvb(each.offset, #each.text + 1) or tvb()
    said[#said + 1] = show_frame(each.frame, source, root)
  end
  pinfo.cols.protocol = "Tocsin"
  pinfo.cols.info = #said > 0 and table.concat(said, ", ") or "part of a frame"
  return tvb:len()
end

-- A record of `tocsin trace record`: one frame's payload behind four octets about it.
local TRACE_OCTETS, TRACE_VERSION = 4, 1

function tocsin_trace.dissector(tvb, pinfo, root)
  pinfo.cols.protocol = "Tocsin"
  local head = root:add(tocsin_trace, tvb(0, math.min(TRACE_OCTETS, tvb:len())))
  if tvb:len() <= TRACE_OCTETS or tvb(0, 1):uint() ~= TRACE_VERSION then
    head:add_proto_expert_info(faults.channel, "not a record of version " .. TRACE_VERSION)
    return tvb:len()
  end
  head:add(trace_fields.version, tvb(0, 1))
  head:add(trace_fields.way, tvb(1, 1))
  head:add(trace_fields.form, tvb(2, 1))
  head:add(trace_fields.redacted, tvb(3, 1))
  local tree = root:add(tocsin, tvb(TRACE_OCTETS))
  local said = show_payload(tvb(TRACE_OCTETS):tvb(), tree, tvb(2, 1):uint())
  tree:append_text(", " .. said)
  pinfo.cols.info = (tvb(1, 1):uint() == 2 and "> " or "< ") .. said
  return tvb:len()
end

local encapsulations = DissectorTable.get("wtap_encap")
encapsulations:add((wtap_encaps or wtap).USER0, tocsin)
encapsulations:add((wtap_encaps or wtap).USER1, tocsin_trace)
DissectorTable.get("tcp.port"):add_for_decode_as(tocsin)
