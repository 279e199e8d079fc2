//! `strftime`: what the module `time` does not know is put into the format first.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::types::sequence::push_str;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::calendar::Day;
use super::fields::time_function;
use super::zone;

/// What a format is about.
pub(super) struct Subject<'a> {
    pub(super) day: Day,
    pub(super) micro: u32,
    pub(super) zone: Option<&'a Owned>,
    /// What the zone's methods are asked about.
    pub(super) asked: Ref<'a>,
}

/// The text of a subject by a format, with the fields of a tuple.
pub(super) fn format(vm: &Thread, subject: &Subject<'_>, format: Ref<'_>, tuple: Ref<'_>) -> PyResult {
    let text = vm.str_argument("strftime() argument 1", format)?;
    let format = expand(vm, subject, text)?;
    let format = vm.text(format.as_text())?;
    vm.call(time_function(vm, "strftime")?.borrow(), &[format.borrow(), tuple])
}

fn expand(vm: &Thread, subject: &Subject<'_>, text: &Str) -> PyResult<TextBuf> {
    let bytes = text.as_bytes();
    let mut out = TextBuf::new();
    let mut at = 0;
    while at < bytes.len() {
        let plain =
            bytes[at..].iter().position(|&byte| byte == b'%').map_or(bytes.len(), |length| at + length);
        out.push_text(text.text().slice(at..plain));
        if plain == bytes.len() {
            break;
        }
        let (length, replacement) = match bytes.get(plain + 1) {
            None => (1, "%".to_owned()),
            Some(b'z') => (2, subject.offset(vm, "")?),
            Some(b':') if bytes.get(plain + 2) == Some(&b'z') => (3, subject.offset(vm, ":")?),
            Some(b'Z') => {
                subject.push_name(vm, &mut out)?;
                (2, String::new())
            }
            Some(b'f') => (2, format!("{:06}", subject.micro)),
            Some(b'Y') => (2, format!("{:04}", subject.day.year)),
            Some(b'G') => (2, format!("{:04}", subject.day.iso_calendar().0)),
            Some(b'C') => (2, format!("{:02}", subject.day.year / 100)),
            Some(b'F') => (2, format!("{:04}-%m-%d", subject.day.year)),
            Some(&other) if other.is_ascii() => (2, format!("%{}", char::from(other))),
            Some(_) => (1, "%".to_owned()),
        };
        out.push_str(&replacement);
        at = plain + length;
    }
    Ok(out)
}

impl Subject<'_> {
    fn offset(&self, vm: &Thread, separator: &str) -> PyResult<String> {
        let Some(zone) = self.zone else { return Ok(String::new()) };
        let offset = zone::ask(vm, zone.borrow(), "utcoffset", self.asked)?;
        Ok(offset.map_or_else(String::new, |offset| zone::offset_text(offset, separator)))
    }

    fn push_name(&self, vm: &Thread, out: &mut TextBuf) -> PyResult<()> {
        let Some(zone) = self.zone else { return Ok(()) };
        let Some(name) = zone::ask_name(vm, zone.borrow(), self.asked)? else { return Ok(()) };
        // The name is no format.
        let percent = vm.str("%")?;
        let doubled = vm.str("%%")?;
        let name =
            vm.call_method(name.borrow(), &vm.intern("replace")?, &[percent.borrow(), doubled.borrow()])?;
        if name.borrow().downcast::<Str>().is_none() {
            return Err(vm.type_error("tzname.replace() did not return a string"));
        }
        push_str(out, name.borrow());
        Ok(())
    }
}
