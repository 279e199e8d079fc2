//! Names that the core itself looks up: interned once, compared by identity.

use crate::value::Owned;

macro_rules! names {
    ($($name:ident)* ; $($field:ident = $text:literal)*) => {
        /// The interned names, each field named as its text.
        #[allow(missing_docs, non_snake_case, reason = "each field is its own name")]
        pub struct Names { $(pub $name: Owned,)* $(pub $field: Owned,)* }

        impl Names {
            /// Interns them all.
            pub(crate) fn new(intern: impl FnMut(&'static str) -> Owned) -> Self {
                // A loop: one call after the other would be many pages of code.
                let texts: &[&'static str] = &[$(stringify!($name),)* $($text,)*];
                let made: Vec<Owned> = texts.iter().copied().map(intern).collect();
                #[allow(non_snake_case, reason = "each is its own name")]
                let Ok([$($name,)* $($field,)*]) = <[Owned; _]>::try_from(made) else {
                    unreachable!("one for each text")
                };
                Self { $($name,)* $($field,)* }
            }
        }
    };
}

names! {
    __abs__ __add__ __aenter__ __aexit__ __aiter__ __all__ __and__ __anext__ __annotate__ __annotations__ __await__
    __bases__ __bool__ __buffer__ __build_class__ __builtins__ __bytes__ __call__ __cause__ __class__ __class_getitem__
    __classcell__ __classdictcell__ __classdict__ __complex__ __contains__ __context__ __copy__ __debug__ __deepcopy__ __del__
    __delattr__ __delete__
    __delitem__ __dict__ __dir__ __divmod__ __doc__ __enter__ __eq__ __exit__ __file__ __float__ __floordiv__
    __format__ __func__ __ge__ __get__ __getattr__ __getattribute__ __getitem__ __getnewargs__ __getnewargs_ex__
    __getstate__ __gt__ __hash__ __iadd__ __iand__ __ifloordiv__ __ilshift__ __imatmul__ __imod__ __import__ __imul__
    __index__ __init__ __init_subclass__ __instancecheck__ __int__ __invert__ __ior__ __ipow__ __irshift__
    __isabstractmethod__ __isub__ __iter__ __itruediv__ __ixor__ __kwdefaults__ __le__ __len__ __length_hint__ __loader__
    __lshift__ __lt__ __main__ __matmul__ __missing__ __mod__ __module__ __mro__ __mro_entries__ __mul__ __name__
    __ne__ __neg__ __new__ __next__ __notes__ __objclass__ __or__ __origin__ __args__ __orig_class__ __orig_bases__ __package__ __parameters__
    __path__ __pos__ __pow__ __prepare__ __qualname__ __radd__ __rand__ __rdivmod__ __reduce__ __reduce_ex__ __release_buffer__
    __repr__ __reversed__ __rfloordiv__ __rlshift__ __rmatmul__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rrshift__
    __rshift__ __rsub__ __rtruediv__ __rxor__ __self__ __set__ __set_name__ __setattr__ __setitem__ __setstate__
    __sizeof__ __slots__ __slotnames__ __spec__ __static_attributes__ __firstlineno__ __str__ __sub__ __subclasscheck__
    __subclasses__ __subclasshook__ __suppress_context__ __text_signature__ __traceback__ __truediv__ __trunc__ __ceil__
    __floor__ __type_params__ __typing_is_unpacked_typevartuple__ __typing_subst__ __typing_prepare_subst__
    __unpacked__ __warningregistry__ __weakref__ __wrapped__ __xor__
    _find_and_load _handle_fromlist _initializing _uninitialized_submodules append args big builtins close copy_reg
    copyreg decode default encode end errors extend file flush fromlist get globals iter items key keys last_exc last_traceback last_type
    last_value level little locals metaclass mode modules mro name name_from obj path ps1 ps2 read readline send sep signed stderr stdin
    stdout strict sys throw update utf_8 value values write msg lineno offset filename text end_lineno end_offset
    print_file_and_line code errno strerror winerror filename2 encoding object start reason exceptions message
    __annotate_func__
    __annotations_cache__
    __abstractmethods__
    copy
    dict_keys acquire release displayhook excepthook unraisablehook breakpointhook argv meta_path path_hooks warn warnings
    warn_explicit _showwarnmsg category lost
    ;
    empty = ""
    dot = "."
    utf8 = "utf-8"
    lambda = "<lambda>"
    listcomp = "<listcomp>"
    underscore = "_"
    import_ = "import"
}
