"""What minipb asks of module logging, which no port freezes: nothing is said."""


class _Silent:
    def debug(self, *_: object) -> None:
        pass


def getLogger(_: str) -> _Silent:  # noqa: N802  # the name it has
    return _Silent()
