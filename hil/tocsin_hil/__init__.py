"""The test rig: one suite of contract tests for simulated and real handsets."""
