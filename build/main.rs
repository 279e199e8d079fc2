//! How the command is linked.
//!
//! A program that can lie anywhere has every address in its tables corrected when it starts: hundreds of pages are written
//! that nobody may ever look at, for each process anew. The command lies where the linker puts it, as CPython's does.
//!
//! The functions that run at every start lie together: `startup.order` lists them, by their mangled names without the hash
//! at the end. Otherwise they would lie on nearly all pages of the program, and so nearly all of it would come into memory. Names
//! that no longer exist do no harm; `startup.py` makes the list anew.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build");
    if env::var("CARGO_CFG_TARGET_OS")? != "linux" {
        return Ok(());
    }
    println!("cargo::rustc-link-arg-bins=-no-pie");
    if env::var("PROFILE")? == "release" {
        let script = Path::new(&env::var("OUT_DIR")?).join("startup.ld");
        fs::write(&script, sections(include_str!("startup.order"))?)?;
        println!("cargo::rustc-link-arg-bins=-Wl,-T,{}", script.display());
    }
    Ok(())
}

/// The linker script that puts these functions before the others.
fn sections(names: &str) -> Result<String, std::fmt::Error> {
    let mut script = String::from("SECTIONS {\n  .text.start : {\n");
    for name in names.lines() {
        writeln!(script, "    *(.text.{name}{HASH} .text.unlikely.{name}{HASH})", HASH = hash(name))?;
    }
    script += "  }\n} INSERT BEFORE .text;\n";
    Ok(script)
}

/// What follows a name of the older mangling.
fn hash(name: &str) -> &'static str {
    if name.starts_with("_ZN") { "17h*" } else { "" }
}
