"""What kind of build this is. A release build replaces this file; nothing else differs."""

VERSION = "0.1.0"

# Raised when an older version must never come back; an update with a lower one is refused.
SECURITY_COUNTER = 1

# The oldest version that can install this one.
MINIMUM_VERSION = "0.1.0"

# Emergency numbers leave a handset only when this is True and the handset is marked issued.
RELEASE = False
