"""The versions of the protocol, as `since` names them."""

V1_1 = (1, 1)
