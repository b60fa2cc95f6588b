"""Pure functions from values to styled text; used by commands, the prompt and full-screen views."""
