"""A sink that only goes forward, as a pipe or a network connection does."""

import io


class OneWay(io.RawIOBase):
    """A sink that cannot seek, so that zipfile writes data descriptors into it."""

    def __init__(self) -> None:
        self.kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # why: typeshed's Buffer is 3.12
        self.kept += data
        return len(data)
