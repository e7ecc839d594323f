"""A claimed handset, and a host that is in a session with it."""

from __future__ import annotations

import pytest
from tests.simulator.handset.conftest import MakePhone, Phone
from tests.simulator.handset.host_on_line import HostOnLine
from tests.simulator.handset.test_session import KEYS

from .asking import (
    host_of,
)


@pytest.fixture
def phone(make_phone: MakePhone) -> Phone:
    """Return a claimed handset with a modem that is registered."""
    phone = make_phone(config=dict(KEYS))
    phone.modem.answers["AT+CEREG?"] = "+CEREG: 1,1\r\n\r\nOK"
    phone.modem.answers["AT+CSQ"] = "+CSQ: 20,99\r\n\r\nOK"
    return phone


@pytest.fixture
def host(phone: Phone) -> HostOnLine:
    """Return a host with a session as technician."""
    return host_of(phone)
