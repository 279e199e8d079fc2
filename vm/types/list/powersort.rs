//! Powersort: a stable merge sort that uses the order it finds.
//!
//! The sequence is cut into ascending runs; short ones are extended by binary insertion. Neighbouring runs are merged
//! in the order that Munro and Wild's *power* gives to the border between them, which is nearly optimal for any lengths of
//! runs. A merge gallops where one run wins often: it searches for how far it can copy at once.
//!
//! Runs, minimum lengths, merge order and galloping are those of CPython 3.14, so that the same comparisons are made
//! in the same order: results agree even where `<` is no total order, as among nans or sets.

/// Wins in a row that start galloping, until a sort learns better.
const MIN_GALLOP: usize = 7;

/// Sorts by a comparison that may fail. After a failure, the items are in no particular state.
pub(super) fn sort<T: Copy, E>(items: &mut [T], less: impl FnMut(T, T) -> Result<bool, E>) -> Result<(), E> {
    if items.len() < 2 {
        return Ok(());
    }
    Sorter { items, less, min_gallop: MIN_GALLOP, runs: Vec::new(), spare: Vec::new() }.sort()
}

/// A sorted stretch.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    len: usize,
    /// Of the border to the next run.
    power: u32,
}

struct Sorter<'a, T, F> {
    items: &'a mut [T],
    less: F,
    min_gallop: usize,
    /// Runs that wait to be merged, from left to right.
    runs: Vec<Run>,
    /// A copy of the shorter run of a merge.
    spare: Vec<T>,
}

impl<T: Copy, E, F: FnMut(T, T) -> Result<bool, E>> Sorter<'_, T, F> {
    fn sort(mut self) -> Result<(), E> {
        let total = self.items.len();
        let least = minimum_run(total);
        let mut start = 0;
        while start < total {
            let mut len = self.find_run(start)?;
            if len < least {
                let wanted = least.min(total - start);
                self.insert(start, len, wanted)?;
                len = wanted;
            }
            self.add_run(start, len)?;
            start += len;
        }
        while self.runs.len() > 1 {
            let last = self.runs.len() - 1;
            let shorter_before = last > 1 && self.runs[last - 2].len < self.runs[last].len;
            self.merge(if shorter_before { last - 2 } else { last - 1 })?;
        }
        Ok(())
    }

    #[inline(always)]
    fn less_at(&mut self, a: usize, b: usize) -> Result<bool, E> {
        (self.less)(self.items[a], self.items[b])
    }

    /// The length of the run that starts here. A descending run is turned around; equal items in it keep their order.
    fn find_run(&mut self, start: usize) -> Result<usize, E> {
        let mut end = self.extend_ascending(start, start + 1)?;
        if end == self.items.len() {
            return Ok(end - start);
        }
        if end > start + 1 {
            if self.less_at(start, end - 1)? {
                return Ok(end - start);
            }
            // All equal up to the drop: they belong to a descending run.
            self.items[start..end].reverse();
        }
        end = self.extend_descending(end + 1)?;
        self.items[start..end].reverse();
        Ok(self.extend_ascending(start, end)? - start)
    }

    /// Where a run that ascends up to `end` ends.
    fn extend_ascending(&mut self, start: usize, mut end: usize) -> Result<usize, E> {
        debug_assert!(start < end);
        while end < self.items.len() && !self.less_at(end, end - 1)? {
            end += 1;
        }
        Ok(end)
    }

    /// Where a run that descends up to `end` ends. Stretches of equal items in what is added are turned around, to be turned
    /// back with the whole run.
    fn extend_descending(&mut self, mut end: usize) -> Result<usize, E> {
        let mut equal = 0;
        while end < self.items.len() {
            if self.less_at(end, end - 1)? {
                self.items[end - 1 - equal..end].reverse();
                equal = 0;
            } else if self.less_at(end - 1, end)? {
                break;
            } else {
                equal += 1;
            }
            end += 1;
        }
        self.items[end - 1 - equal..end].reverse();
        Ok(end)
    }

    /// Extends a run of `sorted` items to `len` items by binary insertion.
    fn insert(&mut self, start: usize, sorted: usize, len: usize) -> Result<(), E> {
        for at in start + sorted..start + len {
            let item = self.items[at];
            let (mut low, mut high) = (start, at);
            while low < high {
                let middle = low + (high - low) / 2;
                if (self.less)(item, self.items[middle])? {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            self.items.copy_within(low..at, low + 1);
            self.items[low] = item;
        }
        Ok(())
    }

    /// Adds a run, after merging those to its left whose border lies deeper in the merge tree than the new one.
    fn add_run(&mut self, start: usize, len: usize) -> Result<(), E> {
        if let Some(&last) = self.runs.last() {
            let power = border_power(last.start, last.len, len, self.items.len());
            while let [.., before, _] = self.runs[..]
                && before.power > power
            {
                self.merge(self.runs.len() - 2)?;
            }
            self.runs.last_mut().expect("a merge leaves a run").power = power;
        }
        self.runs.push(Run { start, len, power: 0 });
        Ok(())
    }

    /// Merges a run with the next one.
    fn merge(&mut self, index: usize) -> Result<(), E> {
        let (left, right) = (self.runs[index], self.runs.remove(index + 1));
        self.runs[index] = Run { len: left.len + right.len, ..left };
        let (mut start, border, mut end) = (left.start, right.start, right.start + right.len);
        // What is in place already stays there.
        start += after(&self.items[start..border], self.items[border], 0, &mut self.less)?;
        if start == border {
            return Ok(());
        }
        let last = self.items[border - 1];
        end = border + before(&self.items[border..end], last, end - border - 1, &mut self.less)?;
        if end == border {
            return Ok(());
        }
        if border - start <= end - border {
            self.merge_forwards(start, border, end)
        } else {
            self.merge_backwards(start, border, end)
        }
    }

    /// Merges two runs from the left, the left one having been copied. The first item of the right one is known to come first,
    /// the last item of the left one to come last.
    fn merge_forwards(&mut self, start: usize, border: usize, end: usize) -> Result<(), E> {
        let Self { items, less, min_gallop, spare, .. } = self;
        spare.clear();
        spare.extend_from_slice(&items[start..border]);
        let (mut to, mut left, mut right) = (start, 0, border);
        let last = spare.len() - 1;
        let take_left = |items: &mut [T], to: &mut usize, left: &mut usize, count: usize| {
            items[*to..*to + count].copy_from_slice(&spare[*left..*left + count]);
            (*to, *left) = (*to + count, *left + count);
        };
        let take_right = |items: &mut [T], to: &mut usize, right: &mut usize, count: usize| {
            items.copy_within(*right..*right + count, *to);
            (*to, *right) = (*to + count, *right + count);
        };
        take_right(items, &mut to, &mut right, 1);
        'merge: while right < end && left < last {
            let (mut left_wins, mut right_wins) = (0, 0);
            while left_wins < *min_gallop && right_wins < *min_gallop {
                if less(items[right], spare[left])? {
                    take_right(items, &mut to, &mut right, 1);
                    (left_wins, right_wins) = (0, right_wins + 1);
                    if right == end {
                        break 'merge;
                    }
                } else {
                    take_left(items, &mut to, &mut left, 1);
                    (left_wins, right_wins) = (left_wins + 1, 0);
                    if left == last {
                        break 'merge;
                    }
                }
            }
            loop {
                left_wins = after(&spare[left..], items[right], 0, &mut *less)?;
                take_left(items, &mut to, &mut left, left_wins);
                if left >= last {
                    break 'merge;
                }
                take_right(items, &mut to, &mut right, 1);
                if right == end {
                    break 'merge;
                }
                right_wins = before(&items[right..end], spare[left], 0, &mut *less)?;
                take_right(items, &mut to, &mut right, right_wins);
                if right == end {
                    break 'merge;
                }
                take_left(items, &mut to, &mut left, 1);
                if left == last {
                    break 'merge;
                }
                if left_wins < MIN_GALLOP && right_wins < MIN_GALLOP {
                    break;
                }
                *min_gallop -= usize::from(*min_gallop > 1);
            }
            // Leaving the gallop makes it harder to enter again.
            *min_gallop += 1;
        }
        let rest = end - right;
        take_right(items, &mut to, &mut right, rest);
        let rest = last + 1 - left;
        take_left(items, &mut to, &mut left, rest);
        Ok(())
    }

    /// Merges two runs from the right, the right one having been copied.
    fn merge_backwards(&mut self, start: usize, border: usize, end: usize) -> Result<(), E> {
        let Self { items, less, min_gallop, spare, .. } = self;
        spare.clear();
        spare.extend_from_slice(&items[border..end]);
        // Each points one past what is left to merge, and to fill.
        let (mut to, mut left, mut right) = (end, border, spare.len());
        let take_left = |items: &mut [T], to: &mut usize, left: &mut usize, count: usize| {
            items.copy_within(*left - count..*left, *to - count);
            (*to, *left) = (*to - count, *left - count);
        };
        let take_right = |items: &mut [T], to: &mut usize, right: &mut usize, count: usize| {
            items[*to - count..*to].copy_from_slice(&spare[*right - count..*right]);
            (*to, *right) = (*to - count, *right - count);
        };
        take_left(items, &mut to, &mut left, 1);
        'merge: while left > start && right > 1 {
            let (mut left_wins, mut right_wins) = (0, 0);
            while left_wins < *min_gallop && right_wins < *min_gallop {
                if less(spare[right - 1], items[left - 1])? {
                    take_left(items, &mut to, &mut left, 1);
                    (left_wins, right_wins) = (left_wins + 1, 0);
                    if left == start {
                        break 'merge;
                    }
                } else {
                    take_right(items, &mut to, &mut right, 1);
                    (left_wins, right_wins) = (0, right_wins + 1);
                    if right == 1 {
                        break 'merge;
                    }
                }
            }
            loop {
                let run = &items[start..left];
                left_wins = run.len() - after(run, spare[right - 1], run.len() - 1, &mut *less)?;
                take_left(items, &mut to, &mut left, left_wins);
                if left == start {
                    break 'merge;
                }
                take_right(items, &mut to, &mut right, 1);
                if right == 1 {
                    break 'merge;
                }
                right_wins = right - before(&spare[..right], items[left - 1], right - 1, &mut *less)?;
                take_right(items, &mut to, &mut right, right_wins);
                if right <= 1 {
                    break 'merge;
                }
                take_left(items, &mut to, &mut left, 1);
                if left == start {
                    break 'merge;
                }
                if left_wins < MIN_GALLOP && right_wins < MIN_GALLOP {
                    break;
                }
                *min_gallop -= usize::from(*min_gallop > 1);
            }
            *min_gallop += 1;
        }
        let rest = left - start;
        take_left(items, &mut to, &mut left, rest);
        let rest = right;
        take_right(items, &mut to, &mut right, rest);
        Ok(())
    }
}

/// How many items of a run come before a key, equal ones not among them.
fn before<T: Copy, E>(
    run: &[T],
    key: T,
    hint: usize,
    less: &mut impl FnMut(T, T) -> Result<bool, E>,
) -> Result<usize, E> {
    gallop(run, hint, |item| less(item, key))
}

/// How many items of a run come before a key, equal ones among them.
fn after<T: Copy, E>(
    run: &[T],
    key: T,
    hint: usize,
    less: &mut impl FnMut(T, T) -> Result<bool, E>,
) -> Result<usize, E> {
    gallop(run, hint, |item| less(key, item).map(|less| !less))
}

/// How many items at the start of a run have a property that the others have not: a search in steps of 1, 3, 7 ... from a
/// hint on, then by halves.
fn gallop<T: Copy, E>(run: &[T], hint: usize, mut has: impl FnMut(T) -> Result<bool, E>) -> Result<usize, E> {
    let (mut low, mut high);
    let (mut near, mut far) = (0, 1);
    if has(run[hint])? {
        let limit = run.len() - hint;
        while far < limit && has(run[hint + far])? {
            (near, far) = (far, far * 2 + 1);
        }
        (low, high) = (hint + near + 1, hint + far.min(limit));
    } else {
        let limit = hint + 1;
        while far < limit && !has(run[hint - far])? {
            (near, far) = (far, far * 2 + 1);
        }
        (low, high) = (hint + 1 - far.min(limit), hint - near);
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if has(run[middle])? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(low)
}

/// The least length of a run: such that the number of runs is a power of two, or a little less.
fn minimum_run(len: usize) -> usize {
    let shift = (usize::BITS - len.leading_zeros()).saturating_sub(6);
    (len >> shift) + usize::from(len & ((1 << shift) - 1) != 0)
}

/// The power of the border between a run at `start` and the one behind it: the number of the first binary digit in which
/// the middles of the two runs, as fractions of the whole, differ.
fn border_power(start: usize, left: usize, right: usize, total: usize) -> u32 {
    // Twice the middles; a digit is one where they reach the total.
    let mut left_middle = 2 * start + left;
    let mut right_middle = left_middle + left + right;
    let mut power = 1;
    while left_middle >= total || right_middle < total {
        if left_middle >= total {
            left_middle -= total;
            right_middle -= total;
        }
        left_middle <<= 1;
        right_middle <<= 1;
        power += 1;
    }
    power
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Random(u64);

    impl Random {
        fn below(&mut self, bound: usize) -> usize {
            self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            ((self.0 >> 33) % bound as u64) as usize
        }
    }

    /// Sequences of many kinds: random, few distinct items, sorted with outliers, runs up and down, rotated.
    fn sample(random: &mut Random) -> Vec<usize> {
        let len = [2, 3, 5, 10, 30, 63, 64, 65, 100, 200, 500, 1000, 1025, 2112][random.below(14)];
        match random.below(5) {
            0 => (0..len).map(|_| random.below(len * len)).collect(),
            1 => (0..len).map(|_| random.below(4)).collect(),
            2 => {
                let mut items: Vec<_> = (0..len).collect();
                for _ in 0..3 {
                    let index = random.below(len);
                    items[index] = random.below(len);
                }
                items
            }
            3 => {
                let mut items = Vec::new();
                while items.len() < len {
                    let mut run: Vec<_> = (0..=random.below(100)).map(|_| random.below(1000)).collect();
                    run.sort_unstable();
                    if random.below(2) == 1 {
                        run.reverse();
                    }
                    items.extend(run);
                }
                items.truncate(len);
                items
            }
            _ => {
                let mut items: Vec<_> = (0..len).map(|_| random.below(len)).collect();
                items.sort_unstable();
                items.rotate_left(random.below(len));
                items
            }
        }
    }

    #[test]
    fn sorts_stably() {
        let mut random = Random(11);
        for _ in 0..600 {
            let mut items: Vec<_> =
                sample(&mut random).into_iter().enumerate().map(|(i, v)| (v, i)).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|&(value, _)| value);
            sort(&mut items, |a, b| Ok::<_, ()>(a.0 < b.0)).unwrap();
            assert_eq!(items, expected);
        }
    }

    #[test]
    fn makes_the_comparisons_of_cpython() {
        // The figure is what CPython 3.14 computes for the same sequences; tests/golden/containers/sort_comparisons.py.
        let (mut random, mut fingerprint) = (Random(5), 0u64);
        for _ in 0..300 {
            let mut items: Vec<_> = sample(&mut random).into_iter().enumerate().collect();
            let less = |a: (usize, usize), b: (usize, usize)| {
                fingerprint = fingerprint.wrapping_mul(31).wrapping_add((a.0 * 5000 + b.0) as u64);
                Ok::<_, ()>(a.1 < b.1)
            };
            sort(&mut items, less).unwrap();
        }
        assert_eq!(fingerprint, 15142514676164323101);
    }

    #[test]
    fn stops_at_a_failure() {
        let mut random = Random(1);
        let mut items: Vec<_> = (0..1000).map(|_| random.below(1000)).collect();
        let mut left = 3000;
        let less = |a, b| {
            left -= 1;
            if left == 0 { Err("enough") } else { Ok(a < b) }
        };
        assert_eq!(sort(&mut items, less), Err("enough"));
    }

    #[test]
    fn any_answers_will_do() {
        let mut random = Random(77);
        for len in [10, 100, 1000, 3000] {
            let mut items: Vec<_> = (0..len).collect();
            sort(&mut items, |_, _| Ok::<_, ()>(random.below(2) == 0)).unwrap();
            items.sort_unstable();
            assert!(items.into_iter().eq(0..len));
        }
    }

    #[test]
    fn run_lengths() {
        assert_eq!([1, 63, 64, 65, 127, 128, 2112].map(minimum_run), [1, 63, 32, 33, 64, 32, 33]);
    }
}
