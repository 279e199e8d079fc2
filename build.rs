//! How the command is linked.
//!
//! A program that can lie anywhere has every address in its tables corrected when it starts: hundreds of pages are written
//! that nobody may ever look at, for each process anew. The command lies where the linker puts it, as CPython's does.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
