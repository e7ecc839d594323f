"""Upload a file with smpclient and print how many seconds the upload took, connecting apart.

`python -m tests.bench.transfer.smp_upload PORT FILE`
"""

import asyncio
import sys
import time
from pathlib import Path

from smpclient import SMPClient
from smpclient.transport.serial import SMPSerialTransport

_TIMEOUT_S = 30.0


async def upload(port: str, data: bytes) -> float:
    """Seconds from the first request of the upload to the reply to its last."""
    async with SMPClient(SMPSerialTransport(), port, _TIMEOUT_S) as client:
        started_s = time.monotonic()
        async for _ in client.upload_file(data, "file", timeout_s=_TIMEOUT_S):
            pass
        return time.monotonic() - started_s


if __name__ == "__main__":
    sys.stdout.write(f"{asyncio.run(upload(sys.argv[1], Path(sys.argv[2]).read_bytes()))}\n")
