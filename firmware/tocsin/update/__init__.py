"""Updates of the firmware: checked, installed, on trial, confirmed."""
