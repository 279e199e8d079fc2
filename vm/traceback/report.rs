//! An exception with all that belongs to it: the exceptions that led to it, and those in it.
//!
//! The exceptions form a graph, with cycles at worst. A [`Report`] walks it once and makes a tree of it, in which each
//! exception appears as cause or context only once; then it prints the tree. Groups nest at most [`MAX_DEPTH`] deep, so
//! printing may recurse.

use std::collections::HashSet;

use super::entries::{self, entries};
use super::source::Cache;
use super::{suggest, syntax};
use crate::exception::PyResult;
use crate::heap::inline::{Str, Tuple};
use crate::types::exception::syntax_error::Place;
use crate::types::exception::{group, items, payload, syntax_error, traceback_of};
use crate::types::list::List;
use crate::types::type_::is_subtype;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// How many exceptions of a group are shown.
const MAX_WIDTH: usize = 15;
/// How deeply nested groups are shown.
const MAX_DEPTH: usize = 10;

const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

/// An exception, and indices of the others that are shown with it.
struct Node {
    exception: Owned,
    /// What is shown before it, and how it is introduced.
    previous: Option<(usize, &'static str)>,
    /// Of a group: its members.
    members: Option<Vec<usize>>,
}

/// See the module.
pub(super) struct Report<'r> {
    vm: &'r Thread,
    nodes: Vec<Node>,
    sources: Cache<'r>,
    limit: Option<usize>,
    output: String,
    /// How many groups the current exception is in.
    depth: usize,
    /// The innermost group still lacks the line at its end.
    open: bool,
}

impl<'r> Report<'r> {
    /// The report on an exception.
    pub(super) fn text(vm: &'r Thread, exception: Ref<'_>) -> String {
        let mut report = Self {
            vm,
            nodes: Vec::new(),
            sources: Cache::new(&vm.interpreter().sources),
            limit: super::limit(vm),
            output: String::new(),
            depth: 0,
            open: false,
        };
        report.collect(exception);
        report.push_chain(0);
        report.output
    }

    // ---- the tree ----

    fn collect(&mut self, exception: Ref<'_>) {
        let mut seen = HashSet::from([exception.id()]);
        let mut pending = vec![self.add(exception.own())];
        while let Some(index) = pending.pop() {
            let exception = self.nodes[index].exception.clone();
            let details = payload(exception.borrow());
            let unseen = |exception: &Owned| !seen.contains(&exception.borrow().id());
            let previous = match details.cause().filter(unseen) {
                Some(cause) => Some((cause, CAUSE)),
                None if details.suppresses_context() => None,
                None => details.context().filter(unseen).map(|context| (context, CONTEXT)),
            };
            let members =
                group::is_group(self.vm, exception.borrow()).then(|| group::exceptions(exception.borrow()));
            if let Some((previous, introduction)) = previous {
                seen.insert(previous.borrow().id());
                let previous = self.add(previous);
                self.nodes[index].previous = Some((previous, introduction));
                pending.push(previous);
            }
            if let Some(members) = members {
                let members: Vec<usize> = items(&members)
                    .iter()
                    .map(|member| {
                        seen.insert(member.borrow().id());
                        self.add(member.clone())
                    })
                    .collect();
                pending.extend(&members);
                self.nodes[index].members = Some(members);
            }
        }
    }

    fn add(&mut self, exception: Owned) -> usize {
        self.nodes.push(Node { exception, previous: None, members: None });
        self.nodes.len() - 1
    }

    // ---- printing ----

    /// An exception after those that led to it.
    fn push_chain(&mut self, index: usize) {
        let mut chain = vec![(index, None)];
        let mut current = index;
        while let Some((previous, introduction)) = self.nodes[current].previous {
            chain.push((previous, Some(introduction)));
            current = previous;
        }
        while let Some((index, introduction)) = chain.pop() {
            match self.nodes[index].members.take() {
                None => self.push_single(index),
                Some(_) if self.depth > MAX_DEPTH => {
                    self.emit(&format!("... (max_group_depth is {MAX_DEPTH})\n"), '|');
                }
                Some(members) => self.push_group(index, &members),
            }
            if let Some(introduction) = introduction {
                self.emit(introduction, '|');
            }
        }
    }

    fn push_single(&mut self, index: usize) {
        let stack = self.stack(index);
        if !stack.is_empty() {
            self.emit("Traceback (most recent call last):\n", '|');
            self.emit(&stack, '|');
        }
        self.push_message(index);
    }

    fn push_group(&mut self, index: usize, members: &[usize]) {
        let is_outermost = self.depth == 0;
        if is_outermost {
            self.depth = 1;
        }
        let stack = self.stack(index);
        if !stack.is_empty() {
            let margin = if is_outermost { '+' } else { '|' };
            self.emit("Exception Group Traceback (most recent call last):\n", margin);
            self.emit(&stack, '|');
        }
        self.push_message(index);
        self.push_members(members);
        if is_outermost {
            self.depth = 0;
        }
    }

    fn push_members(&mut self, members: &[usize]) {
        let shown = members.len().min(MAX_WIDTH + 1);
        self.open = false;
        for (position, &member) in members[..shown].iter().enumerate() {
            let is_last = position + 1 == shown;
            let is_rest = position == MAX_WIDTH;
            self.open |= is_last;
            let corner = if position == 0 { "+-" } else { "  " };
            let title = if is_rest { "...".to_owned() } else { (position + 1).to_string() };
            let indent = self.indent();
            self.output.push_str(&format!("{indent}{corner}+---------------- {title} ----------------\n"));
            self.depth += 1;
            if is_rest {
                let rest = members.len() - MAX_WIDTH;
                let s = if rest > 1 { "s" } else { "" };
                self.emit(&format!("and {rest} more exception{s}\n"), '|');
            } else {
                self.push_chain(member);
            }
            // A group within that is the last of its group draws the line for both.
            if is_last && std::mem::take(&mut self.open) {
                let indent = self.indent();
                self.output.push_str(&format!("{indent}+------------------------------------\n"));
            }
            self.depth -= 1;
        }
    }

    fn push_message(&mut self, index: usize) {
        let exception = self.nodes[index].exception.clone();
        let message = message(self.vm, exception.borrow());
        self.emit(&message, '|');
    }

    fn stack(&mut self, index: usize) -> String {
        let traceback = traceback_of(self.vm, self.nodes[index].exception.borrow());
        let entries = entries(traceback, self.limit);
        entries::format(&entries, &mut self.sources, true)
    }

    fn indent(&self) -> String {
        "  ".repeat(self.depth)
    }

    /// Appends lines, behind the margin of the group that they are in.
    fn emit(&mut self, text: &str, margin: char) {
        let mut prefix = self.indent();
        if self.depth > 0 {
            prefix.extend([margin, ' ']);
        }
        for line in text.split_inclusive('\n') {
            self.output.push_str(&prefix);
            self.output.push_str(line);
        }
    }
}

/// An exception without its traceback: class and message, or the place of a syntax error; then the notes.
pub(super) fn message(vm: &Thread, exception: Ref<'_>) -> String {
    let class = class_name(vm, vm.class(exception));
    let mut output = if is_subtype(vm.class(exception), vm.exceptions().SyntaxError.borrow()) {
        syntax::format(vm, &class, &meant(vm, exception).unwrap_or_else(|| syntax_error::place(exception)))
    } else {
        let traceback = traceback_of(vm, exception);
        let text = safe_text(vm.to_str(exception), "exception", "str")
            + &suggest::hint(vm, exception, traceback.as_ref());
        if text.is_empty() { format!("{class}\n") } else { format!("{class}: {text}\n") }
    };
    push_notes(vm, exception, &mut output);
    output
}

/// The place of a syntax error and its message, where the library finds a keyword that was misspelt.
fn meant(vm: &Thread, exception: Ref<'_>) -> Option<Place> {
    let place = syntax_error::place(exception);
    let message = text(place.msg.as_ref()?)?;
    if message != "invalid syntax" && !message.contains("Perhaps you forgot a comma") {
        return None;
    }
    let look = || -> PyResult<Place> {
        let traceback = vm.import_module(&vm.intern("traceback")?)?;
        let attribute = |object: &Owned, name| vm.get_attr(object.borrow(), vm.intern(name)?.borrow());
        let class = attribute(&traceback, "TracebackException")?;
        let shown = vm.call(class.borrow(), &[vm.class(exception), exception, Ref::NONE])?;
        vm.call_method(shown.borrow(), &vm.intern("_find_keyword_typos")?, &[])?;
        let detail = |name| attribute(&shown, name).map(Some);
        Ok(Place {
            msg: detail("msg")?,
            filename: detail("filename")?,
            lineno: detail("lineno")?,
            offset: detail("offset")?,
            text: detail("text")?,
            end_lineno: detail("end_lineno")?,
            end_offset: detail("end_offset")?,
        })
    };
    // What goes wrong with looking means that nothing is found.
    look().ok()
}

/// The last line of an unraisable exception's report.
pub(super) fn plain_message(vm: &Thread, exception: Ref<'_>) -> String {
    let class = class_name(vm, vm.class(exception));
    format!("{class}: {}\n", safe_text(vm.to_str(exception), "exception", "str"))
}

/// The name of a class, with its module unless that goes without saying.
fn class_name(vm: &Thread, class: Ref<'_>) -> String {
    let attribute = |name: &Owned| vm.get_attr_opt(class, name.borrow()).ok().flatten();
    let name = attribute(&vm.names().__qualname__).as_ref().and_then(text).unwrap_or_default();
    let module = attribute(&vm.names().__module__);
    match module.as_ref().map(text) {
        Some(Some(module)) if module == "builtins" || module == "__main__" => name,
        Some(Some(module)) => format!("{module}.{name}"),
        _ => format!("<unknown>.{name}"),
    }
}

fn text(value: &Owned) -> Option<String> {
    Some(value.borrow().downcast::<Str>()?.to_string_lossy().into_owned())
}

/// The text that a conversion gave, or that it failed.
pub(super) fn safe_text(converted: PyResult, what: &str, how: &str) -> String {
    match converted {
        Ok(converted) => text(&converted).unwrap_or_default(),
        Err(_) => format!("<{what} {how}() failed>"),
    }
}

fn push_notes(vm: &Thread, exception: Ref<'_>, output: &mut String) {
    let notes = match vm.get_attr_opt(exception, vm.names().__notes__.borrow()) {
        Ok(Some(notes)) if !notes.borrow().is_none() => notes,
        Ok(_) => return,
        Err(error) => {
            let error = safe_text(vm.repr(error.exception()), "__notes__", "repr");
            output.push_str(&format!("Ignored error getting __notes__: {error}\n"));
            return;
        }
    };
    match notes_of(vm, &notes) {
        Some(notes) => {
            for note in notes {
                let note = safe_text(vm.to_str(note.borrow()), "note", "str");
                note.split('\n').for_each(|line| output.push_str(&format!("{line}\n")));
            }
        }
        None => output.push_str(&format!("{}\n", safe_text(vm.repr(notes.borrow()), "__notes__", "repr"))),
    }
}

/// The notes, if they are in a list or tuple.
fn notes_of(vm: &Thread, notes: &Owned) -> Option<Vec<Owned>> {
    let notes = notes.borrow();
    let is_sequence = notes.downcast::<List>().is_some() || notes.downcast::<Tuple>().is_some();
    if is_sequence { vm.collect(notes).ok() } else { None }
}
