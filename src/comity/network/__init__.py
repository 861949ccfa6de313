"""The world freight network: road, rail, sea and ferry as one graph of cells and gates (see `model`)."""

from __future__ import annotations

from comity.network.model import Cell, Gate, Mode, Network
from comity.network.store import build, damage, folder_of, info, open_network

__all__ = ["Cell", "Gate", "Mode", "Network", "build", "damage", "folder_of", "info", "open_network"]
