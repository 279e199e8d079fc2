# Every node class: its place, its fields, what they hold, its documentation.
import _ast

for name in sorted(dir(_ast)):
    cls = getattr(_ast, name)
    if not isinstance(cls, type) or not issubclass(cls, _ast.AST):
        continue
    print(cls, cls.__bases__, cls.__module__, cls.__qualname__)
    print("   ", cls._fields, cls._attributes, cls.__match_args__)
    print("   ", getattr(cls, "_field_types", None))
    print("   ", {key: value for key, value in cls.__dict__.items() if value is None})
    if cls is not _ast.AST:
        print("   ", cls.__doc__)
print([name for name in dir(_ast) if not isinstance(getattr(_ast, name), type) and name[:2] != "__"])
print(_ast.PyCF_ONLY_AST, _ast.PyCF_TYPE_COMMENTS, _ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, _ast.PyCF_OPTIMIZED_AST)
print([name for name in dir(_ast.AST)])
