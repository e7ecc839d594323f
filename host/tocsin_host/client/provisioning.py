"""How a handset becomes somebody's, and nobody's again."""

from __future__ import annotations

from tocsin_host import wire
from tocsin_host.client.asking import Asking
from tocsin_host.keys import HandsetKeys
from tocsin_host.session import Role


class Provisioning:
    """For the role FACTORY."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def claim(self, keys: HandsetKeys) -> None:
        """Give a handset that is nobody's its identity and keys, all or none.

        Have `keys` stored first: the answer may be lost when the claim is not.
        """
        by_role = keys.by_role
        claim = wire.Claim(
            identity=keys.identity,
            factory_key=by_role[Role.FACTORY],
            technician_key=by_role[Role.TECHNICIAN],
            fixture_key=by_role[Role.FIXTURE],
        )
        self._asking.ask(claim, wire.Claimed)

    def wipe(self, identity: int) -> None:
        """Erase the handset of that identity: settings, keys, journal. It restarts as nobody's."""
        self._asking.ask(wire.Wipe(identity), wire.Wiped)
