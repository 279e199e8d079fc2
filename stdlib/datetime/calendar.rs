//! The proleptic Gregorian calendar: years of 365 or 366 days, counted on in both directions as if it had always been in use.
//!
//! Days have ordinals: 1 is the first of January of year 1. ISO weeks start on Mondays, and the first one of a year is the one with
//! the year's first Thursday.

/// The first year of dates.
pub(super) const MIN_YEAR: i32 = 1;
/// The last year of dates.
pub(super) const MAX_YEAR: i32 = 9999;
/// The ordinal of the last day.
pub(super) const MAX_ORDINAL: i64 = 3_652_059;

/// A day.
#[allow(clippy::struct_field_names, reason = "the day of a day is its number in the month")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Day {
    pub(super) year: u16,
    pub(super) month: u8,
    pub(super) day: u8,
}

/// What is wrong with the numbers of an ISO week date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadWeekDate {
    Year,
    Week,
    Weekday,
}

/// Days of the months before a month, in a year that is no leap year.
const BEFORE_MONTH: [i64; 13] = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

pub(super) const fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

pub(super) const fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days before the first of January of a year.
const fn days_before_year(year: i32) -> i64 {
    let past = year as i64 - 1;
    past * 365 + past / 4 - past / 100 + past / 400
}

/// Days of a year before the first of a month.
const fn days_before_month(year: i32, month: i32) -> i64 {
    BEFORE_MONTH[month as usize] + (month > 2 && is_leap(year)) as i64
}

/// The ordinal of the Monday of a year's first ISO week.
fn first_monday(year: i32) -> i64 {
    let new_year = days_before_year(year) + 1;
    let weekday = (new_year + 6) % 7;
    // Thursday decides whose week it is.
    if weekday > 3 { new_year - weekday + 7 } else { new_year - weekday }
}

impl Day {
    /// A day whose numbers are valid.
    pub(super) const fn new(year: i32, month: i32, day: i32) -> Self {
        Self { year: year as u16, month: month as u8, day: day as u8 }
    }

    pub(super) const fn year(self) -> i32 {
        self.year as i32
    }

    /// The day with an ordinal from 1 to [`MAX_ORDINAL`].
    pub(super) fn from_ordinal(ordinal: i64) -> Self {
        // Cycles of 400 years, then centuries, of four years, and years; the last day of a leap cycle is one too many.
        let mut days = ordinal - 1;
        let cycles = days.div_euclid(146_097);
        days = days.rem_euclid(146_097);
        let centuries = (days / 36_524).min(3);
        days -= centuries * 36_524;
        let fours = days / 1461;
        days %= 1461;
        let years = (days / 365).min(3);
        days -= years * 365;
        let year = (cycles * 400 + centuries * 100 + fours * 4 + years + 1) as i32;
        let mut month = (days / 29 + 1).min(12) as i32;
        while days_before_month(year, month) > days {
            month -= 1;
        }
        Self::new(year, month, (days - days_before_month(year, month)) as i32 + 1)
    }

    pub(super) fn ordinal(self) -> i64 {
        days_before_year(self.year()) + self.day_of_year()
    }

    /// The number of the day in its year, from 1.
    pub(super) fn day_of_year(self) -> i64 {
        days_before_month(self.year(), i32::from(self.month)) + i64::from(self.day)
    }

    /// The day of the week; Monday is 0.
    pub(super) fn weekday(self) -> i64 {
        (self.ordinal() + 6) % 7
    }

    /// ISO year, week and day of the week, Monday being 1.
    pub(super) fn iso_calendar(self) -> (i32, i64, i64) {
        let ordinal = self.ordinal();
        let mut year = self.year();
        let mut monday = first_monday(year);
        if ordinal < monday {
            year -= 1;
            monday = first_monday(year);
        } else if ordinal >= first_monday(year + 1) {
            year += 1;
            monday = first_monday(year);
        }
        (year, (ordinal - monday) / 7 + 1, (ordinal - monday) % 7 + 1)
    }
}

/// The ordinal of an ISO week date; it may be the one of a day after the last.
pub(super) fn iso_ordinal(year: i32, week: i32, weekday: i32) -> Result<i64, BadWeekDate> {
    if !(MIN_YEAR..=MAX_YEAR).contains(&year) {
        return Err(BadWeekDate::Year);
    }
    let weeks = (first_monday(year + 1) - first_monday(year)) / 7;
    if !(1..=weeks).contains(&i64::from(week)) {
        return Err(BadWeekDate::Week);
    }
    if !(1..=7).contains(&weekday) {
        return Err(BadWeekDate::Weekday);
    }
    Ok(first_monday(year) + i64::from((week - 1) * 7 + weekday - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_count_all_days() {
        let mut ordinal = 0;
        for year in [1, 4, 100, 400, 1999, 2000, 2024, 9999] {
            ordinal = ordinal.max(days_before_year(year));
            for month in 1..=12 {
                for day in 1..=days_in_month(year, month) {
                    ordinal += 1;
                    let day = Day::new(year, month, day);
                    assert_eq!((day.ordinal(), Day::from_ordinal(ordinal)), (ordinal, day));
                }
            }
        }
        assert_eq!(ordinal, MAX_ORDINAL);
    }

    #[test]
    fn weeks_belong_to_the_year_of_their_thursday() {
        assert_eq!(Day::new(2024, 12, 30).iso_calendar(), (2025, 1, 1));
        assert_eq!(Day::new(2021, 1, 3).iso_calendar(), (2020, 53, 7));
        assert_eq!(iso_ordinal(2020, 53, 7), Ok(Day::new(2021, 1, 3).ordinal()));
        assert_eq!(iso_ordinal(2021, 53, 1), Err(BadWeekDate::Week));
        assert_eq!(iso_ordinal(1, 1, 1), Ok(1));
    }
}
