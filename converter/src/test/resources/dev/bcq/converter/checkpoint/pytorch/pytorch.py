"""Writes the files of the folder "pytorch", with PyTorch 2.14.1: python pytorch.py pytorch

tensors.zip64.pt holds the entries of tensors.zip.pt, written by zipfile of Python with ZIP64_LIMIT 1.
"""
import argparse
import collections
import json
import os
import sys

import numpy as np
import torch


def tensors():
    """Returns tensors of each type, in order and as views."""
    generator = torch.Generator().manual_seed(7)

    def random(*shape, dtype=torch.float32):
        return torch.randn(*shape, generator=generator, dtype=dtype)

    base = random(6, 5)
    result = collections.OrderedDict()
    result["f32"] = base
    result["transposed"] = base.t()
    result["column"] = base[:, 2]
    result["rows"] = base[2:5]
    result["stepped"] = base[::2, 1::2]
    result["permuted"] = torch.arange(24, dtype=torch.float32).reshape(2, 3, 4).permute(2, 0, 1)
    result["scalar"] = torch.tensor(2.5)
    result["empty"] = torch.zeros(0, 3)
    result["empty_columns"] = torch.zeros(5, 0)
    result["f64"] = random(2, 3, dtype=torch.float64)
    result["f16"] = random(7).half()
    result["f16_transposed"] = random(4, 3).half().t()
    result["bf16"] = random(7).bfloat16()
    result["i64"] = torch.tensor([[1, -2], [2**40, -(2**62)]])
    result["i32"] = torch.tensor([1, -2, 2**31 - 1], dtype=torch.int32)
    result["i16"] = torch.tensor([1, -2, 32767], dtype=torch.int16)
    result["i8"] = torch.tensor([[1, -2, 127], [-128, 0, 3]], dtype=torch.int8).t()
    result["u8"] = torch.tensor([0, 200, 255], dtype=torch.uint8)
    result["bool"] = torch.tensor([True, False, True])
    result["parameter"] = torch.nn.Parameter(random(3))
    result["tied"] = result["parameter"]
    result._metadata = collections.OrderedDict([("", {"version": 1})])
    return result


def described(name, tensor):
    tensor = tensor.detach()
    values = tensor.double() if tensor.is_floating_point() else tensor.long()
    return {
        "name": name,
        "shape": list(tensor.shape),
        "type": str(tensor.dtype).split(".")[1],
        "values": values.flatten().tolist(),
    }


def main(folder):
    def path(name):
        return os.path.join(folder, name)

    os.makedirs(folder, exist_ok=True)
    state = tensors()
    base = state["f32"]
    with open(path("tensors.json"), "w") as file:
        json.dump([described(*item) for item in state.items()], file, indent=0)
    torch.save(state, path("tensors.zip.pt"))
    torch.save(state, path("tensors.legacy.pt"), _use_new_zipfile_serialization=False)
    for protocol in (4, 5):
        torch.save(state, path(f"tensors.protocol{protocol}.pt"), pickle_protocol=protocol)

    one = {"a": torch.arange(6, dtype=torch.float32).reshape(3, 2).t()}
    torch.save(one, path("one.zip.pt"))
    torch.save(one, path("one.legacy.pt"), _use_new_zipfile_serialization=False)

    checkpoint = {
        "model": state,
        "args": argparse.Namespace(a=1),
        "best": np.float64(3.5),
        "arr": np.arange(3),
        "set": {1, 2},
        "extra": {"x": b"bytes", "c": (1, 2)},
    }
    torch.save(checkpoint, path("checkpoint.pt"))

    torch.save({"a": base.expand(3, 6, 5)}, path("expanded.pt"))
    module = torch.nn.Linear(2, 2)
    torch.save(module, path("module.pt"))
    torch.jit.script(module).save(path("script.pt"))
    quantized = torch.quantize_per_tensor(base, 0.1, 0, torch.qint8)
    torch.save({"q": quantized}, path("quantized.pt"))
    torch.save({"s": base.to_sparse()}, path("sparse.pt"))
    new = {"f8": base.to(torch.float8_e4m3fn), "u16": torch.zeros(2, dtype=torch.uint16)}
    torch.save(new, path("new.pt"))


if __name__ == "__main__":
    main(sys.argv[1])
