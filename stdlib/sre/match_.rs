//! `re.Match`: what matched, and where.

use pyx_vm::arguments::Args;
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::Slot;
use pyx_vm::heap::dict::{Dict, Table};
use pyx_vm::heap::inline::Tuple;
use pyx_vm::native::*;
use pyx_vm::types::generic_alias::generic_alias;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};
use smallvec::SmallVec;

use super::Plain;
use super::engine::{Engine, UNSET};
use super::pattern::Pattern;
use super::subject::{self, Subject};
use super::template::Template;

/// Where the match and its groups start and end, as offsets; [`UNSET`] where a group did not take part.
type Spans = SmallVec<[(usize, usize); 3]>;

payload! {
    /// A match.
    pub(super) struct Match: Native {
        string: Owned,
        pattern: Owned,
        spans: Plain<Spans>,
        pos: usize,
        endpos: usize,
        /// 0 is none.
        last_group: u32,
        regs: Slot,
    }
}

class! { Match => MATCH; }

pub(super) static MATCH: TypeDef = TypeDef {
    module: "re",
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    doc: "What a search or a match found. Always true.",
    methods: &[
        method(
            "group($self, /, *args)",
            Raw(group_method),
            "group([group1, ...]) -> str or tuple.\n\n\
             The text of a group, which a number or a name says, or a tuple of several; without arguments, of the\n\
             whole match. None for a group that did not take part.",
        ),
        method(
            "start($self, group=0, /)",
            OneOpt(|vm, this, group| Match::of(this).position(vm, group, |span| span.0)),
            "Where the text of a group starts, or -1.",
        ),
        method(
            "end($self, group=0, /)",
            OneOpt(|vm, this, group| Match::of(this).position(vm, group, |span| span.1)),
            "Where the text of a group ends, or -1.",
        ),
        method(
            "span($self, group=0, /)",
            OneOpt(|vm, this, group| {
                let it = Match::of(this);
                it.indices(vm, it.number(vm, group)?)
            }),
            "Where the text of a group starts and ends, as a pair.",
        ),
        method(
            "groups($self, /, default=None)",
            OneOpt(groups),
            "A tuple of the texts of all groups; the default stands for those that did not take part.",
        ),
        method(
            "groupdict($self, /, default=None)",
            OneOpt(groupdict),
            "The texts of all named groups by their names; the default stands for those that did not take part.",
        ),
        method(
            "expand($self, /, template)",
            Two(expand),
            "The template with references to groups replaced, as sub() does it.",
        ),
        method("__copy__($self, /)", One(|_, this| Ok(this.own())), "The match itself."),
        method("__deepcopy__($self, memo, /)", Two(|_, this, _| Ok(this.own())), "The match itself."),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    getset: &[
        member("string", |_, this| Ok(Match::of(this).string.clone()), "What was searched."),
        member("re", |_, this| Ok(Match::of(this).pattern.clone()), "The pattern that matched."),
        member("pos", |vm, this| vm.size(Match::of(this).pos), "The index from which on was searched."),
        member("endpos", |vm, this| vm.size(Match::of(this).endpos), "The index up to which was searched."),
        getter("lastindex", lastindex, "The number of the group that was closed last, or None."),
        getter("lastgroup", lastgroup, "The name of the group that was closed last, or None."),
        getter("regs", regs, "Where the match and all groups start and end."),
    ],
    attributes: &[MODULE],
    slots: Slots { repr: Some(repr), getitem: Some(getitem), ..Slots::NONE },
    ..TypeDef::new::<Match>("Match")
};

impl Match {
    /// The match that a matcher found, up to `end`.
    #[inline]
    pub(super) fn make(
        vm: &Thread,
        pattern: Ref<'_>,
        subject: &Subject,
        engine: &Engine,
        end: usize,
    ) -> PyResult {
        let mut spans = Spans::new();
        spans.push((engine.start, end));
        for group in 0..engine.marked_groups() {
            let span = engine.group(group).unwrap_or((UNSET, UNSET));
            if span.0 > span.1 {
                let message = "The span of capturing group is wrong, please report a bug for the re module.";
                return Err(vm.system_error(message));
            }
            spans.push(span);
        }
        vm.new_object_in(
            &Pattern::of(pattern).match_class,
            Self {
                string: subject.object.clone(),
                pattern: pattern.own(),
                spans: Plain(spans),
                pos: subject.bounds.start,
                endpos: subject.bounds.end,
                last_group: engine.last_group,
                regs: Slot::empty(),
            },
        )
    }

    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is a match")
    }

    fn pattern(&self) -> &Pattern {
        Pattern::of(self.pattern.borrow())
    }

    /// Where a group starts and ends, if it took part.
    fn span(&self, group: usize) -> Option<(usize, usize)> {
        self.spans.0.get(group).copied().filter(|span| span.0 != UNSET)
    }

    /// The text of a group, if it took part.
    fn text(&self, vm: &Thread, group: usize) -> Option<PyResult> {
        self.span(group).map(|(start, end)| subject::slice(vm, self.string.borrow(), start..end))
    }

    fn text_or(&self, vm: &Thread, group: usize, default: Option<Ref<'_>>) -> PyResult {
        self.text(vm, group).unwrap_or_else(|| Ok(default.map_or_else(Owned::none, |default| default.own())))
    }

    /// The number of a group that a number or a name says.
    fn number(&self, vm: &Thread, group: Option<Ref<'_>>) -> PyResult<usize> {
        let Some(group) = group else { return Ok(0) };
        let pattern = self.pattern();
        let number = if vm.is_index(group) {
            vm.to_index_clipped(group)?
        } else {
            pattern.group_number(vm, group)?.unwrap_or(-1)
        };
        let known = usize::try_from(number).ok().filter(|&number| number <= pattern.groups);
        known.ok_or_else(|| no_such_group(vm))
    }

    fn index(&self, offset: usize) -> usize {
        subject::index(self.string.borrow(), offset)
    }

    fn position(&self, vm: &Thread, group: Option<Ref<'_>>, which: fn((usize, usize)) -> usize) -> PyResult {
        match self.span(self.number(vm, group)?) {
            Some(span) => vm.size(self.index(which(span))),
            None => vm.int(-1),
        }
    }

    /// Where a group starts and ends, as a pair of indices.
    fn indices(&self, vm: &Thread, group: usize) -> PyResult {
        match self.span(group) {
            Some((start, end)) => vm.pair(vm.size(self.index(start))?, vm.size(self.index(end))?),
            None => vm.pair(vm.int(-1)?, vm.int(-1)?),
        }
    }
}

#[cold]
fn no_such_group(vm: &Thread) -> Raised {
    vm.index_error("no such group")
}

fn group_method(vm: &Thread, args: &Args<'_>) -> PyResult {
    if args.has_keywords() {
        return Err(vm.type_error("Match.group() takes no keyword arguments"));
    }
    let Some((&this, wanted)) = args.positional().split_first() else {
        return Err(vm.type_error("unbound method Match.group() needs an argument"));
    };
    let it = Match::of(this);
    match wanted {
        [] => it.text_or(vm, 0, None),
        &[group] => getitem(vm, this, group),
        _ => {
            let mut texts = vm.vec(wanted.len())?;
            for &group in wanted {
                texts.push(getitem(vm, this, group)?);
            }
            vm.tuple(texts)
        }
    }
}

fn getitem(vm: &Thread, this: Ref<'_>, group: Ref<'_>) -> PyResult {
    let it = Match::of(this);
    it.text_or(vm, it.number(vm, Some(group))?, None)
}

fn groups(vm: &Thread, this: Ref<'_>, default: Option<Ref<'_>>) -> PyResult {
    let it = Match::of(this);
    let count = it.pattern().groups;
    let mut texts = vm.vec(count)?;
    for group in 1..=count {
        texts.push(it.text_or(vm, group, default)?);
    }
    vm.tuple(texts)
}

fn groupdict(vm: &Thread, this: Ref<'_>, default: Option<Ref<'_>>) -> PyResult {
    let it = Match::of(this);
    let names = it.pattern().groupindex.clone();
    let names = names.borrow().downcast::<Dict>().expect("groupindex is a dict").table();
    let texts = Table::new();
    let mut position = 0;
    while let Some((name, _, hash)) = names.next_hashed(&mut position) {
        let text = it.text_or(vm, it.number(vm, Some(name.borrow()))?, default)?;
        drop(texts.insert(vm, name.borrow(), hash, text)?);
    }
    vm.new_object(Dict::new(texts))
}

fn expand(vm: &Thread, this: Ref<'_>, template: Ref<'_>) -> PyResult {
    let it = Match::of(this);
    let template = it.pattern().compile_template(vm, it.pattern.borrow(), template)?;
    match template.borrow().downcast::<Template>() {
        Some(template) if template.is_literal() => Ok(template.literal.clone()),
        Some(template) => template.expand(vm, it.pattern().groups, |group| it.text(vm, group)),
        // Somebody put another function in place of `re._compile_template`.
        None => Ok(template),
    }
}

fn lastindex(vm: &Thread, this: Ref<'_>) -> PyResult {
    match Match::of(this).last_group {
        0 => none(),
        group => vm.int(group.into()),
    }
}

fn lastgroup(_vm: &Thread, this: Ref<'_>) -> PyResult {
    let it = Match::of(this);
    let names = it.pattern().indexgroup.borrow();
    let names = names.downcast::<Tuple>().expect("indexgroup is a tuple");
    let name = (it.last_group != 0).then(|| names.get(it.last_group as usize)).flatten();
    Ok(name.map_or_else(Owned::none, |name| name.own()))
}

fn regs(vm: &Thread, this: Ref<'_>) -> PyResult {
    let it = Match::of(this);
    if let Some(regs) = it.regs.get() {
        return Ok(regs);
    }
    let count = it.pattern().groups + 1;
    let mut spans = vm.vec(count)?;
    for group in 0..count {
        spans.push(it.indices(vm, group)?);
    }
    let regs = vm.tuple(spans)?;
    it.regs.set(regs.clone());
    Ok(regs)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let it = Match::of(this);
    let name = vm.full_type_name(this);
    let (start, end) = it.spans.0[0];
    let (start, end) = (it.index(start), it.index(end));
    let text = vm.repr(it.text_or(vm, 0, None)?.borrow())?;
    vm.concat(
        vm.str(&format!("<{name} object; span=({start}, {end}), match="))?.borrow(),
        vm.concat(text.borrow(), vm.str(">")?.borrow())?.borrow(),
    )
}
