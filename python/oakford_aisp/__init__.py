"""Oakford's account-information (AISP, PSD2) API."""

from ._core import __version__

__all__ = ["__version__"]
