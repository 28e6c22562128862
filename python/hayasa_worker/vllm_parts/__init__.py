"""Parts of the vLLM engine: how it is created, what it became, its requests, and the checkpoint of its 8 bit."""
