"""What sysconfig knows of how the interpreter was built. Nothing can be compiled against it: there is no compiler here."""

build_time_vars = {
    'ABIFLAGS': '',
    'EXT_SUFFIX': '.pyx-314-@triple@.so',
    'HAVE_FORK': 1,
    'MULTIARCH': '@triple@',
    'Py_DEBUG': 0,
    'Py_ENABLE_SHARED': 0,
    'Py_GIL_DISABLED': 0,
    'SHLIB_SUFFIX': '.so',
    'SIZEOF_SIZE_T': 8,
    'SIZEOF_VOID_P': 8,
    'SOABI': 'pyx-314-@triple@',
    'TZPATH': '/usr/share/zoneinfo:/usr/lib/zoneinfo:/usr/share/lib/zoneinfo:/etc/zoneinfo',
    'WITH_DOC_STRINGS': 1,
}
