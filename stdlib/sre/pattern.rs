//! `re.Pattern`: a compiled regular expression.

use std::cell::{Cell, RefCell};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use std::rc::Rc;

use pyx_vm::exception::PyResult;
use pyx_vm::heap::Kind;
use pyx_vm::heap::dict::{Dict, Table};
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::protocol::slots::CompareOp;
use pyx_vm::text::wtf8::Text;
use pyx_vm::types::generic_alias::generic_alias;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::Plain;
use super::code::flag;
use super::decode::{Invalid, decode};
use super::engine::{Engine, Mode};
use super::match_::{MATCH, Match};
use super::program::{Program, Subjects};
use super::scanner::Scanner;
use super::subject::Subject;
use super::template::{Template, append, contents, join};
use crate::locale;

payload! {
    /// A compiled regular expression.
    pub(super) struct Pattern: Native {
        source: Owned,
        flags: i32,
        /// The number of groups.
        pub(super) groups: usize,
        /// A dict of numbers by names.
        pub(super) groupindex: Owned,
        /// A tuple of names.
        pub(super) indexgroup: Owned,
        /// What it can be matched against; nothing for both kinds.
        subjects: Plain<Option<Subjects>>,
        code: Box<[u32]>,
        programs: Plain<Programs>,
        /// `re.Match`
        pub(super) match_class: Owned,
        /// A matcher that is not in use.
        engine: Plain<Cell<Option<Box<Engine>>>>,
    }
}

/// The programs that have been made, for text and for bytes, each with the state of the locale that it was made for.
type Programs = RefCell<[Option<(u64, Rc<Program>)>; 2]>;

class! { Pattern => PATTERN; }

pub(super) static PATTERN: TypeDef = TypeDef {
    module: "re",
    flags: TypeFlags { no_new: true, weakref: true, ..TypeFlags::NONE },
    doc: "A compiled regular expression.",
    methods: &[
        method(
            "match($self, /, string, pos=0, endpos=sys.maxsize)",
            TwoOpt2(|vm, this, string, pos, endpos| once(vm, this, string, pos, endpos, Mode::Match)),
            "The match at the start of the string, or None.",
        ),
        method(
            "fullmatch($self, /, string, pos=0, endpos=sys.maxsize)",
            TwoOpt2(|vm, this, string, pos, endpos| once(vm, this, string, pos, endpos, Mode::FullMatch)),
            "The match of the whole string, or None.",
        ),
        method(
            "search($self, /, string, pos=0, endpos=sys.maxsize)",
            TwoOpt2(|vm, this, string, pos, endpos| once(vm, this, string, pos, endpos, Mode::Search)),
            "The first match anywhere in the string, or None.",
        ),
        method(
            "sub($self, /, repl, string, count=0)",
            ThreeOpt(|vm, this, replacement, string, count| Ok(sub(vm, this, replacement, string, count)?.0)),
            "The string with its matches replaced, the first ones only if there is a count.",
        ),
        method(
            "subn($self, /, repl, string, count=0)",
            ThreeOpt(|vm, this, replacement, string, count| {
                let (result, count) = sub(vm, this, replacement, string, count)?;
                vm.pair(result, vm.size(count)?)
            }),
            "As sub(), but a pair: the string, and how many matches were replaced.",
        ),
        method(
            "findall($self, /, string, pos=0, endpos=sys.maxsize)",
            TwoOpt2(findall),
            "A list of all matches: their text, or the text of the group if there is one, or of all groups as a tuple.",
        ),
        method(
            "split($self, /, string, maxsplit=0)",
            TwoOpt(split),
            "A list of what is between the matches, and of the text of their groups.",
        ),
        method(
            "finditer($self, /, string, pos=0, endpos=sys.maxsize)",
            TwoOpt2(finditer),
            "An iterator of all matches.",
        ),
        method(
            "scanner($self, /, string, pos=0, endpos=sys.maxsize)",
            TwoOpt2(scanner),
            "An object whose methods match() and search() give one match after the other.",
        ),
        method("__copy__($self, /)", One(|_, this| Ok(this.own())), "The pattern itself."),
        method("__deepcopy__($self, memo, /)", Two(|_, this, _| Ok(this.own())), "The pattern itself."),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    getset: &[
        member("pattern", |_, this| Ok(Pattern::of(this).source.clone()), "What the pattern was made from."),
        member("flags", |vm, this| vm.int(Pattern::of(this).flags.into()), "The flags, as a number."),
        member("groups", |vm, this| vm.size(Pattern::of(this).groups), "The number of groups."),
        getter("groupindex", groupindex, "The numbers of groups by their names."),
    ],
    attributes: &[MODULE],
    slots: Slots { repr: Some(repr), hash: Some(hash), compare: Some(compare), ..Slots::NONE },
    ..TypeDef::new::<Pattern>("Pattern")
};

/// What `_sre.compile` is given.
pub(super) struct Source<'a> {
    pub(super) pattern: Ref<'a>,
    pub(super) flags: i32,
    pub(super) code: Vec<u32>,
    pub(super) groups: isize,
    pub(super) groupindex: Ref<'a>,
    pub(super) indexgroup: Ref<'a>,
}

impl Pattern {
    /// The pattern of some code, if that is valid.
    pub(super) fn compile(vm: &Thread, source: Source<'_>) -> PyResult {
        let Source { pattern, flags, code, groups, groupindex, indexgroup } = source;
        let subjects = match pattern {
            _ if pattern.is_none() => None,
            _ if pattern.downcast::<Str>().is_some() => Some(Subjects::Text),
            _ => Some(Subject::new(vm, pattern, 0, 0)?.kind()),
        };
        let kind = subjects.unwrap_or(Subjects::Text);
        let changes = locale::changes();
        let groups = usize::try_from(groups).ok().filter(|&groups| groups <= super::code::MAXGROUPS);
        let decoded = groups.ok_or(Invalid).and_then(|groups| Ok((groups, decode(&code, groups, kind)?)));
        let Ok((groups, program)) = decoded else { return Err(vm.runtime_error("invalid SRE code")) };
        let mut programs = [None, None];
        programs[kind as usize] = Some((changes, Rc::new(program)));
        vm.new_object(Self {
            source: pattern.own(),
            flags,
            groups,
            groupindex: groupindex.own(),
            indexgroup: indexgroup.own(),
            subjects: Plain(subjects),
            code: code.into_boxed_slice(),
            programs: Plain(RefCell::new(programs)),
            match_class: vm.class_of(&MATCH)?,
            engine: Plain(Cell::new(None)),
        })
    }

    pub(super) fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is a pattern")
    }

    /// The program for a kind of subjects.
    pub(super) fn program(&self, kind: Subjects) -> Rc<Program> {
        let changes = locale::changes();
        let program = &mut self.programs.0.borrow_mut()[kind as usize];
        match program {
            Some((made, program)) if !program.local || *made == changes => Rc::clone(program),
            _ => {
                let new = Rc::new(decode(&self.code, self.groups, kind).expect("the code is valid"));
                *program = Some((changes, Rc::clone(&new)));
                new
            }
        }
    }

    /// What is searched, which must be of the kind that the pattern is for.
    #[inline]
    fn subject(&self, vm: &Thread, string: Ref<'_>, start: isize, end: isize) -> PyResult<Subject> {
        let subject = Subject::new(vm, string, start, end)?;
        match (self.subjects.0, subject.kind()) {
            (Some(Subjects::Text), Subjects::Bytes) => {
                Err(vm.type_error("cannot use a string pattern on a bytes-like object"))
            }
            (Some(Subjects::Bytes), Subjects::Text) => {
                Err(vm.type_error("cannot use a bytes pattern on a string-like object"))
            }
            _ => Ok(subject),
        }
    }

    /// The number that a name stands for.
    pub(super) fn group_number(&self, vm: &Thread, name: Ref<'_>) -> PyResult<Option<isize>> {
        let names = self.groupindex.borrow().downcast::<Dict>().expect("groupindex is a dict").table();
        if names.is_empty() {
            return Ok(None);
        }
        match names.get(vm, name, vm.key_hash(name)?)? {
            Some(number) if int_value(number.borrow()).is_some() => {
                vm.to_index_clipped(number.borrow()).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// `re._compile_template(pattern, template)`
    pub(super) fn compile_template(&self, vm: &Thread, this: Ref<'_>, template: Ref<'_>) -> PyResult {
        let module = vm.import_module(&vm.intern("re")?)?;
        let function = vm.get_attr(module.borrow(), vm.intern("_compile_template")?.borrow())?;
        match vm.call(function.borrow(), &[this, template]) {
            // It is remembered by its hash, which subclasses and other bytes-like objects may not have.
            Err(raised) if raised.is(&vm.exceptions().TypeError) => match plain_template(vm, template)? {
                Some(plain) => vm.call(function.borrow(), &[this, plain.borrow()]),
                None => Err(raised),
            },
            result => result,
        }
    }
}

/// A template as an object of class str or bytes, if it is another kind of text.
fn plain_template(vm: &Thread, template: Ref<'_>) -> PyResult<Option<Owned>> {
    if template.is_exact(Kind::Str) || template.is_exact(Kind::Bytes) {
        return Ok(None);
    }
    match template.downcast::<Str>() {
        Some(text) => vm.text(text.text()).map(Some),
        None if vm.exports_buffer(template) => vm.bytes(&vm.copy_bytes_like(template)?).map(Some),
        None => Ok(None),
    }
}

/// A search in progress. It borrows the pattern's matcher.
struct Search<'a> {
    vm: &'a Thread,
    pattern: &'a Pattern,
    this: Ref<'a>,
    subject: Subject,
    program: Rc<Program>,
    engine: Box<Engine>,
    /// Where the latest match ended.
    end: usize,
}

impl<'a> Search<'a> {
    #[inline]
    fn new(vm: &'a Thread, this: Ref<'a>, string: Ref<'_>, start: isize, end: isize) -> PyResult<Self> {
        let pattern = Pattern::of(this);
        let subject = pattern.subject(vm, string, start, end)?;
        let program = pattern.program(subject.kind());
        let mut engine = pattern.engine.0.take().unwrap_or_default();
        let start = subject.offset(subject.bounds.start);
        engine.prepare(&program, start);
        Ok(Self { vm, pattern, this, subject, program, engine, end: start })
    }

    /// From the optional arguments `pos` and `endpos`.
    #[inline]
    fn between(
        vm: &'a Thread,
        this: Ref<'a>,
        string: Ref<'_>,
        pos: Option<Ref<'_>>,
        endpos: Option<Ref<'_>>,
    ) -> PyResult<Self> {
        let (start, end) = bounds(vm, pos, endpos)?;
        Self::new(vm, this, string, start, end)
    }

    fn find(&mut self, mode: Mode) -> PyResult<bool> {
        let found = self.subject.find(self.vm, &mut self.engine, &self.program, mode)?;
        self.end = found.unwrap_or(self.end);
        Ok(found.is_some())
    }

    /// Where the match starts.
    fn start(&self) -> usize {
        self.engine.start
    }

    /// The next match is looked for behind this one; an empty one must be elsewhere.
    fn advance(&mut self) {
        self.engine.must_advance = self.end == self.engine.start;
        self.engine.start = self.end;
    }

    /// Where a group starts and ends; 0 is the whole match.
    fn span(&self, group: usize) -> Option<Range<usize>> {
        if group == 0 {
            return Some(self.start()..self.end);
        }
        self.engine.group(group - 1).filter(|(start, end)| start <= end).map(|(start, end)| start..end)
    }

    fn slice(&self, part: Range<usize>) -> PyResult {
        self.subject.slice(self.vm, part)
    }

    fn text(&self, group: usize) -> Option<PyResult> {
        self.span(group).map(|part| self.slice(part))
    }

    fn make_match(&self) -> PyResult {
        Match::make(self.vm, self.this, &self.subject, &self.engine, self.end)
    }
}

impl Drop for Search<'_> {
    fn drop(&mut self) {
        self.engine.shrink();
        self.pattern.engine.0.set(Some(std::mem::take(&mut self.engine)));
    }
}

fn bounds(vm: &Thread, pos: Option<Ref<'_>>, endpos: Option<Ref<'_>>) -> PyResult<(isize, isize)> {
    let start = pos.map_or(Ok(0), |pos| vm.to_isize(pos))?;
    let end = endpos.map_or(Ok(isize::MAX), |endpos| vm.to_isize(endpos))?;
    Ok((start, end))
}

fn once(
    vm: &Thread,
    this: Ref<'_>,
    string: Ref<'_>,
    pos: Option<Ref<'_>>,
    endpos: Option<Ref<'_>>,
    mode: Mode,
) -> PyResult {
    let mut search = Search::between(vm, this, string, pos, endpos)?;
    if search.find(mode)? { search.make_match() } else { none() }
}

fn findall(
    vm: &Thread,
    this: Ref<'_>,
    string: Ref<'_>,
    pos: Option<Ref<'_>>,
    endpos: Option<Ref<'_>>,
) -> PyResult {
    let mut search = Search::between(vm, this, string, pos, endpos)?;
    let groups = search.pattern.groups;
    let mut found = Vec::new();
    while search.find(Mode::Search)? {
        let text = |group| search.text(group).unwrap_or_else(|| search.subject.empty(vm));
        let item = match groups {
            0 | 1 => text(groups)?,
            _ => {
                let mut texts = vm.vec(groups)?;
                for group in 1..=groups {
                    texts.push(text(group)?);
                }
                vm.tuple(texts)?
            }
        };
        vm.push(&mut found, item)?;
        search.advance();
    }
    vm.list(found)
}

fn split(vm: &Thread, this: Ref<'_>, string: Ref<'_>, maxsplit: Option<Ref<'_>>) -> PyResult {
    let maxsplit = maxsplit.map_or(Ok(0), |maxsplit| vm.to_isize(maxsplit))?;
    let mut search = Search::new(vm, this, string, 0, isize::MAX)?;
    let groups = search.pattern.groups;
    let mut parts = Vec::new();
    let mut last = 0;
    let mut left = if maxsplit == 0 { usize::MAX } else { usize::try_from(maxsplit).unwrap_or(0) };
    while left > 0 && search.find(Mode::Search)? {
        vm.push(&mut parts, search.slice(last..search.start())?)?;
        for group in 1..=groups {
            let text = search.text(group).unwrap_or_else(none)?;
            vm.push(&mut parts, text)?;
        }
        search.advance();
        last = search.end;
        left -= 1;
    }
    vm.push(&mut parts, search.slice(last..search.subject.end)?)?;
    vm.list(parts)
}

fn finditer(
    vm: &Thread,
    this: Ref<'_>,
    string: Ref<'_>,
    pos: Option<Ref<'_>>,
    endpos: Option<Ref<'_>>,
) -> PyResult {
    let scanner = scanner(vm, this, string, pos, endpos)?;
    let search = vm.get_attr(scanner.borrow(), vm.intern("search")?.borrow())?;
    vm.callable_iterator(search.borrow(), Owned::none().borrow())
}

fn scanner(
    vm: &Thread,
    this: Ref<'_>,
    string: Ref<'_>,
    pos: Option<Ref<'_>>,
    endpos: Option<Ref<'_>>,
) -> PyResult {
    let (start, end) = bounds(vm, pos, endpos)?;
    let subject = Pattern::of(this).subject(vm, string, start, end)?;
    Scanner::make(vm, this, subject)
}

// ---- replacing ----

/// What matches are replaced by.
enum Replacement {
    /// The same each time.
    Literal(Owned),
    /// What a template makes of the groups.
    Template(Owned),
    /// What a function returns for the match.
    Function(Owned),
}

impl Replacement {
    fn new(vm: &Thread, pattern: &Pattern, this: Ref<'_>, replacement: Ref<'_>) -> PyResult<Self> {
        if vm.is_callable(replacement) {
            return Ok(Self::Function(replacement.own()));
        }
        let plain = |bytes: &[u8]| !bytes.contains(&b'\\');
        let literal = match replacement.downcast::<Str>() {
            Some(text) => plain(text.as_bytes()),
            None => vm.exports_buffer(replacement) && vm.with_bytes_like(replacement, plain).unwrap_or(false),
        };
        if literal {
            return Ok(Self::Literal(replacement.own()));
        }
        let template = pattern.compile_template(vm, this, replacement)?;
        Ok(match template.borrow().downcast::<Template>() {
            Some(parts) if parts.is_literal() => Self::Literal(parts.literal.clone()),
            Some(_) => Self::Template(template),
            None => Self::Literal(template),
        })
    }

    /// Whether the result can be written to a buffer: what is put in is of the exact class of what is searched.
    fn is_plain(&self, kind: Subjects) -> bool {
        match self {
            Self::Literal(literal) => {
                literal.borrow().is_exact(if kind == Subjects::Text { Kind::Str } else { Kind::Bytes })
            }
            Self::Template(template) => {
                let template = template.borrow().downcast::<Template>().expect("it is a template");
                if kind == Subjects::Text { template.is_text } else { template.is_bytes }
            }
            Self::Function(_) => false,
        }
    }
}

/// The string with matches replaced, and how many were.
fn sub(
    vm: &Thread,
    this: Ref<'_>,
    replacement: Ref<'_>,
    string: Ref<'_>,
    count: Option<Ref<'_>>,
) -> PyResult<(Owned, usize)> {
    let count = count.map_or(Ok(0), |count| vm.to_isize(count))?;
    let replacement = Replacement::new(vm, Pattern::of(this), this, replacement)?;
    let search = Search::new(vm, this, string, 0, isize::MAX)?;
    let limit = if count == 0 { usize::MAX } else { usize::try_from(count).unwrap_or(0) };
    if replacement.is_plain(search.subject.kind()) {
        sub_plain(search, &replacement, limit)
    } else {
        sub_objects(search, &replacement, limit)
    }
}

/// Replaces by text that is known to be text, or by bytes.
fn sub_plain(mut search: Search<'_>, replacement: &Replacement, limit: usize) -> PyResult<(Owned, usize)> {
    let vm = search.vm;
    let groups = search.pattern.groups;
    let mut out = Vec::new();
    let (mut last, mut count) = (0, 0);
    while count < limit && search.find(Mode::Search)? {
        search.subject.with_memory(|memory| {
            append(vm, &mut out, &memory[last..search.start()])?;
            match replacement {
                Replacement::Literal(literal) => append(vm, &mut out, contents(literal.borrow())),
                Replacement::Template(template) => {
                    let template = template.borrow();
                    let template = template.downcast::<Template>().expect("it is a template");
                    template.write(vm, &mut out, memory, groups, |group| search.span(group))
                }
                Replacement::Function(_) => unreachable!("a function is called"),
            }
        })?;
        last = search.end;
        count += 1;
        search.advance();
    }
    if count == 0 {
        return Ok((search.slice(0..search.subject.end)?, 0));
    }
    search.subject.with_memory(|memory| append(vm, &mut out, &memory[last..search.subject.end]))?;
    let result = match search.subject.kind() {
        Subjects::Text => vm.text(Text::trusted(&out)),
        Subjects::Bytes => vm.bytes(&out),
    };
    Ok((result?, count))
}

/// Replaces by whatever objects; that they do not fit turns out when they are joined.
fn sub_objects(mut search: Search<'_>, replacement: &Replacement, limit: usize) -> PyResult<(Owned, usize)> {
    let vm = search.vm;
    let groups = search.pattern.groups;
    let mut parts = Vec::new();
    let (mut last, mut count) = (0, 0);
    while count < limit && search.find(Mode::Search)? {
        if last < search.start() {
            vm.push(&mut parts, search.slice(last..search.start())?)?;
        }
        let item = match replacement {
            Replacement::Literal(literal) => literal.clone(),
            Replacement::Template(template) => {
                let template = template.borrow();
                let template = template.downcast::<Template>().expect("it is a template");
                template.expand(vm, groups, |group| search.text(group))?
            }
            Replacement::Function(function) => {
                vm.call(function.borrow(), &[search.make_match()?.borrow()])?
            }
        };
        if !item.borrow().is_none() {
            vm.push(&mut parts, item)?;
        }
        last = search.end;
        count += 1;
        search.advance();
    }
    if last < search.subject.end {
        vm.push(&mut parts, search.slice(last..search.subject.end)?)?;
    }
    let empty = search.subject.empty(vm)?;
    Ok((join(vm, empty, parts)?, count))
}

// ---- as an object ----

fn groupindex(vm: &Thread, this: Ref<'_>) -> PyResult {
    let names = Pattern::of(this).groupindex.borrow();
    if names.downcast::<Dict>().is_some_and(|names| names.table().is_empty()) {
        return vm.new_object(Dict::new(Table::new()));
    }
    vm.call(vm.types().mapping_proxy.borrow(), &[names])
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    const SHOWN: usize = 200;
    let pattern = Pattern::of(this);
    let mut flags = pattern.flags;
    let is_text = pattern.subjects.0 == Some(Subjects::Text);
    if is_text && flags & (flag::LOCALE | flag::UNICODE | flag::ASCII) == flag::UNICODE {
        flags &= !flag::UNICODE;
    }
    let mut names = Vec::new();
    for (flag, name) in flag::NAMES {
        if flags & flag != 0 {
            names.push(name.to_owned());
            flags &= !flag;
        }
    }
    if flags != 0 {
        names.push(format!("{flags:#x}"));
    }
    let shown = vm.repr(pattern.source.borrow())?;
    let text = shown.borrow().downcast::<Str>().expect("repr() gives a str");
    let shown = vm.substring(shown.borrow(), 0..text.offset(text.len().min(SHOWN)))?;
    let separator = if names.is_empty() { "" } else { ", " };
    let parts = vec![vm.str("re.compile(")?, shown, vm.str(&format!("{separator}{})", names.join("|")))?];
    join(vm, vm.empty_str(), parts)
}

fn hash(vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    let pattern = Pattern::of(this);
    let mut hasher = DefaultHasher::new();
    (&pattern.code, pattern.flags, pattern.subjects.0.map(|kind| kind as u8)).hash(&mut hasher);
    let hash = hasher.finish() as i64 ^ vm.hash(pattern.source.borrow())?;
    Ok(if hash == -1 { -2 } else { hash })
}

fn compare(vm: &Thread, this: Ref<'_>, other: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(a), Some(b)) = (this.downcast::<Pattern>(), other.downcast::<Pattern>()) else {
        return Ok(Owned::not_implemented());
    };
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Owned::not_implemented());
    }
    let same = (a.flags, a.subjects.0, &a.code) == (b.flags, b.subjects.0, &b.code);
    let equal = this.is(other) || (same && vm.equal(a.source.borrow(), b.source.borrow())?);
    Ok(Owned::bool(equal == (op == CompareOp::Eq)))
}
