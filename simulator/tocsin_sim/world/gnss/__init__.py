"""Satellite receivers: a recorded log or a synthetic sky, both as NMEA 0183 sentences."""
