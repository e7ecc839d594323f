"""Settings, journal and activation state that survive a power cut at any instant."""
