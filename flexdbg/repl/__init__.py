"""The prompt: one terminal, one interpreter."""
