"""What engines of the Transformers family share: generation with stamps, loading by precision, censuses."""
