"""Names of what ports bring along."""

# Attributes and keywords, asyncio's own parts included, that a tree may name things after, too.
MACHINE_NAMES = frozenset({
    "active", "addr", "any", "baudrate", "board", "buf", "buffer", "call_exception_handler",
    "cancel", "chdir", "config", "coro", "create_task", "cur_task", "current_task", "data",
    "deinit", "digest", "done", "drain", "duty", "feed", "freq", "gap_advertise", "gatts_notify",
    "gatts_read", "gatts_register_services", "gatts_set_buffer", "gatts_write", "get_event_loop",
    "getcwd", "handler", "ilistdir", "init", "ioctl", "irq", "is_set", "key", "level", "line",
    "locked", "max_len", "mode", "mount", "name", "new_event_loop", "off", "on", "open", "peek",
    "ph_key", "pin", "poll", "port", "pull", "push", "queue", "read", "read_u16", "readblocks",
    "readinto", "register", "reset", "reset_cause", "run", "rx", "rxbuf", "s", "seed", "self",
    "set_exception_handler", "size", "sleep_ms", "start", "stat", "state", "status", "step",
    "stop", "stream", "timeout", "trigger", "tx", "txbuf", "umount", "update", "value", "version",
    "wait", "waiting", "write", "writeblocks",
})  # fmt: skip
