//! "Did you mean": the known name that a misspelt one is closest to.
//!
//! The distance is Levenshtein's on bytes, where a change of case costs half of what other edits cost. A name is suggested
//! when at most a third of the letters of both names together, rounded up by a little, would have to be touched.

const MOVE_COST: usize = 2;
const CASE_COST: usize = 1;
/// Longer names are not compared.
const MAX_NAME: usize = 40;
/// More candidates than this would take too long.
const MAX_CANDIDATES: usize = 750;

/// The candidate closest to `name`, the first of equals; none if all are too far, or there are too many. A candidate
/// equal to the name is no suggestion.
pub fn closest<'c>(name: &[u8], candidates: impl ExactSizeIterator<Item = &'c [u8]>) -> Option<&'c [u8]> {
    if candidates.len() >= MAX_CANDIDATES {
        return None;
    }
    let mut best: Option<(&[u8], usize)> = None;
    for candidate in candidates.filter(|&candidate| candidate != name) {
        let limit = (name.len() + candidate.len() + 3) * MOVE_COST / 6;
        let limit = match best {
            Some((_, distance)) => limit.min(distance - 1),
            None => limit,
        };
        if let Some(distance) = distance_within(name, candidate, limit) {
            best = Some((candidate, distance));
        }
    }
    best.map(|(candidate, _)| candidate)
}

/// The distance of two names, if it is at most `limit`.
fn distance_within(a: &[u8], b: &[u8], limit: usize) -> Option<usize> {
    let (a, b) = strip_common_ends(a, b);
    if a.is_empty() || b.is_empty() {
        return Some((a.len() + b.len()) * MOVE_COST).filter(|&distance| distance <= limit);
    }
    if a.len() > MAX_NAME || b.len() > MAX_NAME {
        return None;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if (long.len() - short.len()) * MOVE_COST > limit {
        return None;
    }
    // row[i]: the distance of the prefix of `long` seen so far from `short[..=i]`.
    let mut row = [0; MAX_NAME];
    row.iter_mut().enumerate().for_each(|(index, cell)| *cell = (index + 1) * MOVE_COST);
    let mut result = 0;
    for (done, &code) in long.iter().enumerate() {
        let mut diagonal = done * MOVE_COST;
        result = diagonal;
        let mut minimum = usize::MAX;
        for (cell, &other) in row.iter_mut().zip(short) {
            let substituted = diagonal + substitution_cost(code, other);
            diagonal = *cell;
            result = substituted.min(result.min(diagonal) + MOVE_COST);
            *cell = result;
            minimum = minimum.min(result);
        }
        if minimum > limit {
            return None;
        }
    }
    (result <= limit).then_some(result)
}

fn strip_common_ends<'n>(mut a: &'n [u8], mut b: &'n [u8]) -> (&'n [u8], &'n [u8]) {
    while let ([first, a_rest @ ..], [other, b_rest @ ..]) = (a, b)
        && first == other
    {
        (a, b) = (a_rest, b_rest);
    }
    while let ([a_rest @ .., last], [b_rest @ .., other]) = (a, b)
        && last == other
    {
        (a, b) = (a_rest, b_rest);
    }
    (a, b)
}

fn substitution_cost(a: u8, b: u8) -> usize {
    if a == b {
        0
    } else if a.eq_ignore_ascii_case(&b) {
        CASE_COST
    } else {
        MOVE_COST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggest<'c>(name: &str, candidates: &[&'c str]) -> Option<&'c str> {
        closest(name.as_bytes(), candidates.iter().map(|candidate| candidate.as_bytes()))
            .map(|found| std::str::from_utf8(found).unwrap())
    }

    #[test]
    fn close_names_are_suggested() {
        assert_eq!(suggest("kay", &["key", "default"]), Some("key"));
        assert_eq!(suggest("bases", &["base"]), Some("base"));
        assert_eq!(suggest("digits", &["number", "ndigits"]), Some("ndigits"));
        assert_eq!(suggest("bluch", &["blach", "fluch", "BLuch"]), Some("blach"));
    }

    #[test]
    fn far_and_equal_names_are_not() {
        assert_eq!(suggest("x", &["default", "abc"]), None);
        assert_eq!(suggest("key", &["key"]), None);
        assert_eq!(suggest("somethingverywrong", &["bluch"]), None);
    }

    #[test]
    fn a_change_of_case_is_closer_than_a_change_of_letter() {
        assert_eq!(suggest("fooBar", &["foobaz", "foobar"]), Some("foobar"));
        assert_eq!(distance_within(b"ab", b"AB", 10), Some(2 * CASE_COST));
    }
}
