"""The little of DER (ITU-T X.690) that the one shape of our seals needs, written and read.

asn1crypto would do this too, but pyHanko adds names to its tables when it is imported: a process
that had verified one document before it sealed another could then seal none.
"""

VERSION_1 = bytes.fromhex("020101")
DATA = bytes.fromhex("06092a864886f70d010701")
SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
SHA256 = bytes.fromhex("300d06096086480165030402010500")
SHA256_RSA = bytes.fromhex("300d06092a864886f70d01010b0500")
SHA256_ECDSA = bytes.fromhex("300a06082a8648ce3d040302")


def sequence(*parts: bytes) -> bytes:
    return _element(0x30, b"".join(parts))


def a_set(*parts: bytes) -> bytes:
    return _element(0x31, b"".join(parts))


def tagged(content: bytes) -> bytes:
    """Explicitly tagged [0]."""
    return _element(0xA0, content)


def octets(content: bytes) -> bytes:
    return _element(0x04, content)


def integer(number: int) -> bytes:
    return _element(0x02, number.to_bytes(number.bit_length() // 8 + 1))


def inside(element: bytes) -> list[bytes]:
    """The elements that a constructed one holds, whole. Raises ValueError, also for none."""
    content, found = value(element), []
    while content:
        start, length = _measure(content)
        found.append(content[: start + length])
        content = content[start + length :]
    return found


def value(element: bytes) -> bytes:
    """The content of the first element. Raises ValueError where it is cut short."""
    start, length = _measure(element)
    return element[start : start + length]


def _element(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    counted = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(counted))) + counted + content


def _measure(element: bytes) -> tuple[int, int]:
    """Where the content begins and how long it is."""
    if len(element) < 2:
        raise ValueError("An element is cut short.")
    start, length = 2, element[1]
    if length >= 0x80:
        start += length - 0x80
        length = int.from_bytes(element[2:start])
    if len(element) < start + length:
        raise ValueError("An element is cut short.")
    return start, length
