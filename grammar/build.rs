//! Generates the parser from `python.lalrpop`.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = std::env::var("OUT_DIR")?;
    lalrpop::Configuration::new().emit_rerun_directives(true).set_out_dir(out).process_file("python.lalrpop")
}
