//! Scopes and errors, as CPython has them; `tests/tools/symtable_oracle.py` compares whole libraries.

use pyx_grammar::ast::{ExprKind, StmtKind};
use pyx_grammar::{Mode, ParseOptions, Source, parse};

use super::*;

/// What the table of a program is asked.
fn with_table<R>(
    source: &str,
    top_level_await: bool,
    ask: impl FnOnce(Mod<'_>, Result<SymbolTable<'_>, Box<SyntaxError>>) -> R,
) -> R {
    let source = Source::new(source);
    let arena = Bump::new();
    let module = parse(&source, Mode::Exec, ParseOptions::default(), &arena, &mut Vec::new()).unwrap();
    let locations = Locations::of_source(&source);
    let future = Features::of_module(module, &locations).unwrap();
    let options = Options { future, top_level_await, ..Options::default() };
    ask(module, SymbolTable::build(module, &arena, &locations, options))
}

/// A line for each scope: kind, name, and the names in it; `*` marks those that are used, `=` those that are bound.
fn scopes(source: &str) -> String {
    with_table(source, false, |_, table| {
        let table = table.unwrap();
        let mut lines = String::new();
        let mut pending = vec![(table.top(), 0)];
        while let Some((id, depth)) = pending.pop() {
            let scope = table.scope(id);
            let names = scope.symbols.iter().map(|symbol| {
                let bound = if symbol.is(flag::DEF_BOUND) { "=" } else { "" };
                let used = if symbol.is(flag::USE) { "*" } else { "" };
                format!(" {}{bound}{used}:{:?}", symbol.name, symbol.meaning)
            });
            let names: String = names.collect();
            lines.push_str(&format!("{}{:?} {}:{names}\n", "  ".repeat(depth), scope.kind, scope.name));
            pending.extend(scope.children.iter().rev().map(|&child| (child, depth + 1)));
        }
        lines
    })
}

#[track_caller]
fn check(source: &str, expected: &str) {
    let found = scopes(source);
    assert!(found == expected, "{found}");
}

fn error(source: &str, top_level_await: bool) -> Option<(String, [i32; 4])> {
    with_table(source, top_level_await, |_, table| {
        let error = table.err()?;
        Some((error.message, [error.lineno, error.offset, error.end_lineno, error.end_offset]))
    })
}

#[track_caller]
fn refused(source: &str, message: &str, position: [i32; 4]) {
    assert_eq!(error(source, false), Some((message.to_owned(), position)), "{source}");
}

/// A line for each program, in which `\n` stands for a line's end: its error, and where that starts and ends.
#[track_caller]
fn all_refused(cases: &str) {
    for case in cases.lines().filter(|case| !case.is_empty()) {
        let [source, message, position] = case.split(" ~ ").collect::<Vec<_>>()[..] else { panic!("{case}") };
        let numbers: Vec<i32> = position.split([':', '-']).map(|number| number.parse().unwrap()).collect();
        refused(&source.replace("\\n", "\n"), message, numbers.try_into().unwrap());
    }
}

#[test]
fn functions_see_the_names_around_them() {
    check(
        "def f(a, *b):\n def g():\n  nonlocal c\n  c = b, print\n c = a\n return g\n",
        "\
Module top: f=:Local
  Annotation __annotate__: .format=*:Local
  Function f: a=*:Local b=:Cell g=*:Local c=:Cell
    Annotation __annotate__: .format=*:Local
    Function g: c=:Free b*:Free print*:GlobalImplicit
",
    );
}

#[test]
fn classes_hide_theirs() {
    check(
        "x = 1\nclass C:\n x = 2\n def f(self): return x, self.__y, __z, super()\n",
        "\
Module top: x=:Local C=:Local
  Class C: x=:Local f=:Local
    Annotation __annotate__: .format=*:Local __classdict__*:Free
    Function f: self=*:Local x*:GlobalImplicit _C__z*:GlobalImplicit super*:GlobalImplicit __class__*:Free
",
    );
}

#[test]
fn comprehensions_are_inlined() {
    check(
        "def f(x):\n [x for x in x if (lambda: x)]\n (y for y in x)\n",
        "\
Module top: f=:Local
  Annotation __annotate__: .format=*:Local
  Function f: x=*:Cell
    Lambda lambda: x*:Free
    GeneratorExp genexpr: .0=:Local y=*:Local
",
    );
    check(
        "class C:\n a = [b for b in c]\n type D = [e for e in a]\n",
        "\
Module top: C=:Local
  Class C: a=:Local c*:GlobalImplicit D=:Local b=*:Local
    TypeAlias D: .format=*:Local __classdict__*:Free a*:GlobalImplicit
      ListComp listcomp: .0=:Local e=*:Local
",
    );
}

#[test]
fn assignment_expressions_bind_outside_of_comprehensions() {
    check(
        "[a := b for b in c]\ndef f(): return [d := b for b in c]\n",
        "\
Module top: c*:GlobalImplicit a:GlobalExplicit f=:Local b=*:Local
  Annotation __annotate__: .format=*:Local
  Function f: c*:GlobalImplicit d=:Local b=*:Local
",
    );
}

#[test]
fn type_parameters_have_scopes() {
    check(
        "class C[T: int = str](B[T]):\n def m[U](self, x: T = 1, *, y: U = 2): pass\n type A[V] = V | T\n",
        "\
Module top: C=:Local
  TypeParameters C: .type_params=*:Cell .generic_base=*:Local T=*:Cell B*:GlobalImplicit
    TypeVariable T: .format=*:Local int*:GlobalImplicit
    TypeVariable T: .format=*:Local str*:GlobalImplicit
    Class C: __type_params__=:Local .type_params*:Free m=:Local A=:Local T:Free
      TypeParameters m: __classdict__*:Free .defaults=:Local .kwdefaults=:Local U=:Cell T:Free
        Annotation __annotate__: .format=*:Local __classdict__*:Free T*:Free U*:Free
        Function m: self=:Local x=:Local y=:Local
      TypeParameters A: __classdict__*:Free V=:Cell T:Free
        TypeAlias A: .format=*:Local __classdict__*:Free V*:Free T*:Free
",
    );
}

#[test]
fn annotations_are_lazy() {
    check(
        "x: int\nclass C:\n if x: y: list[z]\ndef f():\n w: v\n",
        "\
Module top: x=:Local __conditional_annotations__*:GlobalImplicit C=:Local f=:Local
  Annotation __annotate__: .format=*:Local int*:GlobalImplicit
  Class C: x*:GlobalImplicit y=:Local __conditional_annotations__*:GlobalImplicit
    Annotation __annotate__: .format=*:Local __classdict__*:Free list*:GlobalImplicit z*:GlobalImplicit
  Annotation __annotate__: .format=*:Local
  Function f: w=:Local
    Annotation __annotate__: .format=*:Local
",
    );
    check(
        "from __future__ import annotations\nx: int\nclass C:\n y: z\n",
        "\
Module top: annotations=:Local x=:Local __conditional_annotations__*:GlobalImplicit C=:Local
  Class C: y=:Local
",
    );
}

#[test]
fn scopes_are_found_by_their_nodes() {
    let source = "class C[T]:\n def f(a, b=lambda: 0): return a, b, T, __class__\n if a: x: int";
    with_table(source, false, |module, table| {
        let table = table.unwrap();
        let Mod::Module(module) = module else { unreachable!() };
        let StmtKind::ClassDef(class) = module.body[0].kind else { unreachable!() };
        let StmtKind::FunctionDef(function) = class.body[0].kind else { unreachable!() };
        let ExprKind::Lambda(lambda) = function.args.defaults[0].kind else { unreachable!() };
        let kind = |scope: ScopeId| table.scope(scope).kind;
        assert_eq!(kind(table.of(class, Role::TypeParameters)), ScopeKind::TypeParameters);
        assert_eq!(kind(table.of(function, Role::Annotations)), ScopeKind::Annotation);
        assert_eq!(kind(table.of(lambda, Role::Body)), ScopeKind::Lambda);
        assert_eq!(table.find(function, Role::TypeParameters), None);
        let text = |names: Vec<Identifier<'_>>| names.iter().map(Identifier::to_string).collect::<Vec<_>>();
        let body = table.scope(table.of(class, Role::Body));
        let cells = ["__class__", "__classdict__", "__conditional_annotations__"];
        assert_eq!(text(body.cell_variables()), cells);
        assert_eq!(text(body.free_variables()), [".type_params", "T"]);
        let annotate = table.scope(body.annotations.unwrap());
        assert_eq!(text(annotate.free_variables()), ["__classdict__", "__conditional_annotations__"]);
        let function = table.of(function, Role::Body);
        assert_eq!(text(table.scope(function).free_variables()), ["T", "__class__"]);
        assert!(table.scope(function).is_method);
        assert_eq!(table.mangle(function, Identifier::new("__x")), "_C__x");
        assert_eq!(table.lookup(function, Identifier::new("a")).unwrap().meaning, Meaning::Local);
    });
}

#[test]
fn private_names_are_mangled() {
    let arena = Bump::new();
    let mangled = |class: &'static str, name: &'static str| {
        mangle(&arena, Some(Identifier::new(class)), Identifier::new(name)).to_string()
    };
    assert_eq!(mangled("C", "__x"), "_C__x");
    assert_eq!(mangled("__C", "__x_"), "_C__x_");
    assert_eq!(mangled("___", "__x"), "__x");
    assert_eq!(mangled("C", "__x__"), "__x__");
    assert_eq!(mangled("C", "__x.y"), "__x.y");
    assert_eq!(mangled("C", "_x"), "_x");
}

#[test]
fn modules_may_await() {
    for source in [
        "await a",
        "[await a for a in b]",
        "[a async for a in b]",
        "async with a: pass",
        "async for a in b: pass",
        "class C: (await a for a in b)",
    ] {
        assert_eq!(error(source, true), None, "{source}");
        let is_generator = source.starts_with("class");
        with_table(source, true, |_, table| {
            let table = table.unwrap();
            assert_eq!(table.scope(table.top()).is_coroutine, !is_generator, "{source}");
        });
    }
    for source in [
        "class C: await a",
        "def f(): await a",
        "lambda: await a",
        "class C: [a async for a in b]",
        "a: await b",
    ] {
        assert!(error(source, true).is_some(), "{source}");
    }
}

#[test]
fn long_chains_take_no_stack() {
    let n = 100_000;
    let chains = [
        format!("a{}", " + a".repeat(n)),
        format!("a{}", ".a".repeat(n)),
        format!("a{}", "()".repeat(n)),
        format!("a{}", "[a]".repeat(n)),
        format!("if a: a\n{}", "elif a: a\n".repeat(n)),
    ];
    for chain in chains {
        assert_eq!(error(&chain, false), None);
    }
}

#[test]
fn deep_scopes_end_in_an_error() {
    let source = format!("{}0", "lambda: ".repeat(3000));
    let source = Source::new(source);
    let arena = Bump::new();
    let module = parse(&source, Mode::Exec, ParseOptions::default(), &arena, &mut Vec::new()).unwrap();
    let locations = Locations::of_source(&source);
    let options = Options { stack: StackLimit::remaining(100_000), ..Options::default() };
    let error = SymbolTable::build(module, &arena, &locations, options).unwrap_err();
    assert_eq!(error.message, "maximum recursion depth exceeded during compilation");
}

#[test]
fn declarations_conflict() {
    all_refused(
        r"
def f(a):\n  global a ~ name 'a' is parameter and global ~ 2:3-2:11
def f(a):\n  nonlocal a ~ name 'a' is parameter and nonlocal ~ 2:3-2:13
def f():\n  a\n  global a ~ name 'a' is used prior to global declaration ~ 3:3-3:11
def f():\n  a = 1\n  global a ~ name 'a' is assigned to before global declaration ~ 3:3-3:11
def f():\n  a: int\n  global a ~ annotated name 'a' can't be global ~ 3:3-3:11
def f():\n  global a\n  a: int ~ annotated name 'a' can't be global ~ 3:3-3:9
def f():\n  nonlocal a\n  a: int ~ annotated name 'a' can't be nonlocal ~ 3:3-3:9
nonlocal a ~ nonlocal declaration not allowed at module level ~ 1:1-1:11
def f():\n  nonlocal a ~ no binding for nonlocal 'a' found ~ 2:3-2:13
def f():\n  global a\n  nonlocal a ~ name 'a' is nonlocal and global ~ 2:3-2:11
",
    );
}

#[test]
fn parameters_conflict() {
    all_refused(
        r"
def f(a, a): pass ~ duplicate argument 'a' in function definition ~ 1:10-1:11
lambda a, *a: 0 ~ duplicate argument 'a' in function definition ~ 1:12-1:13
def f[T]():\n  nonlocal T ~ nonlocal binding not allowed for type parameter 'T' ~ 2:3-2:13
def f[T, T](): pass ~ duplicate type parameter 'T' ~ 1:10-1:11
class C[__classdict__]: pass ~ reserved name '__classdict__' cannot be used for type parameter ~ 1:9-1:22
",
    );
}

#[test]
fn assignment_expressions_have_limits() {
    all_refused(
        r"
class C:\n  [a := 1 for b in c] ~ assignment expression within a comprehension cannot be used in a class body ~ 2:4-2:5
def f[T: [a := 1 for b in c]](): pass ~ assignment expression within a comprehension cannot be used in a TypeVar bound ~ 1:11-1:12
type A = [a := 1 for b in c] ~ assignment expression within a comprehension cannot be used in a type alias ~ 1:11-1:12
class C[T]([a := 1 for b in c]): pass ~ assignment expression within a comprehension cannot be used within the definition of a generic ~ 1:13-1:14
[a := 1 for a in b] ~ assignment expression cannot rebind comprehension iteration variable 'a' ~ 1:2-1:3
[a for a in (b := c)] ~ assignment expression cannot be used in a comprehension iterable expression ~ 1:14-1:20
[[a for a in b] for c in [d for d in (e := f)]] ~ assignment expression cannot be used in a comprehension iterable expression ~ 1:39-1:45
[0 for a in b if (c := a) for c in d] ~ comprehension inner loop cannot rebind assignment expression target 'c' ~ 1:31-1:32
",
    );
}

#[test]
fn lazy_code_does_not_suspend_or_bind() {
    all_refused(
        r"
a: (yield) ~ yield expression cannot be used within an annotation ~ 1:5-1:10
a: (b := c) ~ named expression cannot be used within an annotation ~ 1:5-1:11
async def f():\n  a: (await b) ~ await expression cannot be used within an annotation ~ 2:7-2:14
type A = (yield) ~ yield expression cannot be used within a type alias ~ 1:11-1:16
def f[T: (yield)](): pass ~ yield expression cannot be used within a TypeVar bound ~ 1:11-1:16
def f[T: ((yield), int)](): pass ~ yield expression cannot be used within a TypeVar constraint ~ 1:12-1:17
def f[T = (yield)](): pass ~ yield expression cannot be used within a TypeVar default ~ 1:12-1:17
def f[**P = (yield)](): pass ~ yield expression cannot be used within a ParamSpec default ~ 1:14-1:19
def f[*Ts = (yield)](): pass ~ yield expression cannot be used within a TypeVarTuple default ~ 1:14-1:19
class C[T]((yield)): pass ~ yield expression cannot be used within the definition of a generic ~ 1:13-1:18
def f(a: (yield)): pass ~ yield expression cannot be used within an annotation ~ 1:11-1:16
def f(): return [(yield) for a in b] ~ 'yield' inside list comprehension ~ 1:19-1:24
def f(): return {(yield) for a in b} ~ 'yield' inside set comprehension ~ 1:19-1:24
def f(): return {(yield): a for a in b} ~ 'yield' inside dict comprehension ~ 1:19-1:24
def f(): return ((yield from c) for a in b) ~ 'yield' inside generator expression ~ 1:19-1:31
",
    );
}

#[test]
fn awaiting_takes_an_async_function() {
    all_refused(
        r"
await a ~ 'await' outside function ~ 1:1-1:8
def f(): await a ~ 'await' outside async function ~ 1:10-1:17
class C: await a ~ 'await' outside function ~ 1:10-1:17
lambda: await a ~ 'await' outside async function ~ 1:9-1:16
[await a for a in b] ~ asynchronous comprehension outside of an asynchronous function ~ 1:1-1:21
def f(): return [a async for a in b] ~ asynchronous comprehension outside of an asynchronous function ~ 1:17-1:37
def f(): return [[a async for a in b] for c in d] ~ asynchronous comprehension outside of an asynchronous function ~ 1:17-1:50
async for a in b: pass ~ 'async for' outside async function ~ 1:1-1:23
def f():\n  async with a: pass ~ 'async with' outside async function ~ 2:3-2:21
",
    );
}

#[test]
fn imports_have_their_places() {
    all_refused(
        r"
def f():\n  from a import * ~ import * only allowed at module level ~ 2:17-2:18
class C:\n  from a import * ~ import * only allowed at module level ~ 2:17-2:18
from a import b\nfrom __future__ import division ~ from __future__ imports must occur at the beginning of the file ~ 2:1-2:32
",
    );
}

#[test]
fn nobody_binds_debug() {
    all_refused(
        r"
__debug__ = 1 ~ cannot assign to __debug__ ~ 1:1-1:10
del __debug__ ~ cannot delete __debug__ ~ 1:5-1:14
def __debug__(): pass ~ cannot assign to __debug__ ~ 1:1-1:22
def f(__debug__): pass ~ cannot assign to __debug__ ~ 1:7-1:16
import __debug__ ~ cannot assign to __debug__ ~ 1:8-1:17
a.__debug__ = 1 ~ cannot assign to __debug__ ~ 1:1-1:12
f(__debug__=1) ~ cannot assign to __debug__ ~ 1:3-1:14
class C(__debug__=1): pass ~ cannot assign to __debug__ ~ 1:9-1:20
for __debug__ in a: pass ~ cannot assign to __debug__ ~ 1:5-1:14
match a:\n  case C(__debug__=1): pass ~ cannot assign to __debug__ ~ 2:20-2:21
match a:\n  case {**__debug__}: pass ~ cannot assign to __debug__ ~ 2:8-2:21
a: (await b) ~ await expression cannot be used within an annotation ~ 1:5-1:12
def f():\n éé; a; global a ~ name 'a' is used prior to global declaration ~ 2:11-2:19
",
    );
}
