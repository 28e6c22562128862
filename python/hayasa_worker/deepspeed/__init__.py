"""DeepSpeed in processes of its own: ranks, what each of them loads, and the proof that something was sharded."""
