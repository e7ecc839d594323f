"""What a host can ask of a handset: one method a question, grouped by area."""

from tocsin_host.client.config import Setting
from tocsin_host.client.handset import DEFAULT_TIMEOUT_S, HandsetClient

__all__ = ["DEFAULT_TIMEOUT_S", "HandsetClient", "Setting"]
