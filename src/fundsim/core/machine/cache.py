"""Where compiled kernels are kept.

Why a cache folder of our own: numba's cache notices an edit of a kernel's own file but not of a
callee in another file, and would replay a stale kernel without a word.  The folder's name therefore
carries a digest of all sources of ``core/``, of those of ``scheme/``, by which tables are laid out, of
numba's version, and of the way in which it is used (``mode.py``), so any edit starts again.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path

import numba

from fundsim.core.machine.mode import MODE

__all__ = ["CACHE_FOLDER"]


def _digest_of_sources() -> str:
    digest = hashlib.blake2b(f"{numba.__version__} {MODE}\n".encode(), digest_size=8)
    package = Path(__file__).parents[2]
    for folder in ("core", "scheme"):
        for source in sorted((package / folder).rglob("*.py")):
            text = source.read_bytes()
            # With its length, so that no text can pass for the end of another and the next one's name.
            digest.update(f"{source.relative_to(package).as_posix()} {len(text)}\n".encode())
            digest.update(text)
    return digest.hexdigest()


def _user_cache() -> Path:
    """Folder for caches of this user: site-packages may be read-only and shared."""
    if chosen := os.environ.get("FUNDSIM_CACHE_DIR"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "fundsim"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "fundsim"


def _writable_folder() -> Path:
    folder = _user_cache() / f"kernels-{_digest_of_sources()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        return Path(tempfile.gettempdir()) / f"fundsim-kernels-{_digest_of_sources()}"


CACHE_FOLDER = _writable_folder()
"""Where this build's compiled kernels are kept; ``FUNDSIM_CACHE_DIR`` moves it."""
