"""Who runs a command."""

import getpass
import os


def user_name() -> str:
    """Name who runs this; in a container the user may have a number and no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}"
