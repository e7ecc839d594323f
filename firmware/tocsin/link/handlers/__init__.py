"""What the handset answers to the messages of a host: one module an area."""
