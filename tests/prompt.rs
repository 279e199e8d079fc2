//! The prompt, as a user meets it: a session is a list of lines, typed one after the other.

use std::io::{Read, Write};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A prompt of which no output is kept.
fn prompt(options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pyx"));
    command.args(["-i", "-q"]).args(options);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// What a session of these lines leaves.
fn output_of(command: &mut Command, lines: &str) -> Output {
    let mut child = command.spawn().expect("pyx starts");
    child.stdin.take().expect("a pipe").write_all(lines.as_bytes()).expect("pyx reads");
    child.wait_with_output().expect("pyx ends")
}

struct Session(Child);

impl Session {
    fn start() -> Self {
        Self(prompt(&["-I"]).stdout(Stdio::piped()).spawn().expect("pyx starts"))
    }

    fn types(&mut self, lines: &str) -> &mut Self {
        self.0.stdin.as_mut().expect("a pipe").write_all(lines.as_bytes()).expect("pyx reads");
        self
    }

    fn waits(&mut self, milliseconds: u64) -> &mut Self {
        sleep(Duration::from_millis(milliseconds));
        self
    }

    fn interrupts(&mut self) -> &mut Self {
        let status = Command::new("kill").args(["-INT", &self.0.id().to_string()]).status();
        assert!(status.is_ok_and(|status| status.success()), "the signal is sent");
        self
    }

    /// Ends the input; what was written to standard output.
    fn output(&mut self) -> String {
        drop(self.0.stdin.take());
        let mut text = String::new();
        self.0.stdout.take().expect("a pipe").read_to_string(&mut text).expect("text");
        assert!(self.0.wait().is_ok_and(|status| status.success()), "pyx ends well: {text}");
        text
    }
}

#[test]
fn await_works_and_the_last_value_is_kept() {
    let output = Session::start()
        .types("import pyx\nawait pyx.sleep(0, 41)\n_ + 1\nx = await pyx.sleep(0, 5); x\n")
        .output();
    assert_eq!(output, "41\n42\n5\n");
}

#[test]
fn blocks_end_with_an_empty_line() {
    let output = Session::start()
        .types("import pyx\nfor i in range(2):\n  await pyx.sleep(0)\n  print(i)\n\nif 1: 'one'\n\nx = (1,\n2)\nx\n")
        .output();
    assert_eq!(output, "0\n1\n'one'\n(1, 2)\n");
}

#[test]
fn tasks_run_while_the_prompt_waits() {
    let output = Session::start()
        .types(
            "import pyx\nasync def tick():\n  for i in range(4): await pyx.sleep(0.05); print('tick', i)\n\n",
        )
        .types("t = pyx.spawn(tick())\nawait pyx.sleep(0)\n")
        .waits(3000)
        .types("print('typed')\n")
        .output();
    assert_eq!(output, "tick 0\ntick 1\ntick 2\ntick 3\ntyped\n");
}

#[test]
fn an_interrupt_cancels_the_cell_and_nothing_else() {
    let mut session = Session::start();
    session
        .types("import pyx\nt = pyx.spawn(pyx.sleep(60))\nawait pyx.sleep(60)\nprint('the next cell')\n")
        .waits(2000);
    let start = Instant::now();
    let output = session.interrupts().types("print('back', t.done())\n").output();
    assert_eq!(output, "the next cell\nback False\n");
    assert!(start.elapsed() < Duration::from_secs(10), "the wait is over at once");
}

#[test]
fn an_interrupt_ends_a_busy_loop() {
    let output = Session::start()
        .types("while True: pass\n\n")
        .waits(2000)
        .interrupts()
        .types("print('on')\n")
        .output();
    assert_eq!(output, "on\n");
}

#[test]
fn tasks_end_with_the_session() {
    let output = Session::start()
        .types("import pyx\nasync def f():\n  try: await pyx.sleep(60)\n  finally: print('finally')\n\n")
        .types("t = pyx.spawn(f())\nawait pyx.sleep(0)\n")
        .output();
    assert_eq!(output, "finally\n");
}

#[test]
fn errors_show_the_cell_and_nothing_of_the_machinery() {
    let lines = "import pyx\nawait pyx.sleep(0); 1/0\n";
    let output = output_of(prompt(&["-I"]).stderr(Stdio::piped()), lines);
    let text = String::from_utf8_lossy(&output.stderr).replace(">>> ", "");
    let expected = "Traceback (most recent call last):\n  File \"<cell 2>\", line 1, in <module>\n    \
                    await pyx.sleep(0); 1/0\n                        ~^~\nZeroDivisionError: division by zero\n";
    assert_eq!(text, expected);
}

#[test]
fn the_startup_file_may_await() {
    let file = std::env::temp_dir().join(format!("pyx-startup-{}.py", std::process::id()));
    std::fs::write(&file, "import pyx\nstarted = await pyx.sleep(0, 'started')\n").expect("a file");
    let lines = "started\n__file__\n";
    let output = output_of(prompt(&[]).env("PYTHONSTARTUP", &file).stdout(Stdio::piped()), lines);
    let _ = std::fs::remove_file(&file);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "'started'\n");
}

#[test]
fn coroutines_that_nobody_awaits_are_reported_with_their_cell() {
    let lines = "async def dummy(): pass\n\nx = dummy()\ndel x\n";
    let output = output_of(prompt(&["-I"]).stderr(Stdio::piped()), lines);
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("<cell 3>:1: RuntimeWarning: coroutine 'dummy' was never awaited"), "{text}");
}
