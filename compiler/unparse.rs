//! Expressions back to text, as `from __future__ import annotations` keeps annotations: CPython's spacing, its least
//! parentheses, and strings and numbers as `repr` shows them.

use pyx_grammar::ast::{
    Arg, Arguments, BoolOperator, CmpOperator, Comprehension, ConstantValue, Expr, ExprKind, Operator,
    UnaryOperator,
};

use crate::fold;
use crate::stack::StackLimit;
use pyx_grammar::SyntaxError;

/// How tightly an expression binds; what binds less tightly than its place asks for is put in parentheses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Tuple,
    Test,
    Or,
    And,
    Not,
    Cmp,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Arith,
    Term,
    Factor,
    Power,
    Await,
    Atom,
}

/// The text of an expression.
pub(crate) fn unparse(e: Expr<'_>, stack: StackLimit) -> Result<Vec<u8>, Box<SyntaxError>> {
    let mut writer = Writer { text: Vec::new(), stack };
    writer.expr(e, Level::Test)?;
    Ok(writer.text)
}

struct Writer {
    text: Vec<u8>,
    stack: StackLimit,
}

type Written = Result<(), Box<SyntaxError>>;

impl Writer {
    fn put(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    /// Writes something, in parentheses if its place asks for more than its level.
    fn at(&mut self, own: Level, place: Level, write: impl FnOnce(&mut Self) -> Written) -> Written {
        let parentheses = place > own;
        self.put(if parentheses { "(" } else { "" });
        write(self)?;
        self.put(if parentheses { ")" } else { "" });
        Ok(())
    }

    /// Writes expressions with commas between them.
    fn list<'a>(&mut self, all: impl IntoIterator<Item = Expr<'a>>, level: Level) -> Written {
        for (at, e) in all.into_iter().enumerate() {
            self.put(if at > 0 { ", " } else { "" });
            self.expr(e, level)?;
        }
        Ok(())
    }

    fn expr(&mut self, e: Expr<'_>, place: Level) -> Written {
        self.stack.check()?;
        match e.kind {
            ExprKind::BoolOp(node) => {
                let (own, inner, word) = match node.op {
                    BoolOperator::And => (Level::And, Level::Not, " and "),
                    BoolOperator::Or => (Level::Or, Level::And, " or "),
                };
                self.at(own, place, |w| {
                    node.values.iter().enumerate().try_for_each(|(at, &value)| {
                        w.put(if at > 0 { word } else { "" });
                        w.expr(value, inner)
                    })
                })
            }
            ExprKind::NamedExpr(node) => self.at(Level::Tuple, place, |w| {
                w.expr(node.target, Level::Atom)?;
                w.put(" := ");
                w.expr(node.value, Level::Atom)
            }),
            ExprKind::BinOp(node) => {
                let (symbol, own, left, right) = operator(node.op);
                self.at(own, place, |w| {
                    w.expr(node.left, left)?;
                    w.put(symbol);
                    w.expr(node.right, right)
                })
            }
            ExprKind::UnaryOp(node) => {
                let (symbol, own) = match node.op {
                    UnaryOperator::Invert => ("~", Level::Factor),
                    UnaryOperator::Not => ("not ", Level::Not),
                    UnaryOperator::UAdd => ("+", Level::Factor),
                    UnaryOperator::USub => ("-", Level::Factor),
                };
                self.at(own, place, |w| {
                    w.put(symbol);
                    w.expr(node.operand, own)
                })
            }
            ExprKind::Lambda(node) => self.at(Level::Test, place, |w| {
                let positional = node.args.args.len() + node.args.posonlyargs.len();
                w.put(if positional > 0 { "lambda " } else { "lambda" });
                w.arguments(node.args)?;
                w.put(": ");
                w.expr(node.body, Level::Test)
            }),
            ExprKind::IfExp(node) => self.at(Level::Test, place, |w| {
                w.expr(node.body, Level::Or)?;
                w.put(" if ");
                w.expr(node.test, Level::Or)?;
                w.put(" else ");
                w.expr(node.orelse, Level::Test)
            }),
            ExprKind::Dict(node) => {
                self.put("{");
                for (at, (key, &value)) in node.keys.iter().zip(node.values).enumerate() {
                    self.put(if at > 0 { ", " } else { "" });
                    match *key {
                        Some(key) => {
                            self.expr(key, Level::Test)?;
                            self.put(": ");
                            self.expr(value, Level::Test)?;
                        }
                        None => {
                            self.put("**");
                            self.expr(value, Level::BitOr)?;
                        }
                    }
                }
                self.put("}");
                Ok(())
            }
            ExprKind::Set(node) => {
                self.put("{");
                self.list(node.elts.iter().copied(), Level::Test)?;
                self.put("}");
                Ok(())
            }
            ExprKind::ListComp(node) => self.comprehension("[", &[node.elt], node.generators, "]"),
            ExprKind::SetComp(node) => self.comprehension("{", &[node.elt], node.generators, "}"),
            ExprKind::DictComp(node) => {
                self.comprehension("{", &[node.key, node.value], node.generators, "}")
            }
            ExprKind::GeneratorExp(node) => self.comprehension("(", &[node.elt], node.generators, ")"),
            ExprKind::Await(node) => self.at(Level::Await, place, |w| {
                w.put("await ");
                w.expr(node.value, Level::Atom)
            }),
            ExprKind::Yield(node) => {
                self.put("(yield");
                if let Some(value) = node.value {
                    self.put(" ");
                    self.expr(value, Level::Test)?;
                }
                self.put(")");
                Ok(())
            }
            ExprKind::YieldFrom(node) => {
                self.put("(yield from ");
                self.expr(node.value, Level::Test)?;
                self.put(")");
                Ok(())
            }
            ExprKind::Compare(node) => self.at(Level::Cmp, place, |w| {
                w.expr(node.left, Level::BitOr)?;
                node.ops.iter().zip(node.comparators).try_for_each(|(&op, &right)| {
                    w.put(comparison(op));
                    w.expr(right, Level::BitOr)
                })
            }),
            ExprKind::Call(node) => {
                self.expr(node.func, Level::Atom)?;
                if let (&[only], true) = (node.args, node.keywords.is_empty())
                    && matches!(only.kind, ExprKind::GeneratorExp(_))
                {
                    return self.expr(only, Level::Atom);
                }
                self.put("(");
                self.list(node.args.iter().copied(), Level::Test)?;
                for (at, keyword) in node.keywords.iter().enumerate() {
                    self.put(if at + node.args.len() > 0 { ", " } else { "" });
                    match keyword.arg {
                        Some(name) => {
                            self.text.extend_from_slice(name.as_bytes());
                            self.put("=");
                        }
                        None => self.put("**"),
                    }
                    self.expr(keyword.value, Level::Test)?;
                }
                self.put(")");
                Ok(())
            }
            ExprKind::JoinedStr(node) => self.string("f", node.values),
            ExprKind::TemplateStr(node) => self.string("t", node.values),
            ExprKind::FormattedValue(_) | ExprKind::Interpolation(_) => self.string("f", &[e]),
            ExprKind::Constant(node) => {
                if node.kind.is_some() {
                    self.put("u");
                }
                self.constant(node.value);
                Ok(())
            }
            ExprKind::Attribute(node) => {
                self.expr(node.value, Level::Atom)?;
                let of_int = matches!(node.value.kind, ExprKind::Constant(constant)
                    if matches!(constant.value, ConstantValue::Int(_) | ConstantValue::BigInt(_)));
                self.put(if of_int { " ." } else { "." });
                self.text.extend_from_slice(node.attr.as_bytes());
                Ok(())
            }
            ExprKind::Subscript(node) => {
                self.expr(node.value, Level::Atom)?;
                self.put("[");
                self.expr(node.slice, Level::Tuple)?;
                self.put("]");
                Ok(())
            }
            ExprKind::Starred(node) => {
                self.put("*");
                self.expr(node.value, Level::BitOr)
            }
            ExprKind::Name(node) => {
                self.text.extend_from_slice(node.id.as_bytes());
                Ok(())
            }
            ExprKind::List(node) => {
                self.put("[");
                self.list(node.elts.iter().copied(), Level::Test)?;
                self.put("]");
                Ok(())
            }
            ExprKind::Tuple(node) => {
                if node.elts.is_empty() {
                    self.put("()");
                    return Ok(());
                }
                self.at(Level::Tuple, place, |w| {
                    w.list(node.elts.iter().copied(), Level::Test)?;
                    w.put(if node.elts.len() == 1 { "," } else { "" });
                    Ok(())
                })
            }
            ExprKind::Slice(node) => {
                if let Some(lower) = node.lower {
                    self.expr(lower, Level::Test)?;
                }
                self.put(":");
                if let Some(upper) = node.upper {
                    self.expr(upper, Level::Test)?;
                }
                if let Some(step) = node.step {
                    self.put(":");
                    self.expr(step, Level::Test)?;
                }
                Ok(())
            }
        }
    }

    fn constant(&mut self, value: ConstantValue<'_>) {
        match value {
            ConstantValue::Ellipsis => self.put("..."),
            _ => {
                let shown = fold::repr(&fold::value(value));
                self.put(&shown.replace("inf", "1e309"));
            }
        }
    }

    fn comprehension(
        &mut self,
        open: &str,
        elements: &[Expr<'_>],
        generators: &[Comprehension<'_>],
        close: &str,
    ) -> Written {
        self.put(open);
        for (at, &element) in elements.iter().enumerate() {
            self.put(if at > 0 { ": " } else { "" });
            self.expr(element, Level::Test)?;
        }
        for generator in generators {
            self.put(if generator.is_async { " async for " } else { " for " });
            self.expr(generator.target, Level::Tuple)?;
            self.put(" in ");
            self.expr(generator.iter, Level::Or)?;
            for &test in generator.ifs {
                self.put(" if ");
                self.expr(test, Level::Or)?;
            }
        }
        self.put(close);
        Ok(())
    }

    fn arguments(&mut self, args: &Arguments<'_>) -> Written {
        let mut first = true;
        let positional = args.posonlyargs.len() + args.args.len();
        let without_default = positional - args.defaults.len().min(positional);
        for (at, arg) in args.posonlyargs.iter().chain(args.args).enumerate() {
            self.comma(&mut first);
            self.argument(arg)?;
            if let Some(&default) = at.checked_sub(without_default).and_then(|at| args.defaults.get(at)) {
                self.put("=");
                self.expr(default, Level::Test)?;
            }
            if at + 1 == args.posonlyargs.len() {
                self.put(", /");
            }
        }
        if args.vararg.is_some() || !args.kwonlyargs.is_empty() {
            self.comma(&mut first);
            self.put("*");
            if let Some(vararg) = &args.vararg {
                self.argument(vararg)?;
            }
        }
        for (arg, default) in args.kwonlyargs.iter().zip(args.kw_defaults) {
            self.comma(&mut first);
            self.argument(arg)?;
            if let Some(default) = *default {
                self.put("=");
                self.expr(default, Level::Test)?;
            }
        }
        if let Some(kwarg) = &args.kwarg {
            self.comma(&mut first);
            self.put("**");
            self.argument(kwarg)?;
        }
        Ok(())
    }

    fn comma(&mut self, first: &mut bool) {
        self.put(if *first { "" } else { ", " });
        *first = false;
    }

    fn argument(&mut self, arg: &Arg<'_>) -> Written {
        self.text.extend_from_slice(arg.arg.as_bytes());
        if let Some(annotation) = arg.annotation {
            self.put(": ");
            self.expr(annotation, Level::Test)?;
        }
        Ok(())
    }

    // ---- f-strings ----

    /// An f-string or t-string: its body is written, and then shown as a string.
    fn string(&mut self, prefix: &str, values: &[Expr<'_>]) -> Written {
        let mut body = Writer { text: Vec::new(), stack: self.stack };
        body.body(values)?;
        self.put(prefix);
        self.put(&fold::repr(&crate::bytecode::code::Constant::Str(body.text.into())));
        Ok(())
    }

    fn body(&mut self, values: &[Expr<'_>]) -> Written {
        values.iter().try_for_each(|&value| match value.kind {
            ExprKind::Constant(constant) => {
                if let ConstantValue::Str(text) = constant.value {
                    for &byte in text.as_bytes() {
                        self.text.extend(matches!(byte, b'{' | b'}').then_some(byte));
                        self.text.push(byte);
                    }
                }
                Ok(())
            }
            ExprKind::JoinedStr(node) => self.body(node.values),
            ExprKind::FormattedValue(node) => self.field(node.value, node.conversion, node.format_spec),
            ExprKind::Interpolation(node) => self.field(node.value, node.conversion, node.format_spec),
            _ => self.field(value, -1, None),
        })
    }

    /// `{value!c:spec}`
    fn field(&mut self, value: Expr<'_>, conversion: i32, spec: Option<Expr<'_>>) -> Written {
        self.put("{");
        let start = self.text.len();
        self.expr(value, Level::Or)?;
        if self.text.get(start) == Some(&b'{') {
            self.text.insert(start, b' ');
        }
        if let Ok(letter) = u8::try_from(conversion) {
            self.text.extend([b'!', letter]);
        }
        if let Some(spec) = spec {
            self.put(":");
            self.body(&[spec])?;
        }
        self.put("}");
        Ok(())
    }
}

/// An operator with spaces around it, its level, and those of its operands.
fn operator(op: Operator) -> (&'static str, Level, Level, Level) {
    let left = |symbol, own, above| (symbol, own, own, above);
    match op {
        Operator::Add => left(" + ", Level::Arith, Level::Term),
        Operator::Sub => left(" - ", Level::Arith, Level::Term),
        Operator::Mult => left(" * ", Level::Term, Level::Factor),
        Operator::MatMult => left(" @ ", Level::Term, Level::Factor),
        Operator::Div => left(" / ", Level::Term, Level::Factor),
        Operator::Mod => left(" % ", Level::Term, Level::Factor),
        Operator::FloorDiv => left(" // ", Level::Term, Level::Factor),
        Operator::LShift => left(" << ", Level::Shift, Level::Arith),
        Operator::RShift => left(" >> ", Level::Shift, Level::Arith),
        Operator::BitOr => left(" | ", Level::BitOr, Level::BitXor),
        Operator::BitXor => left(" ^ ", Level::BitXor, Level::BitAnd),
        Operator::BitAnd => left(" & ", Level::BitAnd, Level::Shift),
        Operator::Pow => (" ** ", Level::Power, Level::Await, Level::Power),
    }
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
