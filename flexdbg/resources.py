"""Where data that travels with the package lies: in the installed package or, in a checkout, beside it."""

from pathlib import Path

__all__ = ["resource_directory"]

# Package subdirectory -> where the same files live in the repository.
_IN_CHECKOUT = {
    "firmware": "firmware/prebuilt",
    "data/conformance": "tests/data/conformance",
}


def resource_directory(name: str) -> Path:
    """Directory of bundled data, by its place in the package ("firmware", "data/conformance", ...)."""
    import flexdbg

    for package_root in flexdbg.__path__:
        installed = Path(package_root) / name
        if installed.is_dir():
            return installed
        checkout = Path(package_root).parent / _IN_CHECKOUT[name]
        if checkout.is_dir():
            return checkout
    raise FileNotFoundError(f"the installed flexdbg lacks its {name} directory; reinstall the package")
