//! An expression as source text, the way CPython's compiler writes annotations under `from __future__ import
//! annotations`.
//!
//! Parentheses appear where precedence asks for them, and nowhere else. The work is a stack of things still to write, so
//! that depth costs memory and not native stack.

use crate::ast::*;
use crate::dump::{constant_repr, str_repr};

/// The text of an expression, in generalised UTF-8.
pub fn unparse(expr: Expr<'_>) -> Vec<u8> {
    let mut writer = Writer { out: Vec::new(), todo: vec![Task::Expr(expr, Level::Test)] };
    while let Some(task) = writer.todo.pop() {
        match task {
            Task::Text(text) => writer.out.extend_from_slice(text.as_bytes()),
            Task::Name(name) => writer.out.extend_from_slice(name.as_bytes()),
            Task::Literal(text) => writer.doubled_braces(text),
            Task::Expr(expr, level) => writer.expr(expr, level),
            Task::Field(field) => writer.field(field),
            Task::EndField { start } => writer.end_field(start),
            Task::Quote { start, prefix } => writer.quote(start, prefix),
        }
    }
    writer.out
}

/// How tightly an expression must hold together at its place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Level {
    Tuple,
    Test,
    Or,
    And,
    Not,
    Comparison,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arithmetic,
    Term,
    Factor,
    Power,
    Await,
    Atom,
}

impl Level {
    /// The next tighter one.
    fn tighter(self) -> Self {
        use Level::*;
        match self {
            Tuple => Test,
            Test => Or,
            Or => And,
            And => Not,
            Not => Comparison,
            Comparison => BitOr,
            BitOr => BitXor,
            BitXor => BitAnd,
            BitAnd => Shift,
            Shift => Arithmetic,
            Arithmetic => Term,
            Term => Factor,
            Factor => Power,
            Power => Await,
            Await | Atom => Atom,
        }
    }
}

enum Task<'a> {
    Text(&'static str),
    Name(Identifier<'a>),
    /// Text of an f-string.
    Literal(WtfStr<'a>),
    Expr(Expr<'a>, Level),
    Field(FormattedValue<'a>),
    /// A replacement field's expression starts here: it must not look like a doubled brace.
    EndField {
        start: usize,
    },
    /// What was written since is the body of an f-string.
    Quote {
        start: usize,
        prefix: &'static str,
    },
}

struct Writer<'a> {
    out: Vec<u8>,
    todo: Vec<Task<'a>>,
}

/// Tasks in the order in which they are to be done.
type Tasks<'a> = Vec<Task<'a>>;

impl<'a> Writer<'a> {
    fn then(&mut self, tasks: Tasks<'a>) {
        self.todo.extend(tasks.into_iter().rev());
    }

    /// Tasks in parentheses, if the expression is looser than its place allows.
    fn grouped(&mut self, is_loose: bool, mut tasks: Tasks<'a>) {
        if is_loose {
            tasks.insert(0, Task::Text("("));
            tasks.push(Task::Text(")"));
        }
        self.then(tasks);
    }

    fn expr(&mut self, expr: Expr<'a>, level: Level) {
        use Task::{Expr, Name, Text};
        match expr.kind {
            ExprKind::BoolOp(node) => {
                let (op, own) = match node.op {
                    BoolOperator::And => (" and ", Level::And),
                    BoolOperator::Or => (" or ", Level::Or),
                };
                self.grouped(level > own, joined(node.values, op, own.tighter()));
            }
            ExprKind::BinOp(node) => self.binary(node, level),
            ExprKind::UnaryOp(node) => {
                let (op, own) = match node.op {
                    UnaryOperator::Invert => ("~", Level::Factor),
                    UnaryOperator::Not => ("not ", Level::Not),
                    UnaryOperator::UAdd => ("+", Level::Factor),
                    UnaryOperator::USub => ("-", Level::Factor),
                };
                self.grouped(level > own, vec![Text(op), Expr(node.operand, own)]);
            }
            ExprKind::Lambda(node) => {
                let mut tasks = vec![Text("lambda")];
                let parameters = parameters(node.args);
                tasks.extend((!parameters.is_empty()).then_some(Text(" ")));
                tasks.extend(parameters);
                tasks.extend([Text(": "), Expr(node.body, Level::Test)]);
                self.grouped(level > Level::Test, tasks);
            }
            ExprKind::IfExp(node) => self.grouped(
                level > Level::Test,
                vec![
                    Expr(node.body, Level::Or),
                    Text(" if "),
                    Expr(node.test, Level::Or),
                    Text(" else "),
                    Expr(node.orelse, Level::Test),
                ],
            ),
            ExprKind::NamedExpr(node) => self.grouped(
                level > Level::Tuple,
                vec![Expr(node.target, Level::Atom), Text(" := "), Expr(node.value, Level::Atom)],
            ),
            ExprKind::Await(node) => {
                self.grouped(level > Level::Await, vec![Text("await "), Expr(node.value, Level::Atom)]);
            }
            ExprKind::Yield(node) => match node.value {
                Some(value) => self.then(vec![Text("(yield "), Expr(value, Level::Test), Text(")")]),
                None => self.then(vec![Text("(yield)")]),
            },
            ExprKind::YieldFrom(node) => {
                self.then(vec![Text("(yield from "), Expr(node.value, Level::Test), Text(")")]);
            }
            ExprKind::Compare(node) => {
                let mut tasks = vec![Expr(node.left, Level::BitOr)];
                for (&op, &comparator) in node.ops.iter().zip(node.comparators) {
                    tasks.extend([Text(comparison(op)), Expr(comparator, Level::BitOr)]);
                }
                self.grouped(level > Level::Comparison, tasks);
            }
            ExprKind::Call(node) => self.call(node),
            ExprKind::Attribute(node) => {
                // `1.real` would be a float and a name.
                let is_int =
                    matches!(node.value.kind, ExprKind::Constant(constant) if is_int(constant.value));
                let dot = if is_int { " ." } else { "." };
                self.then(vec![Expr(node.value, Level::Atom), Text(dot), Name(node.attr)]);
            }
            ExprKind::Subscript(node) => self.then(vec![
                Expr(node.value, Level::Atom),
                Text("["),
                Expr(node.slice, Level::Tuple),
                Text("]"),
            ]),
            ExprKind::Starred(node) => self.then(vec![Text("*"), Expr(node.value, Level::BitOr)]),
            ExprKind::Name(node) => self.then(vec![Name(node.id)]),
            ExprKind::Constant(node) => self.constant(node),
            ExprKind::JoinedStr(node) => self.fstring("f", node.values),
            ExprKind::TemplateStr(node) => self.fstring("t", node.values),
            ExprKind::FormattedValue(node) => self.then(vec![Task::Field(*node)]),
            ExprKind::Interpolation(node) => self.then(vec![Task::Field(as_formatted(node))]),
            ExprKind::List(node) => self.enclosed("[", joined(node.elts, ", ", Level::Test), "]"),
            ExprKind::Set(node) => self.enclosed("{", joined(node.elts, ", ", Level::Test), "}"),
            ExprKind::Tuple(node) => self.tuple(node, level),
            ExprKind::Dict(node) => self.dict(node),
            ExprKind::ListComp(node) => self.enclosed("[", comprehension(node), "]"),
            ExprKind::SetComp(node) => self.enclosed("{", comprehension(node), "}"),
            ExprKind::GeneratorExp(node) => self.enclosed("(", comprehension(node), ")"),
            ExprKind::DictComp(node) => {
                let mut tasks = vec![Expr(node.key, Level::Test), Text(": "), Expr(node.value, Level::Test)];
                tasks.extend(clauses(node.generators));
                self.enclosed("{", tasks, "}");
            }
            ExprKind::Slice(node) => {
                let mut tasks: Tasks<'a> = Vec::new();
                tasks.extend(node.lower.map(|lower| Expr(lower, Level::Test)));
                tasks.push(Text(":"));
                tasks.extend(node.upper.map(|upper| Expr(upper, Level::Test)));
                tasks.extend(node.step.into_iter().flat_map(|step| [Text(":"), Expr(step, Level::Test)]));
                self.then(tasks);
            }
        }
    }

    fn enclosed(&mut self, open: &'static str, mut tasks: Tasks<'a>, close: &'static str) {
        tasks.insert(0, Task::Text(open));
        tasks.push(Task::Text(close));
        self.then(tasks);
    }

    fn binary(&mut self, node: &BinOp<'a>, level: Level) {
        let (op, own) = match node.op {
            Operator::Add => (" + ", Level::Arithmetic),
            Operator::Sub => (" - ", Level::Arithmetic),
            Operator::Mult => (" * ", Level::Term),
            Operator::MatMult => (" @ ", Level::Term),
            Operator::Div => (" / ", Level::Term),
            Operator::Mod => (" % ", Level::Term),
            Operator::FloorDiv => (" // ", Level::Term),
            Operator::LShift => (" << ", Level::Shift),
            Operator::RShift => (" >> ", Level::Shift),
            Operator::BitOr => (" | ", Level::BitOr),
            Operator::BitXor => (" ^ ", Level::BitXor),
            Operator::BitAnd => (" & ", Level::BitAnd),
            Operator::Pow => (" ** ", Level::Power),
        };
        let (left, right) =
            if node.op == Operator::Pow { (own.tighter(), own) } else { (own, own.tighter()) };
        let tasks = vec![Task::Expr(node.left, left), Task::Text(op), Task::Expr(node.right, right)];
        self.grouped(level > own, tasks);
    }

    fn tuple(&mut self, node: &Tuple<'a>, level: Level) {
        let mut tasks = joined(node.elts, ", ", Level::Test);
        match node.elts {
            [] => return self.then(vec![Task::Text("()")]),
            [_] => tasks.push(Task::Text(",")),
            _ => {}
        }
        self.grouped(level > Level::Tuple, tasks);
    }

    fn dict(&mut self, node: &Dict<'a>) {
        let mut tasks: Tasks<'a> = Vec::new();
        for (index, (key, &value)) in node.keys.iter().zip(node.values).enumerate() {
            tasks.push(Task::Text(if index == 0 { "" } else { ", " }));
            match key {
                Some(key) => tasks.extend([
                    Task::Expr(*key, Level::Test),
                    Task::Text(": "),
                    Task::Expr(value, Level::Test),
                ]),
                None => tasks.extend([Task::Text("**"), Task::Expr(value, Level::BitOr)]),
            }
        }
        self.enclosed("{", tasks, "}");
    }

    fn call(&mut self, node: &Call<'a>) {
        let mut tasks = vec![Task::Expr(node.func, Level::Atom)];
        // A generator expression that is the only argument brings its parentheses.
        if let ([Expr { kind: ExprKind::GeneratorExp(_), .. }], []) = (node.args, node.keywords) {
            tasks.push(Task::Expr(node.args[0], Level::Atom));
            return self.then(tasks);
        }
        tasks.push(Task::Text("("));
        tasks.extend(joined(node.args, ", ", Level::Test));
        for (index, keyword) in node.keywords.iter().enumerate() {
            tasks.push(Task::Text(if index + node.args.len() == 0 { "" } else { ", " }));
            match keyword.arg {
                Some(name) => tasks.extend([Task::Name(name), Task::Text("=")]),
                None => tasks.push(Task::Text("**")),
            }
            tasks.push(Task::Expr(keyword.value, Level::Test));
        }
        tasks.push(Task::Text(")"));
        self.then(tasks);
    }

    fn constant(&mut self, node: &Constant<'a>) {
        if node.kind.is_some() {
            self.out.push(b'u');
        }
        let text = match node.value {
            ConstantValue::Ellipsis => "...".to_owned(),
            // There is no other way to write infinity.
            ConstantValue::Float(_) | ConstantValue::Complex(_) => {
                constant_repr(node.value).replace("inf", "1e309")
            }
            value => constant_repr(value),
        };
        self.out.extend_from_slice(text.as_bytes());
    }

    /// An f-string: its body is written first, and quoted then.
    fn fstring(&mut self, prefix: &'static str, values: &[Expr<'a>]) {
        let mut tasks = fstring_body(values);
        tasks.push(Task::Quote { start: self.out.len(), prefix });
        self.then(tasks);
    }

    fn quote(&mut self, start: usize, prefix: &'static str) {
        let body = self.out.split_off(start);
        self.out.extend_from_slice(prefix.as_bytes());
        self.out.extend_from_slice(str_repr(WtfStr::from_bytes(&body)).as_bytes());
    }

    fn doubled_braces(&mut self, text: WtfStr<'a>) {
        for &byte in text.as_bytes() {
            self.out.push(byte);
            if matches!(byte, b'{' | b'}') {
                self.out.push(byte);
            }
        }
    }

    fn field(&mut self, node: FormattedValue<'a>) {
        self.out.push(b'{');
        let mut tasks = vec![Task::Expr(node.value, Level::Or), Task::EndField { start: self.out.len() }];
        tasks.push(Task::Text(match u8::try_from(node.conversion) {
            Ok(b'a') => "!a",
            Ok(b'r') => "!r",
            Ok(b's') => "!s",
            _ => "",
        }));
        if let Some(spec) = node.format_spec {
            tasks.push(Task::Text(":"));
            match spec.kind {
                ExprKind::JoinedStr(joined) => tasks.extend(fstring_body(joined.values)),
                _ => tasks.push(Task::Expr(spec, Level::Test)),
            }
        }
        tasks.push(Task::Text("}"));
        self.then(tasks);
    }

    /// An expression that starts with a brace keeps its distance from the field's.
    fn end_field(&mut self, start: usize) {
        if self.out.get(start) == Some(&b'{') {
            self.out.insert(start, b' ');
        }
    }
}

fn joined<'a>(items: &[Expr<'a>], separator: &'static str, level: Level) -> Tasks<'a> {
    let item =
        |(index, &expr)| [Task::Text(if index == 0 { "" } else { separator }), Task::Expr(expr, level)];
    items.iter().enumerate().flat_map(item).collect()
}

fn comprehension<'a>(node: &Comp<'a>) -> Tasks<'a> {
    let mut tasks = vec![Task::Expr(node.elt, Level::Test)];
    tasks.extend(clauses(node.generators));
    tasks
}

fn clauses<'a>(generators: &[Comprehension<'a>]) -> Tasks<'a> {
    let mut tasks = Vec::new();
    for clause in generators {
        tasks.extend([
            Task::Text(if clause.is_async { " async for " } else { " for " }),
            Task::Expr(clause.target, Level::Tuple),
            Task::Text(" in "),
            Task::Expr(clause.iter, Level::Or),
        ]);
        tasks.extend(clause.ifs.iter().flat_map(|&test| [Task::Text(" if "), Task::Expr(test, Level::Or)]));
    }
    tasks
}

fn parameters<'a>(args: &Arguments<'a>) -> Tasks<'a> {
    let mut tasks = Vec::new();
    let separate = |tasks: &mut Tasks<'a>| {
        if !tasks.is_empty() {
            tasks.push(Task::Text(", "));
        }
    };
    let positional = args.posonlyargs.len() + args.args.len();
    for (index, arg) in args.posonlyargs.iter().chain(args.args).enumerate() {
        separate(&mut tasks);
        tasks.push(Task::Name(arg.arg));
        let default = (index + args.defaults.len()).checked_sub(positional).map(|index| args.defaults[index]);
        tasks.extend(default.into_iter().flat_map(|value| [Task::Text("="), Task::Expr(value, Level::Test)]));
        if index + 1 == args.posonlyargs.len() {
            tasks.push(Task::Text(", /"));
        }
    }
    if args.vararg.is_some() || !args.kwonlyargs.is_empty() {
        separate(&mut tasks);
        tasks.push(Task::Text("*"));
        tasks.extend(args.vararg.map(|arg| Task::Name(arg.arg)));
    }
    for (arg, default) in args.kwonlyargs.iter().zip(args.kw_defaults) {
        separate(&mut tasks);
        tasks.push(Task::Name(arg.arg));
        tasks.extend(default.iter().flat_map(|value| [Task::Text("="), Task::Expr(*value, Level::Test)]));
    }
    if let Some(arg) = args.kwarg {
        separate(&mut tasks);
        tasks.extend([Task::Text("**"), Task::Name(arg.arg)]);
    }
    tasks
}

fn fstring_body<'a>(values: &[Expr<'a>]) -> Tasks<'a> {
    let part = |value: &Expr<'a>| match value.kind {
        ExprKind::Constant(Constant { value: ConstantValue::Str(text), .. }) => Task::Literal(*text),
        ExprKind::FormattedValue(node) => Task::Field(*node),
        ExprKind::Interpolation(node) => Task::Field(as_formatted(node)),
        _ => Task::Expr(*value, Level::Test),
    };
    values.iter().map(part).collect()
}

fn as_formatted<'a>(node: &Interpolation<'a>) -> FormattedValue<'a> {
    let Interpolation { value, conversion, format_spec, .. } = *node;
    FormattedValue { value, conversion, format_spec }
}

fn is_int(value: ConstantValue<'_>) -> bool {
    matches!(value, ConstantValue::Int(_) | ConstantValue::BigInt(_))
}

fn comparison(op: CmpOperator) -> &'static str {
    match op {
        CmpOperator::Eq => " == ",
        CmpOperator::NotEq => " != ",
        CmpOperator::Lt => " < ",
        CmpOperator::LtE => " <= ",
        CmpOperator::Gt => " > ",
        CmpOperator::GtE => " >= ",
        CmpOperator::Is => " is ",
        CmpOperator::IsNot => " is not ",
        CmpOperator::In => " in ",
        CmpOperator::NotIn => " not in ",
    }
}
