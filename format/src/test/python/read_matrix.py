#!/usr/bin/env python3
"""Rebuilds the matrices of a .bcq file bit for bit, as FORMAT.md says, with nothing but Python's library.

usage: read_matrix.py FILE             each matrix: name, rows, columns, CRC-32 of its float32 weights
       read_matrix.py FILE NAME        the same of one matrix
       read_matrix.py FILE NAME ROW    the weights of a row as hexadecimal floats
"""
import struct
import sys
import zlib


def require(holds, message):
    if not holds:
        raise ValueError(message)


def number(kind, data, at):
    require(at >= 0, "an offset points in front of its section")
    return struct.unpack_from("<" + kind, data, at)[0]


def rounded(row):
    """float32 of each number. Sums and products of two float32 are rounded once: a double holds enough of them."""
    return struct.unpack(f"<{len(row)}f", struct.pack(f"<{len(row)}f", *row))


class Model:
    def __init__(self, file):
        require(file[:8] == b"\x89BCQ\r\n\x1a\n", "not a .bcq file: the signature is missing")
        require(len(file) >= 64, "truncated: the header has 64 bytes")
        version, crc, length, start, end = struct.unpack_from("<IIQQQ", file, 8)
        require(version == 1, f"version {version}; this program reads version 1")
        require(zlib.crc32(file[:60]) == number("I", file, 60), "damaged: checksum of the header")
        require(len(file) == end, f"truncated or too long: {len(file)} bytes, expected {end}")
        require(8 <= length <= 1 << 28 and start == (64 + length + 63) // 64 * 64 <= end, "inconsistent header")
        self.directory, self.data = file[64 : 64 + length], file[start:]
        require(zlib.crc32(self.directory) == crc, "damaged: checksum of the directory")
        require(self.directory[4:8] == b"BCQ1", "the directory lacks its identifier")
        self.matrices = Table(self, number("I", self.directory, 0)).tables(6)


class Table:
    """A table of the directory. Fields are counted from 0, in the order of model.fbs."""

    def __init__(self, model, at):
        self.model, self.bytes, self.at = model, model.directory, at
        self.vtable = at - number("i", self.bytes, at)

    def place(self, field):
        slot = 4 + 2 * field
        offset = number("H", self.bytes, self.vtable + slot) if slot < number("H", self.bytes, self.vtable) else 0
        return self.at + offset if offset else None

    def number(self, field, kind="I"):
        place = self.place(field)
        return 0 if place is None else number(kind, self.bytes, place)

    def vector(self, field):
        """Returns where the elements begin, and their number."""
        place = self.place(field)
        if place is None:
            return 0, 0
        at = place + number("I", self.bytes, place)
        return at + 4, number("I", self.bytes, at)

    def string(self, field):
        at, count = self.vector(field)
        return self.bytes[at : at + count].decode()

    def tables(self, field):
        at, count = self.vector(field)
        return [Table(self.model, i + number("I", self.bytes, i)) for i in range(at, at + 4 * count, 4)]

    def block(self, field):
        place = self.place(field)
        require(place is not None, "a block is missing")
        offset, length, crc = struct.unpack_from("<QQI", self.bytes, place)
        block = self.model.data[offset : offset + length]
        require(len(block) == length and zlib.crc32(block) == crc, "damaged: checksum of a block")
        return block


class Matrix:
    def __init__(self, table):
        self.name, self.rows, self.cols = table.string(0), table.number(1), table.number(2)
        storage = table.number(3, "B")
        require(storage <= 3, f"{self.name} has storage {storage}; this program knows 0 to 3")
        if storage == 0:
            self.stored = [row for block in table.tables(9) for row in self.bit_planes(table, block)]
            if table.place(10) is not None:
                order = struct.unpack(f"<{self.rows}I", table.block(10))
                self.stored = [self.stored[row] for row in order]
        elif storage == 1:
            self.stored = list(struct.iter_unpack(f"<{self.cols}f", table.block(11)))
        else:
            scales = struct.unpack(f"<{self.rows}f", table.block(12))
            values = struct.iter_unpack(f"<{self.cols}b", table.block(11)) if storage == 2 else self.tiles(table.block(11))
            self.stored = [rounded([scale * value for value in row]) for scale, row in zip(scales, values)]
        require(len(self.stored) == self.rows, f"{self.name} has {len(self.stored)} rows, expected {self.rows}")

    def tiles(self, values):
        """Yields the rows of int8 weights in tiles."""
        chunks = -(-self.cols // 32)
        for row in range(self.rows):
            tile, lane = divmod(row, 16)
            yield [
                values[512 * (tile * chunks + col // 32) + 64 * (col % 8) + 4 * lane + col % 32 // 8] - 128
                for col in range(self.cols)
            ]

    def bit_planes(self, table, block):
        """Yields the stored rows of a row block."""
        rows, planes = block.number(0), block.number(1, "B")
        bits, packed = block.block(2), block.block(3)
        width = 4 if table.number(6, "B") else 2
        scales = struct.unpack(f"<{len(packed) // width}{'f' if width == 4 else 'e'}", packed)
        by_column, heads, offset = table.number(7, "B"), table.number(8), table.number(5, "B")
        size = table.number(4) or self.cols
        chunks, groups, slots = -(-self.cols // 32), -(-self.cols // size), planes + offset
        for row in range(rows):
            tile, lane = divmod(row, 16)

            def scale(slot, col):
                if by_column:
                    return scales[(row // (rows // heads) * planes + slot) * 32 * chunks + col]
                return scales[((tile * groups + col // size) * slots + slot) * 16 + lane]

            sums = [0.0] * self.cols
            for plane in range(planes):
                for col in range(self.cols):
                    line = 64 * ((tile * chunks + col // 32) * planes + plane)
                    bit = bits[line + col % 32 // 8 * 16 + lane] >> col % 8 & 1
                    sums[col] += scale(plane, col) if bit else -scale(plane, col)
                sums = list(rounded(sums))
            if offset:
                sums = rounded([value + scale(planes, col) for col, value in enumerate(sums)])
            yield sums

    def crc(self):
        crc = 0
        for row in self.stored:
            crc = zlib.crc32(struct.pack(f"<{self.cols}f", *row), crc)
        return crc


def main(path, name=None, row=None):
    with open(path, "rb") as file:
        model = Model(file.read())
    chosen = [table for table in model.matrices if name in (None, table.string(0))]
    require(chosen or name is None, f"no matrix {name}")
    for table in chosen:
        matrix = Matrix(table)
        if row is None:
            print(f"{matrix.name} {matrix.rows} {matrix.cols} {matrix.crc():08x}")
        else:
            print(*map(float.hex, matrix.stored[int(row)]))


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except (ArithmeticError, LookupError, OSError, ValueError, struct.error) as error:
        sys.exit(f"{sys.argv[1]}: {error}")
