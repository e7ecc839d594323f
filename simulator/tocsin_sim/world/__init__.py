"""The world around a handset: modem, network, satellites, a person and the people who answer."""
