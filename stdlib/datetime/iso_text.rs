//! Reading ISO 8601 dates and times.
//!
//! Dates are `YYYY-MM-DD`, `YYYY-Www` or `YYYY-Www-D`, with their dashes or without. Times are `HH[:MM[:SS[.ffffff]]]`, with their
//! colons or without, and an offset from UTC of the same form. What is read is not checked for its range.

use super::calendar::{self, Day};

/// A time of day, and perhaps an offset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct IsoTime {
    pub(super) hour: i32,
    pub(super) minute: i32,
    pub(super) second: i32,
    pub(super) micro: i32,
    /// In microseconds.
    pub(super) offset: Option<i64>,
}

/// The numbers of a date.
pub(super) type YearMonthDay = (i32, i32, i32);

/// Reads a number of so many digits.
fn number(text: &[u8], at: usize, digits: usize) -> Option<i32> {
    let digits = text.get(at..at + digits)?;
    digits
        .iter()
        .try_fold(0, |number, &byte| byte.is_ascii_digit().then(|| number * 10 + i32::from(byte - b'0')))
}

/// Reads a date; the text must end with it. A date in weeks that there is none of is no date.
pub(super) fn date(text: &[u8]) -> Option<YearMonthDay> {
    if !matches!(text.len(), 7 | 8 | 10) {
        return None;
    }
    let year = number(text, 0, 4)?;
    let separated = text[4] == b'-';
    let mut at = 4 + usize::from(separated);
    if text.get(at) == Some(&b'W') {
        let week = number(text, at + 1, 2)?;
        at += 3;
        let mut weekday = 1;
        if at < text.len() {
            if separated {
                (text[at] == b'-').then_some(())?;
                at += 1;
            }
            weekday = number(text, at, 1)?;
            at += 1;
        }
        (at == text.len()).then_some(())?;
        let ordinal = calendar::iso_ordinal(year, week, weekday).ok()?;
        // A day after the last is found out by its year.
        if ordinal > calendar::MAX_ORDINAL {
            return Some((calendar::MAX_YEAR + 1, 1, 1));
        }
        let day = Day::from_ordinal(ordinal);
        return Some((day.year(), i32::from(day.month), i32::from(day.day)));
    }
    let month = number(text, at, 2)?;
    at += 2;
    if separated {
        (text.get(at) == Some(&b'-')).then_some(())?;
        at += 1;
    }
    let day = number(text, at, 2)?;
    (at + 2 == text.len()).then_some((year, month, day))
}

/// Where the date of a date and time ends.
pub(super) fn separator(text: &[u8]) -> Option<usize> {
    if text.len() < 7 {
        return None;
    }
    let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    Some(match (text[4], text[5]) {
        _ if text.len() == 7 => 7,
        (b'-', b'W') => {
            if text.len() < 8 || text.len() == 9 && text[8] == b'-' {
                return None;
            }
            // After a week, a dash starts the day of the week, unless too many digits follow it.
            if text.get(8) == Some(&b'-') && !is_digit(10) { 10 } else { 8 }
        }
        (b'-', _) => 10,
        (b'W', _) => {
            let end = (7..text.len()).find(|&at| !is_digit(at)).unwrap_or(text.len());
            // Digits behind the week are the hour, or the day of the week and the hour.
            if end < 9 {
                end
            } else if end % 2 == 0 {
                7
            } else {
                8
            }
        }
        _ => 8,
    })
}

/// Reads a time with an offset, if there is one.
pub(super) fn time(text: &[u8]) -> Option<IsoTime> {
    let zone = text.iter().position(|byte| matches!(byte, b'+' | b'-' | b'Z'));
    let Some(zone) = zone else { return clock(text).filter(|(_, ended)| *ended).map(|(time, _)| time) };
    let (time, _) = clock(&text[..zone])?;
    if text[zone] == b'Z' {
        return (zone + 1 == text.len()).then_some(IsoTime { offset: Some(0), ..time });
    }
    let (offset, ended) = clock(&text[zone + 1..])?;
    let sign = if text[zone] == b'-' { -1 } else { 1 };
    let seconds = i64::from(offset.hour * 3600 + offset.minute * 60 + offset.second);
    let offset = sign * (seconds * 1_000_000 + i64::from(offset.micro));
    ended.then_some(IsoTime { offset: Some(offset), ..time })
}

/// Reads a time without an offset; says whether the text ended with it.
fn clock(text: &[u8]) -> Option<(IsoTime, bool)> {
    let mut time = IsoTime::default();
    let mut at = 0;
    let mut separated = true;
    for part in 0..3 {
        let value = number(text, at, 2)?;
        *[&mut time.hour, &mut time.minute, &mut time.second][part] = value;
        at += 2;
        let Some(&next) = text.get(at) else { return Some((time, true)) };
        if part == 0 {
            separated = next == b':';
        }
        if at + 1 >= text.len() {
            // A fraction has digits.
            return (part < 2 || !matches!(next, b'.' | b',')).then_some((time, false));
        }
        match next {
            b':' if separated && part < 2 => at += 1,
            b'.' | b',' if part == 2 => at += 1,
            b'.' | b',' => return None,
            _ if !separated => {}
            _ => return None,
        }
        if part == 2 && !matches!(next, b'.' | b',') {
            return None;
        }
    }
    let digits = (text.len() - at).min(6);
    time.micro = number(text, at, digits)? * 10_i32.pow(6 - digits as u32);
    at += digits;
    let ended = text[at..].iter().all(u8::is_ascii_digit);
    Some((time, ended))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_dashes_or_none() {
        assert_eq!(date(b"2024-02-29"), Some((2024, 2, 29)));
        assert_eq!(date(b"20240229"), Some((2024, 2, 29)));
        assert_eq!(date(b"2024-W09-4"), Some((2024, 2, 29)));
        assert_eq!(date(b"2024W09"), Some((2024, 2, 26)));
        assert_eq!(date(b"2024-2-29"), None);
        assert_eq!(date(b"2024-060"), None);
    }

    #[test]
    fn times_end_with_an_offset() {
        let time_of = |hour, minute, second, micro, offset| IsoTime { hour, minute, second, micro, offset };
        assert_eq!(time(b"13:04"), Some(time_of(13, 4, 0, 0, None)));
        assert_eq!(time(b"130405,123456789"), Some(time_of(13, 4, 5, 123_456, None)));
        assert_eq!(time(b"13:04:05.5-02:00"), Some(time_of(13, 4, 5, 500_000, Some(-7_200_000_000))));
        assert_eq!(time(b"13Z"), Some(time_of(13, 0, 0, 0, Some(0))));
        assert_eq!(time(b"1304:05"), None);
        assert_eq!(time(b"13:04:05."), None);
        assert_eq!(time(b"1"), None);
    }
}
