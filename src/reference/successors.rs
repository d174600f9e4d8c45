//! Working periods and who takes over: an insurer's or clinic's code is read as its successor's from the day of succession on.

use crate::identifier::Date;

/// When an organisation works, `[from, to)`; `to` is [`Date::NEVER`] when no end is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkingPeriod {
    /// First day of work.
    pub from: Date,
    /// First day without work.
    pub to: Date,
}

impl WorkingPeriod {
    /// Whether the organisation works on `day`.
    #[must_use]
    #[inline]
    pub fn covers(self, day: Date) -> bool {
        self.from <= day && day < self.to
    }
}

/// Who follows whom, for organisations known by index. Without circles; every successor takes over on the day its predecessor's work ends.
#[derive(Clone, Debug, Default)]
pub struct Succession {
    links: Vec<(Date, Option<u16>)>,
    any: bool,
}

impl Succession {
    /// From the end of work and the successor of each organisation. Circles must have been refused before: reading a code would not end.
    #[must_use]
    pub fn new(links: Vec<(Date, Option<u16>)>) -> Self {
        let any = links.iter().any(|(_, successor)| successor.is_some());
        Self { links, any }
    }

    /// Whether any organisation has a successor.
    #[must_use]
    pub fn any(&self) -> bool {
        self.any
    }

    /// Who takes over from `organisation` when its work ends.
    #[must_use]
    pub fn successor(&self, organisation: u16) -> Option<u16> {
        self.links[usize::from(organisation)].1
    }

    /// As whom `organisation` is read on `day`.
    #[must_use]
    #[inline]
    pub fn read_on(&self, organisation: u16, day: Date) -> u16 {
        let mut reading = organisation;
        while let (ends, Some(successor)) = self.links[usize::from(reading)] {
            if day < ends {
                break;
            }
            reading = successor;
        }
        reading
    }

    /// The next day after `day` on which the organisation that is read as `organisation` on `day` becomes another; [`Date::NEVER`] if none.
    #[must_use]
    pub fn next_change(&self, organisation: u16, day: Date) -> Date {
        match self.links[usize::from(self.read_on(organisation, day))] {
            (ends, Some(_)) => ends,
            (_, None) => Date::NEVER,
        }
    }

    /// The day on which work ends for good, after all successors; [`Date::NEVER`] if it does not.
    #[must_use]
    #[inline]
    pub fn closes_on(&self, organisation: u16) -> Date {
        let mut last = organisation;
        while let Some(successor) = self.links[usize::from(last)].1 {
            last = successor;
        }
        self.links[usize::from(last)].0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_through_chains() {
        let day = |text: &str| text.parse::<Date>().expect("date");
        let chain = Succession::new(vec![(day("2020-01-01"), Some(1)), (day("2022-01-01"), Some(2)), (day("2025-01-01"), None)]);
        assert_eq!(chain.read_on(0, day("2019-12-31")), 0);
        assert_eq!(chain.read_on(0, day("2020-01-01")), 1);
        assert_eq!(chain.read_on(0, day("2023-01-01")), 2);
        assert_eq!(chain.next_change(0, day("2019-01-01")), day("2020-01-01"));
        assert_eq!(chain.next_change(0, day("2020-01-01")), day("2022-01-01"));
        assert_eq!(chain.next_change(0, day("2022-01-01")), Date::NEVER);
        assert_eq!(chain.closes_on(0), day("2025-01-01"));
    }
}
