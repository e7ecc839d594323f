"""Round steps for axes and scale bars."""

from __future__ import annotations

import math


def round_step(span: float, most: int) -> float:
    """Return the smallest of 1, 2, 5 x 10^n that divides `span` > 0 into at most `most` parts."""
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    # 1e-9: a span that is exactly `most` steps must not fall to the next step by rounding
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * (1 - 1e-9))
