//! The `pyx` command.

fn main() {}
