"""The `flexdbg` command: arguments, nothing else. Each subcommand imports what it needs when it runs."""

from flexdbg.cli.entry import main

__all__ = ["main"]
