"""Where data that travels with the package lies: in the installed package or, in a checkout, beside it."""

from pathlib import Path

__all__ = ["resource_directory"]

# Name -> (directory in the installed package, directory in the repository).
_PLACES = {
    "firmware": ("firmware/prebuilt", "firmware/prebuilt"),
    **{f"firmware/{part}": (f"firmware/{part}",) * 2 for part in ("kernels", "runtime", "template")},
    "data/conformance": ("data/conformance", "tests/data/conformance"),
}


def resource_directory(name: str) -> Path:
    """Directory of bundled data, by its place in the package ("firmware", "data/conformance", ...)."""
    import flexdbg

    for package_root in flexdbg.__path__:
        in_package, in_checkout = _PLACES[name]
        for place in (Path(package_root) / in_package, Path(package_root).parent / in_checkout):
            if place.is_dir():
                return place
    raise FileNotFoundError(f"the installed flexdbg lacks its {name} directory; reinstall the package")
