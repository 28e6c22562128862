"""Logits of vLLM, which gives none away: taken where its model computes them for log probabilities."""

from typing import Any

from hayasa_worker.failures import FailureError


def logits_of(llm: Any, model: Any, request_id: str, tokens: list[int]) -> Any:
    """float32 array [len(tokens), vocabulary]: the logits after each token.

    A request for the log probabilities of its prompt makes vLLM compute logits of every position: the last one's first,
    to choose the next token, then those of the others.

    Raises:
        FailureError: `engine-error` where another number of rows came than there are tokens.

    """
    import torch
    from vllm import SamplingParams

    parameters = SamplingParams(max_tokens=1, temperature=0, ignore_eos=True, detokenize=False, prompt_logprobs=0)
    seen: list[Any] = []
    compute = model.compute_logits

    def watched(*arguments: Any, **named: Any) -> Any:
        result = compute(*arguments, **named)
        seen.append(result.detach().float().cpu())
        return result

    model.compute_logits = watched
    try:
        llm.llm_engine.add_request(request_id, {"prompt_token_ids": tokens}, parameters)
        while llm.llm_engine.has_unfinished_requests():
            llm.llm_engine.step()
    finally:
        del model.compute_logits
    last, *before = seen
    rows = torch.cat([*before, last])
    if len(rows) != len(tokens) or len(last) != 1:
        raise FailureError("engine-error", f"vLLM computed logits of {len(rows)} positions for {len(tokens)} tokens")
    return rows.numpy()
