"""Thin drivers over `machine`: the only place besides the boards that knows it."""
