//! Parameters of functions and arguments of calls: flat lists in the grammar, put in order here.

use bumpalo::collections::Vec;

use crate::actions::{Action, Builder, Mark, unworded};
use crate::ast::*;

/// An argument of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Argument<'a> {
    Positional(Expr<'a>),
    Keyword(Keyword<'a>),
}

/// A parameter, or what stands among them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Parameter<'a> {
    Named { star: Star, arg: Arg<'a>, default: Option<Expr<'a>> },
    Slash,
    BareStar,
}

/// How many stars a parameter has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Star {
    None,
    One,
    Two,
}

impl<'a> Builder<'a> {
    /// The arguments of a call, if their order is right: positional ones first, and nothing but keywords after `**`.
    pub(crate) fn arguments(
        &mut self,
        list: Mark<Argument<'a>>,
    ) -> Action<(&'a [Expr<'a>], &'a [Keyword<'a>])> {
        let all = &self.stacks.arguments[list.index()..];
        let keyword_count = all.iter().filter(|argument| matches!(argument, Argument::Keyword(_))).count();
        let mut args = Vec::with_capacity_in(all.len() - keyword_count, self.arena);
        let mut keywords: Vec<'a, Keyword<'a>> = Vec::with_capacity_in(keyword_count, self.arena);
        for argument in all {
            match *argument {
                Argument::Positional(value) => {
                    let starred = matches!(value.kind, ExprKind::Starred(_));
                    if keywords.iter().any(|before| !starred || before.arg.is_none()) {
                        return unworded();
                    }
                    args.push(value);
                }
                Argument::Keyword(keyword) => keywords.push(keyword),
            }
        }
        self.stacks.arguments.truncate(list.index());
        Ok((args.into_bump_slice(), keywords.into_bump_slice()))
    }

    pub(crate) fn parameter(
        &mut self,
        star: Star,
        name: Identifier<'a>,
        annotation: Option<Expr<'a>>,
        default: Option<Expr<'a>>,
        l: u32,
        r: u32,
    ) -> Mark<Parameter<'a>> {
        let arg = Arg { arg: name, annotation, type_comment: None, loc: Loc::new(l, r) };
        self.one(Parameter::Named { star, arg, default })
    }

    /// Gives the last parameter its type comment.
    pub(crate) fn parameter_comment(&mut self, comment: WtfStr<'a>) -> Action<()> {
        match self.stacks.parameters.last_mut() {
            Some(Parameter::Named { arg, .. }) => {
                arg.type_comment = Some(comment);
                Ok(())
            }
            _ => unworded(),
        }
    }

    pub(crate) fn no_parameters(&self) -> &'a Arguments<'a> {
        self.node(Arguments {
            posonlyargs: &[],
            args: &[],
            vararg: None,
            kwonlyargs: &[],
            kw_defaults: &[],
            kwarg: None,
            defaults: &[],
        })
    }

    /// The parameters of a function, if their order is right: `a, /, b, *c, d, **e`.
    pub(crate) fn parameters(&mut self, list: Mark<Parameter<'a>>) -> Action<&'a Arguments<'a>> {
        use Parameter::*;
        let all: &[Parameter<'a>] = self.take(list);
        let (all, kwarg) = match all {
            [before @ .., Named { star: Star::Two, arg, .. }] => (before, Some(*arg)),
            _ => (all, None),
        };
        let is_star =
            |parameter: &Parameter<'a>| matches!(parameter, BareStar | Named { star: Star::One, .. });
        let (plain, vararg, keyword_only) = match all.iter().position(is_star).map(|at| (at, &all[at])) {
            None => (all, None, &[][..]),
            Some((at, Named { arg, .. })) => (&all[..at], Some(*arg), &all[at + 1..]),
            // A bare star is there for what follows it.
            Some((at, _)) if at + 1 == all.len() => return unworded(),
            Some((at, _)) => (&all[..at], None, &all[at + 1..]),
        };
        let (positional_only, args) = match plain.iter().position(|parameter| matches!(parameter, Slash)) {
            None => (&[][..], plain),
            Some(0) => return unworded(),
            Some(at) => (&plain[..at], &plain[at + 1..]),
        };
        Ok(self.node(Arguments {
            posonlyargs: self.plain(positional_only)?,
            args: self.plain(args)?,
            vararg,
            kwonlyargs: self.plain(keyword_only)?,
            kw_defaults: self.arena.alloc_slice_fill_iter(keyword_only.iter().map(default_of)),
            kwarg,
            defaults: self.trailing_defaults(plain)?,
        }))
    }

    /// Parameters that have neither stars nor slashes among them.
    fn plain(&self, parameters: &[Parameter<'a>]) -> Action<&'a [Arg<'a>]> {
        let arg = |parameter: &Parameter<'a>| match parameter {
            Parameter::Named { star: Star::None, arg, .. } => Ok(*arg),
            _ => unworded(),
        };
        self.arena.alloc_slice_try_fill_iter(parameters.iter().map(arg)).map(|args| &*args)
    }

    /// The defaults of positional parameters: once one has a default, all that follow have.
    fn trailing_defaults(&self, plain: &[Parameter<'a>]) -> Action<&'a [Expr<'a>]> {
        let mut defaults = Vec::new_in(self.arena);
        for parameter in plain.iter().filter(|parameter| !matches!(parameter, Parameter::Slash)) {
            match default_of(parameter) {
                Some(default) => defaults.push(default),
                None if !defaults.is_empty() => return unworded(),
                None => {}
            }
        }
        Ok(defaults.into_bump_slice())
    }
}

fn default_of<'a>(parameter: &Parameter<'a>) -> Option<Expr<'a>> {
    match parameter {
        Parameter::Named { default, .. } => *default,
        _ => None,
    }
}
