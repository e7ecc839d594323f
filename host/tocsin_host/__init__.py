"""Client library and command line for tocsin handsets."""
