"""Who may hold a session with a handset, and so which messages they may exchange with it."""

from tocsin_protocol.vocabulary import Member, names

TECHNICIAN = "TECHNICIAN"
FACTORY = "FACTORY"
FIXTURE = "FIXTURE"

EVERY_ROLE = (TECHNICIAN, FACTORY, FIXTURE)

ROLE = names(
    "Role",
    "ROLE",
    "What a host proves to be when it opens a session; each role has a key of its own.",
    Member(TECHNICIAN, 1, "services issued handsets"),
    Member(FACTORY, 2, "provisions handsets"),
    Member(FIXTURE, 3, "tests handsets on a rig"),
)
