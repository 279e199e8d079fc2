//! How fast source text becomes code: tokens and tree, then bytecode.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pyx_compiler::Options;
use pyx_grammar::{Bump, Locations, Mode, ParseOptions, Source, parse};

/// A program with something of everything, long enough to be typical.
fn program() -> String {
    include_str!("../examples/countdown.py")
        .lines()
        .take(14)
        .map(|line| format!("{line}\n"))
        .collect::<String>()
        + &include_str!("sample.py").repeat(40)
}

fn frontend(c: &mut Criterion) {
    let source = Source::new(program());
    let mut group = c.benchmark_group("frontend");
    group.throughput(Throughput::Bytes(source.text().len() as u64));
    group.bench_function("parse", |b| {
        b.iter(|| {
            let arena = Bump::new();
            let tree =
                parse(black_box(&source), Mode::Exec, ParseOptions::default(), &arena, &mut Vec::new());
            assert!(tree.is_ok());
        });
    });
    group.bench_function("compile", |b| {
        let arena = Bump::new();
        let tree =
            parse(&source, Mode::Exec, ParseOptions::default(), &arena, &mut Vec::new()).expect("it parses");
        let locations = Locations::of_source(&source);
        b.iter(|| {
            pyx_compiler::compile(
                black_box(tree),
                &locations,
                b"sample.py",
                &Options::default(),
                &mut Vec::new(),
            )
            .expect("it compiles")
        });
    });
    group.finish();
}

criterion_group!(benches, frontend);
criterion_main!(benches);
