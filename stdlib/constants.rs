//! Tables of named ints.

/// Names and values, the names written once: libc's constants, except where a value is given.
macro_rules! int_constants {
    (@value $name:ident $value:expr) => { $value };
    (@value $name:ident) => { libc::$name as i64 };
    ($($name:ident $(= $value:expr)?,)*) => {
        &[$((stringify!($name), $crate::constants::int_constants!(@value $name $($value)?))),*]
    };
}

pub(crate) use int_constants;
