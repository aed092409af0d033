"""Where the desk may listen: on this computer only, as long as there is no login."""

import errno
import socket
from ipaddress import ip_address

from store.problems import Problem


def is_loopback(host: str) -> bool:
    """Say whether a host name or address is this computer itself."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check_binding(host: str) -> None:
    """Raise Problem when the desk would be open to other computers."""
    if not is_loopback(host):
        raise Problem(
            f"The desk has no login yet, so it listens on this computer only and not on {host!r}. "
            "Set TEALEAVES_DESK_HOST to 127.0.0.1, and reach it from elsewhere through an SSH tunnel "
            "(ssh -L 8765:127.0.0.1:8765 THIS_COMPUTER)."
        )


def check_port(host: str, port: int) -> None:
    """Raise Problem when something listens there already, before the desk says where it is."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        message = f"Port {port} is already in use; choose another with --port or TEALEAVES_DESK_PORT."
        raise Problem(message) from None
