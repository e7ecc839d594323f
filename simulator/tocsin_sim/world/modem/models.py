"""Every modem there is a model of, by the name a board's facts give."""

from tocsin_sim.world.errors import SettingError
from tocsin_sim.world.modem.a7670 import A7670
from tocsin_sim.world.modem.eg25 import Eg25
from tocsin_sim.world.modem.module import Module
from tocsin_sim.world.modem.sim7600 import Sim7600

_MODELS: dict[str, type[Module]] = {"a7670": A7670, "sim7600": Sim7600, "eg25": Eg25}


def model(name: str) -> type[Module]:
    """Return the model of that name. Raises SettingError."""
    if name not in _MODELS:
        raise SettingError(f"there is no modem {name!r}", f"modems: {', '.join(_MODELS)}")
    return _MODELS[name]
