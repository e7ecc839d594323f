"""A press in the middle of whatever else a handset may be doing: what becomes of it, and when."""
