//! Answers questions about `pyx_vm::number` and `pyx_vm::format` on standard input, one per line, so that
//! `tests/tools/number_oracle.py` can compare them with CPython.
//!
//! A question is a function's name and its arguments, separated by spaces: integers in hexadecimal, floats as the
//! hexadecimal of their bits, text as `x` and the hexadecimal of its bytes. The answer is `=` and the result in the
//! same forms, or `!`, the exception's class, and its message as text.

mod formats;
mod numbers;
mod protocol;

use std::io::{self, BufRead, Write};

use protocol::{Answer, Question, Show};

fn main() -> io::Result<()> {
    let mut output = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        match answer(&line?) {
            Ok(value) => writeln!(output, "={value}")?,
            Err(exception) => writeln!(output, "!{} {}", exception.class, exception.message.show())?,
        }
    }
    output.flush()
}

fn answer(line: &str) -> Answer {
    let mut question = Question::new(line);
    let name = question.word();
    numbers::answer(name, &mut question)
        .or_else(|| formats::answer(name, &mut question))
        .unwrap_or_else(|| panic!("no function {name}"))
}
