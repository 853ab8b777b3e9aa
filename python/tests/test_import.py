"""The package is installed with its extension module."""

import oakford_aisp


def test_import_the_version_is_that_of_the_extension_module() -> None:
    assert oakford_aisp.__version__ == "0.1.0"
