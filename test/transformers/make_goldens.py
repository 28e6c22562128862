"""Tiny seeded models of every architecture and option, with the logits and greedy tokens that Transformers computes.

Weights are drawn so that attention is far from uniform and greedy text varies; a seed is taken only where the two
largest logits are never nearer than MARGIN, so that rounding cannot change a token. `--check` makes nothing: it loads
each checked-in model and compares. See README.md.
"""

import json
import pathlib
import shutil
import sys

import torch
import transformers
from transformers import AutoModelForCausalLM

MARGIN = 0.02
NEW_TOKENS = 12
MOST_SEEDS = 400
PROMPT_LENGTHS = (20, 5, 12)
TOLERANCE = 1e-4
FOLDER = pathlib.Path(__file__).parent / "models"

SIZES = {
    "vocab_size": 64,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "max_position_embeddings": 256,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": None,
}
FAMILY = {**SIZES, "num_key_value_heads": 1, "head_dim": 16, "rms_norm_eps": 1e-5}
QWEN = {**FAMILY, "rms_norm_eps": 1e-6}
GEMMA = {**FAMILY, "intermediate_size": 32, "rms_norm_eps": 1e-6, "sliding_window": 8}
LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 10000.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}
YARN = {"rope_type": "yarn", "rope_theta": 10000.0, "factor": 4.0, "original_max_position_embeddings": 64}
LINEAR = {"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0}

# name: (model type, dtype of the file, config)
MODELS = {
    "gpt-neox-sequential": ("gpt_neox", torch.float16, {**SIZES, "use_parallel_residual": False, "rotary_pct": 1.0}),
    "gpt-neox-parallel": (
        "gpt_neox",
        torch.float16,
        {**SIZES, "num_attention_heads": 1, "use_parallel_residual": True, "rotary_pct": 0.5, "hidden_act": "gelu_new"},
    ),
    "llama": ("llama", torch.float32, FAMILY),
    "llama-biases-tied": (
        "llama",
        torch.bfloat16,
        {**FAMILY, "attention_bias": True, "mlp_bias": True, "tie_word_embeddings": True},
    ),
    "llama-llama3": ("llama", torch.float16, {**FAMILY, "rope_parameters": LLAMA3}),
    "llama-linear": ("llama", torch.float16, {**FAMILY, "rope_parameters": LINEAR}),
    "llama-yarn": ("llama", torch.float16, {**FAMILY, "rope_parameters": YARN}),
    "mistral": ("mistral", torch.float16, {**FAMILY, "num_key_value_heads": 2, "sliding_window": None}),
    "mistral-window": ("mistral", torch.float16, {**FAMILY, "sliding_window": 8}),
    "qwen2-tied": ("qwen2", torch.float16, {**QWEN, "tie_word_embeddings": True}),
    "qwen2-window": (
        "qwen2",
        torch.float16,
        {**QWEN, "use_sliding_window": True, "sliding_window": 8, "max_window_layers": 1},
    ),
    "qwen3": ("qwen3", torch.float16, {**QWEN, "num_attention_heads": 4, "num_key_value_heads": 2}),
    "qwen3-biases": ("qwen3", torch.float16, {**QWEN, "attention_bias": True}),
    "opt": (
        "opt",
        torch.float16,
        {
            **{key: value for key, value in SIZES.items() if key not in ("intermediate_size", "pad_token_id")},
            "ffn_dim": 64,
            "word_embed_proj_dim": 32,
            "pad_token_id": None,
            "dropout": 0.0,
        },
    ),
    "gemma3": ("gemma3_text", torch.float16, {**GEMMA, "num_hidden_layers": 7, "query_pre_attn_scalar": 16}),
    "gemma3-linear": (
        "gemma3_text",
        torch.float16,
        {
            **GEMMA,
            "intermediate_size": 64,
            "tie_word_embeddings": False,
            "layer_types": ["sliding_attention", "full_attention"],
            "query_pre_attn_scalar": 24,
            "rope_parameters": {
                "full_attention": {"rope_type": "linear", "rope_theta": 1000000.0, "factor": 8.0},
                "sliding_attention": {"rope_type": "default", "rope_theta": 10000.0},
            },
        },
    ),
}


def fill(model: torch.nn.Module, seed: int, is_gemma: bool, is_tied: bool) -> None:
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        deviates = torch.randn(parameter.shape, generator=generator)
        if parameter.dim() == 1:
            is_norm = "norm" in name and name.endswith("weight")
            parameter.data = (0.0 if is_gemma or not is_norm else 1.0) + 0.2 * deviates
        elif "embed" in name:
            # A tied head must not find the last token itself again. Gemma scales its embeddings, and norms what it adds.
            deviation = parameter.shape[1] ** -0.5 if is_gemma else 0.2 if is_tied else 1.0
            parameter.data = deviation * deviates
        else:
            gain = 1.5 if any(part in name for part in ("q_proj", "k_proj", "query_key_value")) else 1.0
            parameter.data = gain * deviates / parameter.shape[1] ** 0.5


def greedy(model: torch.nn.Module, prompt: list[int]) -> tuple[list[int], list[list[float]], float]:
    """Tokens, the logits that the first and the last of them were chosen by, and the smallest margin."""
    tokens: list[int] = []
    rows = []
    margin = float("inf")
    for _ in range(NEW_TOKENS):
        logits = model(torch.tensor([prompt + tokens])).logits[0, -1]
        rows.append(logits.tolist())
        top = logits.topk(2).values
        margin = min(margin, float(top[0] - top[1]))
        tokens.append(int(logits.argmax()))
        if margin < MARGIN:
            break
    return tokens, [rows[0], rows[-1]], margin


@torch.no_grad()
def make(name: str) -> None:
    model_type, dtype, settings = MODELS[name]
    for seed in range(MOST_SEEDS):
        config = transformers.AutoConfig.for_model(model_type, **settings)
        config._attn_implementation = "eager"
        model = AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
        fill(model, seed, model_type.startswith("gemma"), config.tie_word_embeddings)
        # What the file holds is what is computed with, in float32. Buffers keep their precision.
        for parameter in model.parameters():
            parameter.data = parameter.data.to(dtype).float()
        generator = torch.Generator().manual_seed(seed)
        prompts = [torch.randint(3, 64, (n,), generator=generator).tolist() for n in PROMPT_LENGTHS]
        results = []
        for prompt in prompts:
            results.append(greedy(model, prompt))
            if results[-1][2] < MARGIN:
                break
        smallest = min(margin for _, _, margin in results)
        varied = all(len(set(tokens)) > 2 for tokens, _, _ in results)
        if smallest > MARGIN and varied:
            break
    else:
        raise RuntimeError(f"{name}: no seed has a margin of {MARGIN}")
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder, state_dict={key: value.to(dtype) for key, value in model.state_dict().items()})
    (folder / "generation_config.json").unlink(missing_ok=True)
    golden = {
        "transformers": transformers.__version__,
        "torch": torch.__version__.split("+")[0],
        "seed": seed,
        "smallestMargin": round(smallest, 6),
        "sequences": [
            {"prompt": prompt, "tokens": tokens, "logits": [[round(x, 6) for x in row] for row in rows]}
            for prompt, (tokens, rows, _) in zip(prompts, results)
        ],
    }
    (folder / "golden.json").write_text(json.dumps(golden) + "\n")
    print(name, "seed", seed, "margin", round(smallest, 4), sum(f.stat().st_size for f in folder.iterdir()), "bytes")


@torch.no_grad()
def check(name: str) -> list[str]:
    """What the installed Transformers computes otherwise from the files of `name` than its golden says."""
    folder = FOLDER / name
    golden = json.loads((folder / "golden.json").read_text())
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    problems = []
    largest = 0.0
    for sequence in golden["sequences"]:
        tokens, rows, _ = greedy(model, sequence["prompt"])
        if tokens != sequence["tokens"]:
            problems.append(f"{name}: writes {tokens} instead of {sequence['tokens']}")
        distances = (torch.tensor(rows) - torch.tensor(sequence["logits"])).abs()
        largest = max(largest, float(distances.max()))
    if not largest < TOLERANCE:
        problems.append(f"{name}: logits differ by {largest:.2e}")
    print(f"{name}: logits within {largest:.1e}")
    return problems


if __name__ == "__main__":
    torch.set_num_threads(1)
    arguments = sys.argv[1:]
    names = [argument for argument in arguments if argument != "--check"] or list(MODELS)
    if "--check" not in arguments:
        for wanted in names:
            make(wanted)
    else:
        folders = {path.name for path in FOLDER.iterdir()}
        found = [f"{name}: no such model here" for name in MODELS.keys() ^ folders]
        found += [problem for name in names for problem in check(name)]
        print(f"transformers {transformers.__version__}: {len(names)} models, {len(found)} problems", *found, sep="\n")
        sys.exit(1 if found else 0)
