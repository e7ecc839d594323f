"""Cases that CPython and the MicroPython VM both run: each module has a `run` that asserts."""
