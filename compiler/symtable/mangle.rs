//! Private names: `__x` inside `class C` is `_C__x`.

use pyx_grammar::Bump;
use pyx_grammar::ast::Identifier;

/// The name as it is spelt inside a class: private names (two leading underscores, not two trailing ones, no dot) get
/// the class's name, without its leading underscores, in front.
pub fn mangle<'a>(arena: &'a Bump, class: Option<Identifier<'_>>, name: Identifier<'a>) -> Identifier<'a> {
    match class {
        Some(class) if is_private(name) => {
            let class = class.as_bytes();
            let Some(start) = class.iter().position(|&byte| byte != b'_') else { return name };
            let mangled = arena.alloc_slice_fill_copy(1 + class.len() - start + name.len(), 0);
            mangled[0] = b'_';
            let (prefix, suffix) = mangled[1..].split_at_mut(class.len() - start);
            prefix.copy_from_slice(&class[start..]);
            suffix.copy_from_slice(name.as_bytes());
            Identifier::from_bytes(mangled)
        }
        _ => name,
    }
}

fn is_private(name: Identifier<'_>) -> bool {
    let name = name.as_bytes();
    name.starts_with(b"__") && !name.ends_with(b"__") && !name.contains(&b'.')
}
