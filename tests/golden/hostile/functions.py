"""Every function and class of native modules, called with hostile arguments."""

from _matrix import MODULES, functions_of
from _walk import walk

walk((module, name, f"{module}.{name}") for module in MODULES for name in functions_of(module))
