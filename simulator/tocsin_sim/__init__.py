"""The world around the handset, and the virtual machine its firmware runs on."""
