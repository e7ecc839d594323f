"""What a person can get wrong about a world."""

from tocsin_host.errors import ConfigError


class SettingError(ConfigError):
    """A value of the setting is out of its range."""


class NotNmeaError(ConfigError):
    """A recorded log cannot be read or holds no NMEA 0183 sentence."""
