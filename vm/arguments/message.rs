//! The wordings of argument errors that several binders share.

use std::fmt;

use crate::exception::Raised;
use crate::heap::inline::Str;
use crate::suggestion;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The ending of a plural.
pub(crate) fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// The bytes of a name; none for what is no str.
pub(super) fn bytes(name: &Owned) -> &[u8] {
    name.borrow().downcast::<Str>().map_or(&[], Str::as_bytes)
}

/// A str as messages show it.
pub(super) fn shown(name: Ref<'_>) -> String {
    name.downcast::<Str>().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// `f() got an unexpected keyword argument 'kay'. Did you mean 'key'?`
#[cold]
pub(super) fn unexpected_keyword(
    vm: &Thread,
    function: &str,
    keyword: Ref<'_>,
    accepted: &[&[u8]],
) -> Raised {
    let text = keyword.downcast::<Str>().map_or(&[][..], Str::as_bytes);
    let hint = match suggestion::closest(text, accepted.iter().copied()) {
        Some(name) => format!(". Did you mean '{}'?", String::from_utf8_lossy(name)),
        None => String::new(),
    };
    vm.type_error(format_args!("{function}() got an unexpected keyword argument '{}'{hint}", shown(keyword)))
}

/// `f() got multiple values for argument 'x'`
#[cold]
pub(super) fn multiple_values(vm: &Thread, function: &str, keyword: Ref<'_>) -> Raised {
    vm.type_error(format_args!("{function}() got multiple values for argument '{}'", shown(keyword)))
}

/// `f() missing 2 required positional arguments: 'a' and 'b'`
#[cold]
pub(super) fn missing(vm: &Thread, function: &str, kind: &str, names: &[&str]) -> Raised {
    let count = names.len();
    let s = plural(count);
    vm.type_error(format_args!(
        "{function}() missing {count} required {kind} argument{s}: {}",
        enumeration(names)
    ))
}

/// `'a', 'b', and 'c'`
fn enumeration(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    match &*quoted {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        [heads @ .., last] => format!("{}, and {last}", heads.join(", ")),
    }
}

/// `f() takes from 1 to 2 positional arguments but 3 positional arguments (and 1 keyword-only argument) were given`,
/// of a function with so many positional parameters and so many defaults for them.
#[cold]
pub(super) fn too_many_positional(
    vm: &Thread,
    function: &str,
    (accepted, defaults): (usize, usize),
    given: usize,
    keyword_only: usize,
) -> Raised {
    let (count, accepted_s) = match accepted as isize - defaults as isize {
        _ if defaults == 0 => (accepted.to_string(), plural(accepted)),
        least => (format!("from {least} to {accepted}"), "s"),
    };
    let details = if keyword_only == 0 {
        String::new()
    } else {
        let (s, keyword_s) = (plural(given), plural(keyword_only));
        format!(" positional argument{s} (and {keyword_only} keyword-only argument{keyword_s})")
    };
    let verb = if given == 1 && keyword_only == 0 { "was" } else { "were" };
    vm.type_error(format_args!(
        "{function}() takes {count} positional argument{accepted_s} but {given}{details} {verb} given"
    ))
}

impl Thread {
    /// The TypeError for an argument of the wrong type: `f() argument 'x' must be str, not int`.
    #[cold]
    pub fn bad_argument(&self, argument: impl fmt::Display, expected: &str, got: Ref<'_>) -> Raised {
        let got = if got.is_none() { "None".to_owned() } else { self.type_name(got) };
        self.type_error(format_args!("{argument} must be {expected}, not {got}"))
    }
}

#[cfg(test)]
mod tests {
    use super::enumeration;

    #[test]
    fn names_are_enumerated_with_the_serial_comma() {
        assert_eq!(enumeration(&["a"]), "'a'");
        assert_eq!(enumeration(&["a", "b"]), "'a' and 'b'");
        assert_eq!(enumeration(&["a", "b", "c"]), "'a', 'b', and 'c'");
    }
}
