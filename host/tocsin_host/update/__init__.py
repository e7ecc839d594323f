"""Updates of the handset's firmware: built, signed, sent."""
