"""A host's request that is not granted."""


class Refusal(Exception):  # noqa: N818 - an answer to the host, no fault of the handset
    """Why not: `code` is a failure code of the protocol, `detail` says what exactly, for people."""

    def __init__(self, code: int, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
