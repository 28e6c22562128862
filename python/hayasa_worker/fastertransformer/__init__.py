"""What FasterTransformer's sample for GPT-NeoX is given and what it prints: files and text, no library."""
