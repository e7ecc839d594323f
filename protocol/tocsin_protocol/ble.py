"""The link over Bluetooth LE: one GATT service, a characteristic for each way.

A value is a piece of the stream of frames, cut anywhere, of at most the MTU less 3 octets.
"""

SERVICE = "0f470001-cca9-4b74-a7c1-8e69e4473ab6"
TO_HANDSET = "0f470002-cca9-4b74-a7c1-8e69e4473ab6"
"""Written by the host, with or without response."""
TO_HOST = "0f470003-cca9-4b74-a7c1-8e69e4473ab6"
"""Notified by the handset."""

MTU = 247
"""One link-layer packet of 251 octets, less the 4 of L2CAP (Core 5.3, Vol 6 Part B, 2.4)."""
ATT_HEADER_BYTES = 3
"""Of a write or a notification (Core 5.3, Vol 3 Part F, 3.4)."""
