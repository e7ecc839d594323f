"""Traces: what a session said, opened and without its secrets, in a file other tools read too.

A trace is a pcapng file (draft-ietf-opsawg-pcapng) of link type USER1, 148. Each packet is one
frame's payload as TraceRecord writes it; a capture of the line itself has link type USER0, 147.
"""
