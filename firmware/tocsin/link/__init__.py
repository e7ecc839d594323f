"""Host link: frames over a serial stream."""
