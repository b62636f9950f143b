"""Writes the folder families, with transformers 5.18.0 and PyTorch 2.14.1: python tiny_families.py .

A model of a few kilobytes per family, with random weights, and golden.json: what transformers computes with it.
"""

import json
import os
import sys

import torch
import transformers

WIDTH, INNER, HEADS, VOCABULARY = 8, 12, 2, 24
SOURCES = [[5, 9, 17, 2], [20, 6, 11, 11, 8, 23, 13, 2]]
SIZES = {
    "vocab_size": VOCABULARY,
    "d_model": WIDTH,
    "max_position_embeddings": 40,
    "encoder_layers": 2,
    "decoder_layers": 1,
    "encoder_attention_heads": HEADS,
    "decoder_attention_heads": HEADS,
    "encoder_ffn_dim": INNER,
    "decoder_ffn_dim": INNER,
}
T5_SIZES = {
    "vocab_size": VOCABULARY,
    "d_model": WIDTH,
    "d_kv": 6,
    "d_ff": INNER,
    "num_heads": HEADS,
    "num_layers": 2,
    "relative_attention_num_buckets": 8,
    "relative_attention_max_distance": 16,
    "decoder_start_token_id": 0,
    "eos_token_id": 2,
}
FAMILIES = {
    "bart": ("Bart", SIZES | {"forced_eos_token_id": 2}),
    "mbart": ("MBart", SIZES | {"scale_embedding": True, "decoder_start_token_id": 2}),
    "m2m_100": ("M2M100", SIZES),
    "pegasus": (
        "Pegasus",
        SIZES | {"activation_function": "relu", "eos_token_id": 2, "scale_embedding": True},
    ),
    "marian": (
        "Marian",
        SIZES
        | {
            "activation_function": "swish",
            "scale_embedding": True,
            "pad_token_id": 23,
            "decoder_start_token_id": 23,
            "eos_token_id": 2,
            "forced_eos_token_id": 2,
        },
    ),
    "mt5": ("MT5", T5_SIZES | {"tie_word_embeddings": False}),
    "umt5": ("UMT5", T5_SIZES),
}
MODELS = {"Marian": "MarianMTModel"}
CALLS = [
    {"num_beams": 1},
    {"num_beams": 4, "num_return_sequences": 3, "length_penalty": 0.6},
    {"num_beams": 3, "no_repeat_ngram_size": 2, "repetition_penalty": 1.3, "min_new_tokens": 5},
    {"num_beams": 3, "forced_bos_token_id": 7, "early_stopping": True},
]


def rounded(tensor):
    return [round(float(value), 6) for value in tensor]


def model_of(family):
    prefix, options = FAMILIES[family]
    config = getattr(transformers, prefix + "Config")(**options)
    name = MODELS.get(prefix, prefix + "ForConditionalGeneration")
    model = getattr(transformers, name)(config).eval()
    generator = torch.Generator().manual_seed(23)
    learned = family in ("bart", "mbart")
    with torch.no_grad():
        for parameter_name, values in model.named_parameters():
            if "embed_positions" in parameter_name and not learned:
                continue
            random = 0.4 * torch.randn(values.shape, generator=generator)
            norm = "norm" in parameter_name and parameter_name.endswith("weight")
            values.copy_(1 + random if norm else random)
        if hasattr(model, "final_logits_bias"):
            bias = model.final_logits_bias
            bias.copy_(torch.randn(bias.shape, generator=generator))
    return model


def case(model, source, number):
    ids = torch.tensor([source])
    m2m100 = model.config.model_type == "m2m_100"
    target = [model.generation_config.decoder_start_token_id, 4 + number, 19, 6, 6, 14]
    with torch.no_grad():
        encoded = model.get_encoder()(ids).last_hidden_state[0]
        logits = model(input_ids=ids, decoder_input_ids=torch.tensor([target])).logits[0]
        log_probabilities = torch.log_softmax(logits, -1)
        calls = []
        # M2M100 gives padding a position of its own, even where a search has chosen it.
        blocked = {"suppress_tokens": [model.config.pad_token_id]} if m2m100 else {}
        for options in CALLS:
            found = model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                return_dict_in_generate=True,
                output_scores=True,
                max_new_tokens=12,
                **blocked,
                **options,
            )
            scores = found.get("sequences_scores")
            calls.append(
                {
                    "options": options | {"max_new_tokens": 12} | blocked,
                    "sequences": found.sequences.tolist(),
                    "scores": None if scores is None else rounded(scores),
                }
            )
    return {
        "input_ids": source,
        "encoder_output_first_token": rounded(encoded[0]),
        "encoder_output_last_token": rounded(encoded[-1]),
        "decoder_input_ids": target,
        "log_probs_first_step": rounded(log_probabilities[0]),
        "log_probs_last_step": rounded(log_probabilities[-1]),
        "generate": calls,
    }


def write(family, folder):
    model = model_of(family)
    model.save_pretrained(folder)
    model = type(model).from_pretrained(folder).eval()
    cases = [case(model, source, number) for number, source in enumerate(SOURCES)]
    with open(os.path.join(folder, "golden.json"), "w") as file:
        json.dump({"cases": cases}, file)
        file.write("\n")


if __name__ == "__main__":
    for name in FAMILIES:
        write(name, os.path.join(sys.argv[1], "families", name))
