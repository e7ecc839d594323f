"""One folder a board: its facts and its composition."""
