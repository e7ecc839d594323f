"""What the handset answers to the messages of a host: one module an area."""

from tocsin.link.handlers.clear import Handlers as Handlers
