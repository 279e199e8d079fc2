//! How fast source text becomes code: tokens, tokens and tree, bytecode.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pyx_compiler::{ALLOW_TOP_LEVEL_AWAIT, Options};
use pyx_grammar::{Bump, Locations, Mode, ParseOptions, Source, count_tokens, parse};

/// A program with something of everything, long enough to be typical.
fn program() -> String {
    include_str!("../examples/countdown.py").to_owned() + &include_str!("sample.py").repeat(40)
}

fn frontend(c: &mut Criterion) {
    let source = Source::new(program());
    let mut group = c.benchmark_group("frontend");
    group.throughput(Throughput::Bytes(source.text().len() as u64));
    group.bench_function("lex", |b| {
        b.iter(|| count_tokens(black_box(&source), Mode::Exec, ParseOptions::default()));
    });
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
        let options = Options { flags: ALLOW_TOP_LEVEL_AWAIT, ..Options::default() };
        b.iter(|| {
            pyx_compiler::compile(black_box(tree), &locations, b"sample.py", &options, &mut Vec::new())
                .expect("it compiles")
        });
    });
    group.finish();
}

criterion_group!(benches, frontend);
criterion_main!(benches);
