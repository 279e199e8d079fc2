//! The validator and the matcher, without an interpreter.

use super::decode::decode;
use super::engine::{Engine, Mode, Outcome};
use super::program::{Program, Start, Subjects};
use super::unit::{Narrow, Unit, Utf8};

const SUCCESS: u32 = 1;
const ANY: u32 = 2;
const ASSERT_NOT: u32 = 5;
const AT: u32 = 6;
const BRANCH: u32 = 7;
const IN: u32 = 13;
const JUMP: u32 = 15;
const LITERAL: u32 = 16;
const MARK: u32 = 17;
const MAX_UNTIL: u32 = 18;
const RANGE: u32 = 22;
const REPEAT: u32 = 23;
const REPEAT_ONE: u32 = 24;
const ATOMIC_GROUP: u32 = 27;
const MAX: u32 = u32::MAX;

fn program(code: &[u32]) -> Program {
    decode(code, 4, Subjects::Text).expect("the code is valid")
}

fn find<U: Unit>(code: &[u32], text: &str) -> Option<(usize, usize)> {
    let program = program(code);
    let mut engine = Engine::default();
    engine.prepare(&program, 0);
    loop {
        match engine.find::<U>(&program, text.as_bytes(), Mode::Search) {
            Outcome::Match(end) => return Some((engine.start, end)),
            Outcome::Failure => return None,
            Outcome::Pause => {}
            Outcome::OutOfMemory => panic!("there is memory"),
        }
    }
}

#[test]
fn code_that_is_not_code() {
    let is_valid = |code: &[u32]| {
        let [text, bytes] = [Subjects::Text, Subjects::Bytes].map(|of| decode(code, 1, of).is_ok());
        assert_eq!(text, bytes, "{code:?}");
        text
    };
    assert!(is_valid(&[SUCCESS]));
    for code in [
        &[][..],
        &[0],
        &[99, SUCCESS],
        &[LITERAL, SUCCESS],
        &[AT, 12, SUCCESS],
        &[MARK, 2, SUCCESS],
        &[IN, 3, LITERAL, 97, SUCCESS],
        &[IN, MAX, 0, SUCCESS],
        &[REPEAT_ONE, 6, 2, 1, LITERAL, 97, SUCCESS, SUCCESS],
        &[REPEAT_ONE, 4, 0, 1, SUCCESS, SUCCESS],
        &[REPEAT, 5, 0, 1, LITERAL, 97, SUCCESS, SUCCESS],
        &[REPEAT, 3, 0, 1, MAX_UNTIL],
        &[BRANCH, 5, LITERAL, 97, JUMP, 9, 0, SUCCESS],
        &[JUMP, 1, SUCCESS],
        &[ATOMIC_GROUP, 1, SUCCESS],
        &[MAX_UNTIL, SUCCESS],
        &[RANGE, 1, 2, SUCCESS],
    ] {
        assert!(!is_valid(code), "{code:?}");
    }
}

#[test]
fn any_words_are_safe() {
    let mut state = 1_u64;
    let mut random = |limit: u64| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) % limit
    };
    let mut ran = 0;
    for _ in 0..200_000 {
        let code: Vec<u32> = (0..random(14))
            .map(|_| if random(9) == 0 { MAX } else { random(44) as u32 })
            .chain([SUCCESS])
            .collect();
        let Ok(program) = decode(&code, 1, Subjects::Text) else { continue };
        ran += u32::from(code.len() > 1);
        let mut engine = Engine::default();
        for (mode, text) in
            [(Mode::Search, "ab\u{1}\u{10}é\n"), (Mode::FullMatch, ""), (Mode::Match, "\u{10}\u{10}")]
        {
            engine.prepare(&program, 0);
            let mut pauses = 0;
            let mut outcome = Outcome::Pause;
            while outcome == Outcome::Pause && pauses < 20 {
                outcome = engine.find::<Utf8>(&program, text.as_bytes(), mode);
                pauses += 1;
            }
            if let Outcome::Match(end) = outcome {
                assert!(engine.start <= end && end <= text.len(), "{code:?}");
            }
        }
    }
    assert!(ran > 1000, "only {ran} of them were code");
}

#[test]
fn literals_are_joined() {
    let code = [LITERAL, 97, LITERAL, 0xe9, LITERAL, 98, SUCCESS];
    assert!(matches!(program(&code).start, Start::Literal(_)));
    assert_eq!(find::<Utf8>(&code, "xaéb"), Some((1, 5)));
    assert_eq!(find::<Narrow>(&code, "xaeb"), None);
}

#[test]
fn repeats() {
    let any = [REPEAT_ONE, 5, 1, MAX, ANY, SUCCESS, LITERAL, 98, SUCCESS];
    assert_eq!(find::<Narrow>(&any, "\naabab"), Some((1, 6)));
    let loops = [REPEAT, 7, 0, MAX, LITERAL, 97, LITERAL, 98, MAX_UNTIL, LITERAL, 97, SUCCESS];
    assert_eq!(find::<Narrow>(&loops, "xababa"), Some((1, 6)));
    let empty = [REPEAT, 3, 0, MAX, MAX_UNTIL, LITERAL, 97, SUCCESS];
    assert_eq!(find::<Narrow>(&empty, "ba"), Some((1, 2)));
}

#[test]
fn branches_and_looks() {
    let code = [
        BRANCH, 5, LITERAL, 97, JUMP, 7, 5, LITERAL, 98, JUMP, 2, 0, ASSERT_NOT, 5, 0, LITERAL, 97, SUCCESS,
        SUCCESS,
    ];
    assert_eq!(find::<Narrow>(&code, "aab"), Some((1, 2)));
    assert_eq!(find::<Narrow>(&code, "c"), None);
}

#[test]
fn a_long_search_pauses() {
    // (?:(?:a|a)*)*b
    let inner = [REPEAT, 15, 0, MAX, BRANCH, 5, LITERAL, 97, JUMP, 7, 5, LITERAL, 97, JUMP, 2, 0, MAX_UNTIL];
    let mut code = vec![REPEAT, inner.len() as u32 + 3, 0, MAX];
    code.extend(inner);
    code.extend([MAX_UNTIL, LITERAL, 98, SUCCESS]);
    let program = program(&code);
    let mut engine = Engine::default();
    engine.prepare(&program, 0);
    let text = "a".repeat(64) + "c";
    assert_eq!(engine.find::<Narrow>(&program, text.as_bytes(), Mode::Match), Outcome::Pause);
    assert_eq!(engine.find::<Narrow>(&program, text.as_bytes(), Mode::Match), Outcome::Pause);
}
