"""Position: receiver sentences in, fixes and AML texts out."""
