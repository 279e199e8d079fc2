//! Signatures of native functions, parsed from their text.
//!
//! A text signature is CPython's `__text_signature__` behind a name: `pop($self, index=-1, /)`. [`Scanner`] reads one
//! item of the list after the other; it is `const`, so that the tables of the native API are checked when they are
//! compiled, and constructors get a [`Signature`] that is a static. Where a default cannot be written down, brackets
//! show what may be left out: `find($self, sub[, start[, end]], /)`.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::native::{Binding, MethodDef, Wording};

/// A parameter that a value can be bound to; the collecting ones are flags of the [`Signature`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Whether it has a default.
    pub optional: bool,
}

/// What a native function accepts, its receiver left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The function's name.
    pub name: &'static str,
    /// Positional parameters, then keyword-only ones.
    pub parameters: Cow<'static, [Parameter]>,
    /// How many of them take no keyword.
    pub positional_only: usize,
    /// How many of them take a position.
    pub positional: usize,
    /// How many of the positional ones have no default.
    pub required: usize,
    /// Whether `*args` collects further positional arguments.
    pub rest: bool,
    /// Whether `**kwargs` collects further keyword arguments.
    pub keywords: bool,
    /// How its errors are worded.
    pub wording: Wording,
}

/// An item of a text signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// `$self`, `$type` or `$module`
    Receiver,
    /// A parameter.
    Parameter(Parameter),
    /// `/`
    Slash,
    /// `*`
    Star,
    /// `*args`
    Rest,
    /// `**kwargs`
    Keywords,
}

/// Reads the items of a text signature.
#[derive(Clone, Copy)]
pub(crate) struct Scanner {
    /// What is left of the list, its closing parenthesis included.
    left: &'static str,
    /// Whether a bracket is open.
    bracketed: bool,
}

impl Scanner {
    /// Starts behind the name.
    pub(crate) const fn new(text: &'static str) -> Self {
        let name = name_of(text);
        assert!(name.len() < text.len(), "a signature has a parameter list");
        Self { left: text.split_at(name.len() + 1).1, bracketed: false }
    }

    /// The next item.
    pub(crate) const fn next(&mut self) -> Option<Item> {
        let (text, default, end) = item_extent(self.left);
        let item = trim(self.left.split_at(text).0);
        self.left = self.left.split_at(if end < self.left.len() { end + 1 } else { end }).1;
        let bytes = item.as_bytes();
        Some(match bytes {
            [] => return None,
            [b'$', ..] => Item::Receiver,
            [b'/'] => Item::Slash,
            [b'*'] => Item::Star,
            [b'*', b'*', ..] => Item::Keywords,
            [b'*', ..] => Item::Rest,
            _ => {
                let optional = default || self.bracketed;
                let (name, bracket) = before_bracket(item);
                match bracket {
                    Some(b'[') => self.bracketed = true,
                    Some(_) => self.bracketed = false,
                    None => {}
                }
                Item::Parameter(Parameter { name, optional })
            }
        })
    }
}

impl Iterator for Scanner {
    type Item = Item;
    fn next(&mut self) -> Option<Item> {
        Scanner::next(self)
    }
}

/// The name before the parameter list.
pub(crate) const fn name_of(text: &'static str) -> &'static str {
    let bytes = text.as_bytes();
    let mut end = 0;
    while end < bytes.len() && bytes[end] != b'(' {
        end += 1;
    }
    text.split_at(end).0
}

/// Where the next item's name ends, whether a default follows, and where the whole item ends: at its comma or at
/// the parenthesis that closes the list.
const fn item_extent(text: &str) -> (usize, bool, usize) {
    let bytes = text.as_bytes();
    let (mut at, mut depth, mut name_end) = (0, 0, None);
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'\'' | b'"') => {
                at += 1;
                while at < bytes.len() && bytes[at] != quote {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            b'(' | b'[' | b'{' if name_end.is_some() => depth += 1,
            b',' | b')' if depth == 0 => break,
            b')' | b']' | b'}' if depth > 0 => depth -= 1,
            b'=' if depth == 0 && name_end.is_none() => name_end = Some(at),
            _ => {}
        }
        at += 1;
    }
    match name_end {
        Some(name) => (name, true, at),
        None => (at, false, at),
    }
}

/// A parameter's name, and the bracket that follows it.
const fn before_bracket(item: &'static str) -> (&'static str, Option<u8>) {
    let bytes = item.as_bytes();
    let mut end = 0;
    while end < bytes.len() {
        if let b'[' | b']' = bytes[end] {
            return (item.split_at(end).0, Some(bytes[end]));
        }
        end += 1;
    }
    (item, None)
}

const fn trim(text: &'static str) -> &'static str {
    text.trim_ascii()
}

/// How many parameters a value can be bound to.
pub const fn count(text: &'static str) -> usize {
    let (mut scanner, mut count) = (Scanner::new(text), 0);
    while let Some(item) = scanner.next() {
        if let Item::Parameter(_) = item {
            count += 1;
        }
    }
    count
}

/// The parameters that a value can be bound to.
pub const fn parameters<const N: usize>(text: &'static str) -> [Parameter; N] {
    let mut parameters = [Parameter { name: "", optional: false }; N];
    let (mut scanner, mut index) = (Scanner::new(text), 0);
    while let Some(item) = scanner.next() {
        if let Item::Parameter(parameter) = item {
            parameters[index] = parameter;
            index += 1;
        }
    }
    parameters
}

impl Signature {
    /// The signature of a text whose parameters are known.
    pub const fn new(text: &'static str, parameters: Cow<'static, [Parameter]>, wording: Wording) -> Self {
        let mut signature = Self {
            name: name_of(text),
            parameters,
            positional_only: 0,
            positional: 0,
            required: 0,
            rest: false,
            keywords: false,
            wording,
        };
        let (mut scanner, mut keyword_only) = (Scanner::new(text), false);
        while let Some(item) = scanner.next() {
            match item {
                Item::Receiver => {}
                Item::Slash => signature.positional_only = signature.positional,
                Item::Star => keyword_only = true,
                Item::Rest => (signature.rest, keyword_only) = (true, true),
                Item::Keywords => signature.keywords = true,
                Item::Parameter(_) if keyword_only => {}
                Item::Parameter(parameter) => {
                    signature.positional += 1;
                    if !parameter.optional {
                        signature.required = signature.positional;
                    }
                }
            }
        }
        signature
    }

    /// Parses the text of a row.
    pub(crate) fn parse(def: &MethodDef) -> Self {
        let parameters = Scanner::new(def.signature)
            .filter_map(|item| if let Item::Parameter(parameter) = item { Some(parameter) } else { None })
            .collect();
        Self::new(def.signature, Cow::Owned(parameters), def.wording)
    }

    /// The index of the parameter that a keyword names.
    #[inline]
    pub(crate) fn find(&self, keyword: &[u8]) -> Option<usize> {
        let by_keyword = &self.parameters[self.positional_only..];
        let index = by_keyword.iter().position(|parameter| parameter.name.as_bytes() == keyword)?;
        Some(index + self.positional_only)
    }

    /// The names that keywords may have.
    pub(crate) fn keyword_names(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.parameters[self.positional_only..].iter().map(|parameter| parameter.name)
    }

    /// Whether any keyword is acceptable.
    #[inline]
    pub(crate) fn takes_keywords(&self) -> bool {
        self.keywords || self.positional_only < self.parameters.len()
    }
}

/// A signature that is parsed when it is first asked for: most calls never ask.
#[derive(Default)]
pub(crate) struct LazySignature(OnceCell<Box<Signature>>);

impl LazySignature {
    /// The signature of the row that the function is made from.
    #[inline]
    pub(crate) fn get(&self, def: &MethodDef) -> &Signature {
        self.0.get_or_init(|| Box::new(Signature::parse(def)))
    }
}

crate::untraced!(LazySignature);

/// What a row of a table can be called with: required, optional, and positional parameters in all, counting the receiver
/// where the function gets it in the first two only; and whether it collects.
pub(crate) struct Shape {
    pub(crate) required: usize,
    pub(crate) optional: usize,
    pub(crate) positional: usize,
    pub(crate) collects: bool,
}

impl Shape {
    /// Of a text signature.
    pub(crate) const fn of(text: &'static str, binding: Binding) -> Self {
        let mut shape = Self { required: 0, optional: 0, positional: 0, collects: false };
        let (mut scanner, mut keyword_only) = (Scanner::new(text), false);
        while let Some(item) = scanner.next() {
            match item {
                Item::Receiver if binding.passes_receiver() => shape.required += 1,
                Item::Receiver | Item::Slash => {}
                Item::Star => keyword_only = true,
                Item::Rest | Item::Keywords => shape.collects = true,
                Item::Parameter(parameter) => {
                    if parameter.optional {
                        shape.optional += 1;
                    } else {
                        shape.required += 1;
                    }
                    if !keyword_only {
                        shape.positional += 1;
                    }
                }
            }
        }
        shape
    }
}

/// The [`Signature`] of a constructor or another function without a row, as a static:
/// `signature!("enumerate(iterable, start=0)")`.
#[macro_export]
macro_rules! signature {
    ($text:literal) => {
        $crate::signature!($text, Clinic)
    };
    ($text:literal, $wording:ident) => {{
        use $crate::arguments::signature::{Parameter, Signature, count, parameters};
        static PARAMETERS: [Parameter; count($text)] = parameters($text);
        static SIGNATURE: Signature =
            Signature::new($text, std::borrow::Cow::Borrowed(&PARAMETERS), $crate::native::Wording::$wording);
        &SIGNATURE
    }};
}

#[cfg(test)]
mod tests {

    #[test]
    fn defaults_may_hold_any_literal() {
        let signature = signature!("f($self, a, b=(1, ','), /, c='\\')', *, d={'x': [1, 2]}, e)");
        let names: Vec<_> = signature.parameters.iter().map(|p| (p.name, p.optional)).collect();
        assert_eq!(names, [("a", false), ("b", true), ("c", true), ("d", true), ("e", false)]);
        assert_eq!((signature.positional_only, signature.positional, signature.required), (2, 3, 1));
        assert!(!signature.rest && !signature.keywords);
    }

    #[test]
    fn brackets_make_optional() {
        let signature = signature!("find($self, sub[, start[, end]], /)");
        let names: Vec<_> = signature.parameters.iter().map(|p| (p.name, p.optional)).collect();
        assert_eq!(names, [("sub", false), ("start", true), ("end", true)]);
        assert_eq!((signature.positional_only, signature.required), (3, 1));
    }

    #[test]
    fn collecting_parameters_are_flags() {
        let signature = signature!("print(*args, sep=' ', **kwargs)");
        assert!(signature.rest && signature.keywords);
        assert_eq!((signature.parameters.len(), signature.positional), (1, 0));
        assert_eq!(signature.find(b"sep"), Some(0));
        assert_eq!(signature.find(b"args"), None);
    }

    #[test]
    fn an_empty_list_has_no_items() {
        let signature = signature!("clear($self, /)");
        assert!(signature.parameters.is_empty() && !signature.takes_keywords());
        assert_eq!(signature.name, "clear");
    }
}
