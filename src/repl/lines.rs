//! Lines from the user, read by a thread of their own: with an editor on a terminal, else as they are.

use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use pyx_vm::scheduler::Waker;
use rustyline::DefaultEditor;
use rustyline::error::ReadlineError;

/// What the user answered to a prompt.
pub(super) enum Input {
    /// A line, without its end.
    Line(String),
    /// The user gave the line up, with Ctrl-C.
    Interrupt,
    /// There are no more lines.
    End,
}

/// The reading thread, seen from the interpreter's.
pub(super) struct Lines {
    prompts: Sender<String>,
    inputs: Receiver<Input>,
    edited: bool,
}

impl Lines {
    /// Starts the thread, which uses the waker whenever an input is there.
    pub(super) fn start(waker: Waker) -> Self {
        let (prompts, asked) = channel::<String>();
        let (answers, inputs) = channel();
        let edited = io::stdin().is_terminal() && io::stdout().is_terminal();
        thread::spawn(move || {
            let mut reader = Reader::new(edited);
            while let Ok(prompt) = asked.recv() {
                let input = reader.read(&prompt);
                if answers.send(input).is_err() {
                    return;
                }
                waker.wake();
            }
        });
        Self { prompts, inputs, edited }
    }

    /// Asks for a line.
    pub(super) fn ask(&self, prompt: String) {
        // Without the thread there is no input, which `try_take` says.
        let _ = self.prompts.send(prompt);
    }

    /// The answer, once it is there.
    pub(super) fn try_take(&self) -> Option<Input> {
        match self.inputs.try_recv() {
            Ok(input) => Some(input),
            Err(std::sync::mpsc::TryRecvError::Empty) => None,
            Err(std::sync::mpsc::TryRecvError::Disconnected) => Some(Input::End),
        }
    }

    /// Whether an editor reads the keyboard, Ctrl-C included.
    pub(super) fn are_edited(&self) -> bool {
        self.edited
    }
}

enum Reader {
    Edited(Box<DefaultEditor>),
    Plain,
}

impl Reader {
    fn new(edited: bool) -> Self {
        match DefaultEditor::new() {
            Ok(editor) if edited => Self::Edited(Box::new(editor)),
            _ => Self::Plain,
        }
    }

    fn read(&mut self, prompt: &str) -> Input {
        match self {
            Self::Edited(editor) => match editor.readline(prompt) {
                Ok(line) => {
                    let _ = editor.add_history_entry(&line);
                    Input::Line(line)
                }
                Err(ReadlineError::Interrupted) => Input::Interrupt,
                Err(_) => Input::End,
            },
            Self::Plain => read_plain(prompt),
        }
    }
}

/// A line of standard input; the prompt goes to standard error, as CPython's does where there is no terminal.
fn read_plain(prompt: &str) -> Input {
    let mut stderr = io::stderr().lock();
    let _ = stderr.write_all(prompt.as_bytes()).and_then(|()| stderr.flush());
    drop(stderr);
    let mut line = Vec::new();
    match io::stdin().lock().read_until(b'\n', &mut line) {
        Ok(0) | Err(_) => Input::End,
        Ok(_) => {
            if line.last() == Some(&b'\n') {
                line.pop();
            }
            Input::Line(String::from_utf8_lossy(&line).into_owned())
        }
    }
}
