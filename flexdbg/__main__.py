"""`python -m flexdbg` is the `flexdbg` command."""

from flexdbg.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
