"""The portable handset application: it runs on any MicroPython board and knows no machine."""
