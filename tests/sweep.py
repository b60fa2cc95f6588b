"""The nightly sweep: the property tests of the kernels over many more shapes.

python -m tests.sweep [EXAMPLES] [pytest options]
"""

import os
import subprocess
import sys
from pathlib import Path

EXAMPLES = 5000


def main() -> int:
    """Command line."""
    arguments = sys.argv[1:]
    examples = arguments.pop(0) if arguments and arguments[0].isdigit() else str(EXAMPLES)
    # Other examples each night; a failure prints how to repeat its own.
    command = [sys.executable, "-m", "pytest", "-q", str(Path(__file__).parent / "kernels"), *arguments]
    return subprocess.run(command, env={**os.environ, "FLEXDBG_SWEEP": examples}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
