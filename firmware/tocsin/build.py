"""What kind of build this is. A release build replaces this file; nothing else differs."""

VERSION = "0.1.0"

# Emergency numbers leave a handset only when this is True and the handset is marked issued.
RELEASE = False
