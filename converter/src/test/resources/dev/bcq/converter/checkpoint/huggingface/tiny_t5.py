"""Writes the folders tiny-t5 and tiny-t5-sharded, with PyTorch 2.14.1: python tiny_t5.py ."""
import collections
import json
import os
import struct
import sys

import torch

WIDTH, INNER, VOCABULARY, HEADS = 8, 12, 20, 2
CONFIG = {
    "model_type": "t5",
    "d_model": WIDTH,
    "d_kv": WIDTH // HEADS,
    "d_ff": INNER,
    "num_heads": HEADS,
    "num_layers": 1,
    "vocab_size": VOCABULARY,
    "relative_attention_num_buckets": 8,
    "relative_attention_max_distance": 16,
}


def weights():
    """Returns random weights, tied tables under each of their names."""
    generator = torch.Generator().manual_seed(11)

    def random(*shape):
        return 0.3 * torch.randn(*shape, generator=generator)

    result = collections.OrderedDict()
    shared = random(VOCABULARY, WIDTH)
    result["shared.weight"] = shared

    def attention(name):
        for part in "qkvo":
            result[f"{name}.{part}.weight"] = random(WIDTH, WIDTH)

    for stack in ("encoder", "decoder"):
        result[stack + ".embed_tokens.weight"] = shared
        block = stack + ".block.0.layer."
        attention(block + "0.SelfAttention")
        result[block + "0.SelfAttention.relative_attention_bias.weight"] = random(8, HEADS)
        result[block + "0.layer_norm.weight"] = 1 + random(WIDTH)
        last = block + "1"
        if stack == "decoder":
            attention(block + "1.EncDecAttention")
            result[block + "1.layer_norm.weight"] = 1 + random(WIDTH)
            last = block + "2"
        result[last + ".DenseReluDense.wi.weight"] = random(INNER, WIDTH)
        # A view, as code that transposes or fuses matrices leaves behind.
        result[last + ".DenseReluDense.wo.weight"] = random(INNER, WIDTH).t()
        result[last + ".layer_norm.weight"] = 1 + random(WIDTH)
        result[stack + ".final_layer_norm.weight"] = 1 + random(WIDTH)
    result["lm_head.weight"] = shared.clone()
    return result


def write_safetensors(state, path):
    header, data = {}, b""
    for name, tensor in state.items():
        if "embed_tokens" in name or name == "lm_head.weight":
            continue
        values = tensor.contiguous().numpy().tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + len(values)],
        }
        data += values
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


def write_shards(state, folder):
    names, places = list(state), {}
    for number, part in enumerate((names[:10], names[10:]), 1):
        shard = f"pytorch_model-0000{number}-of-00002.bin"
        copies = collections.OrderedDict((name, state[name].clone()) for name in part)
        torch.save(copies, os.path.join(folder, shard))
        places.update({name: shard for name in part})
    total = sum(4 * tensor.numel() for tensor in state.values())
    with open(os.path.join(folder, "pytorch_model.bin.index.json"), "w") as file:
        json.dump({"metadata": {"total_size": total}, "weight_map": places}, file, indent=1)


def main(folder):
    state = weights()
    whole = os.path.join(folder, "tiny-t5")
    sharded = os.path.join(folder, "tiny-t5-sharded")
    for each in (whole, sharded):
        os.makedirs(each, exist_ok=True)
        with open(os.path.join(each, "config.json"), "w") as file:
            json.dump(CONFIG, file, indent=2)
        with open(os.path.join(each, "generation_config.json"), "w") as file:
            json.dump({"decoder_start_token_id": 0, "eos_token_id": 1}, file)
    torch.save(state, os.path.join(whole, "pytorch_model.bin"))
    write_safetensors(state, os.path.join(whole, "model.safetensors"))
    write_shards(state, sharded)


if __name__ == "__main__":
    main(sys.argv[1])
