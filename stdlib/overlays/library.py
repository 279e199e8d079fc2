class LibraryLoader(SourceFileLoader):

    """Loads modules of the library that the interpreter carries with it.

    Their files need not exist: code and text come from the interpreter.
    """

    def get_code(self, fullname):
        """The code of the module, compiled in advance."""
        return _imp._library_code(self.get_filename(fullname))

    def get_data(self, path):
        """The content of a file of the library, as bytes."""
        data = _imp._library_data(_os.fspath(path))
        return super().get_data(path) if data is None else data


class LibraryFinder:

    """Finds modules in a directory of the library that the interpreter carries with it."""

    def __init__(self, path):
        if not _imp._library_directory(path):
            raise ImportError('only for the embedded library', path=path)
        self.path = path

    @classmethod
    def path_hook(cls, path):
        """For sys.path_hooks."""
        return cls(path)

    def find_spec(self, fullname, target=None):
        """The spec of a module in this directory, or None."""
        found = _imp._library_find(self.path, fullname.rpartition('.')[2])
        if found is None:
            return None
        path, directory = found
        return spec_from_file_location(
            fullname, path, loader=LibraryLoader(fullname, path),
            submodule_search_locations=None if directory is None else [directory])

    def iter_modules(self, prefix=''):
        """The modules in this directory, for pkgutil: pairs of name and whether it is a package."""
        for name, is_package in _imp._library_modules(self.path):
            yield prefix + name, is_package

    @staticmethod
    def invalidate_caches():
        """The library does not change."""

    def __repr__(self):
        return f'LibraryFinder({self.path!r})'


def _get_supported_file_loaders():
