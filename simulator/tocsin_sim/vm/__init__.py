"""The handset: real firmware on a real MicroPython VM, in lock-step with the kernel."""
