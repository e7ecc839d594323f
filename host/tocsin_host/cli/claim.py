"""`tocsin claim`: make a handset somebody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tocsin_host.cli.output import Output, Settings, json_option
from tocsin_host.errors import DeviceRefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from tocsin_host.client import HandsetClient
    from tocsin_host.keys import HandsetKeys, KeyStore


@click.command()
@click.argument("identity", type=click.IntRange(1, 2**32 - 1))
@json_option
@click.pass_obj
def claim(settings: Settings, identity: int) -> Output:
    """Give a blank handset the number IDENTITY and keys of its own.

    The keys are made here and stored in the folder of keys before they are sent.

    \b
    Example:
      tocsin --device serial:/dev/ttyACM0 claim 7001
    """
    from tocsin_host.cli.handset import connected
    from tocsin_host.keys import HandsetKeys, KeyStore
    from tocsin_host.wire import FailureCode, Role

    with connected(settings, role=Role.FACTORY) as handset:
        if not handset.is_unclaimed:
            raise DeviceRefusedError(
                "the handset is claimed already", FailureCode.CLAIMED, "wipe it first"
            )
        path = _claim(handset, HandsetKeys.fresh(identity), KeyStore(settings.key_folder))
    data = {"identity": identity, "keys": str(path)}
    return Output(data, f"the handset is {identity}; its keys are in {path}: keep them safe")


def _claim(handset: HandsetClient, keys: HandsetKeys, store: KeyStore) -> Path:
    """Claim; the keys stay stored unless the handset has said that it did not take them."""
    path = store.save(keys)
    try:
        handset.provisioning.claim(keys)
    except DeviceRefusedError:
        path.unlink()
        raise
    return path
