//! Measures lexing and parsing: paths on standard input, one a line; prints megabytes a second of CPU time, the best of
//! some rounds.

use std::io::BufRead;

use pyx_grammar::{Bump, Mode, Origin, ParseOptions, Source, parse};

fn main() -> std::io::Result<()> {
    let mut sources = Vec::new();
    for path in std::io::stdin().lock().lines() {
        let other = &mut |name: &str, _: &[u8]| Err(name.to_owned());
        sources.extend(Source::decode(&std::fs::read(path?)?, Origin::Memory, other));
    }
    let bytes: usize = sources.iter().map(|source| source.text().len()).sum();
    let mut arena = Bump::new();
    let mut best = f64::INFINITY;
    for _ in 0..10 {
        let start = cpu_seconds()?;
        for source in &sources {
            arena.reset();
            let _ = parse(source, Mode::Exec, ParseOptions::default(), &arena, &mut Vec::new());
        }
        best = best.min(cpu_seconds()? - start);
    }
    println!("{} files, {:.1} MB: {:.1} MB/s", sources.len(), bytes as f64 / 1e6, bytes as f64 / 1e6 / best);
    Ok(())
}

/// CPU time of this process, as Linux tells it: the machine may be busy with others.
fn cpu_seconds() -> std::io::Result<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds = text.split(' ').next().and_then(|field| field.parse::<f64>().ok());
    Ok(nanoseconds.unwrap_or(f64::NAN) / 1e9)
}
