"""One camera's normality: what moves (density) and the picture as a whole (view)."""

from inference.memory.density import DensityMemory
from inference.memory.view import ViewMemory

__all__ = ["DensityMemory", "ViewMemory"]
