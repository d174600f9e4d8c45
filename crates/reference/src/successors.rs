//! Working periods and succession of organisations: from the day of succession on, the code of an insurer or clinic means its successor.
//!
//! Insurers and clinics themselves are not known here, only their indexes.

use sverka_model::{Date, OrganisationId};

/// Meaning of the first day of a working period for the days before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FirstDay {
    /// First day of work, from a table of the fund: the organisation did not work before.
    #[default]
    OfWork,
    /// First day of the dictionary's entry: the organisation may have worked before, since dictionaries begin later than the organisations in them.
    OfDictionary,
}

/// Working period `[from, to)` of an organisation; `to` is [`Date::NEVER`] when no end is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkingPeriod {
    /// First day of work.
    pub from: Date,
    /// First day without work.
    pub to: Date,
}

/// Status of an organisation on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkStatus {
    /// The organisation works.
    Working,
    /// The organisation is assumed to work: the day is before the beginning of its dictionary.
    BeforeDictionary,
    /// The organisation does not work yet, or no longer.
    NotWorking,
}

impl WorkingPeriod {
    /// Whether `day` is in the period.
    #[must_use]
    #[inline]
    pub fn covers(self, day: Date) -> bool {
        self.from <= day && day < self.to
    }

    /// Whether the organisation works on `day`.
    #[must_use]
    #[inline]
    pub fn work_status_on(self, day: Date, first_day: FirstDay) -> WorkStatus {
        if self.covers(day) {
            WorkStatus::Working
        } else if first_day == FirstDay::OfDictionary && day < self.to {
            WorkStatus::BeforeDictionary
        } else {
            WorkStatus::NotWorking
        }
    }
}

/// End of the work of an organisation, with its successor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuccessionLink {
    /// First day without work; [`Date::NEVER`] when no end is known.
    pub ends: Date,
    /// Organisation that takes over on that day.
    pub successor: Option<OrganisationId>,
}

impl SuccessionLink {
    /// Organisation whose work does not end.
    pub const ENDLESS: Self = Self { ends: Date::NEVER, successor: None };
}

/// Succession of organisations, by index. It has no circles. A successor takes over on the day on which the predecessor's work ends.
#[derive(Clone, Debug, Default)]
pub struct Succession {
    /// Link of each organisation.
    links: Vec<SuccessionLink>,
    any: bool,
}

impl Succession {
    /// The succession of organisations, given the link of each. The caller refuses circles: following one would not end.
    #[must_use]
    pub fn new(links: Vec<SuccessionLink>) -> Self {
        let any = links.iter().any(|link| link.successor.is_some());
        Self { links, any }
    }

    /// Whether any organisation has a successor.
    #[must_use]
    pub fn any(&self) -> bool {
        self.any
    }

    /// The organisation that takes over from `organisation` when its work ends.
    #[must_use]
    pub fn successor(&self, organisation: impl Into<OrganisationId>) -> Option<OrganisationId> {
        self.links[usize::from(organisation.into())].successor
    }

    /// The organisation that the code of `organisation` means on `day`: itself, or the last successor that has taken over by then.
    ///
    /// ```text
    /// links        0 → 1 on 2020-07-01, 1 → 2 on 2024-01-01
    /// read_on(0)   0 until 2020-06-30, 1 until 2023-12-31, then 2
    /// ```
    #[must_use]
    #[inline]
    pub fn read_on(&self, organisation: impl Into<OrganisationId>, day: Date) -> OrganisationId {
        let mut reading = organisation.into();
        while let SuccessionLink { ends, successor: Some(successor) } = self.links[usize::from(reading)] {
            if day < ends {
                break;
            }
            reading = successor;
        }
        reading
    }

    /// The first day after `day` on which [`Self::read_on`] gives another organisation; [`Date::NEVER`] if there is none.
    #[must_use]
    pub fn next_change(&self, organisation: impl Into<OrganisationId>, day: Date) -> Date {
        match self.links[usize::from(self.read_on(organisation, day))] {
            SuccessionLink { ends, successor: Some(_) } => ends,
            SuccessionLink { successor: None, .. } => Date::NEVER,
        }
    }

    /// The day on which the work of the last successor ends; [`Date::NEVER`] if it goes on.
    #[must_use]
    #[inline]
    pub fn closes_on(&self, organisation: impl Into<OrganisationId>) -> Date {
        let mut last = organisation.into();
        while let Some(successor) = self.links[usize::from(last)].successor {
            last = successor;
        }
        self.links[usize::from(last)].ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_the_first_day_of_a_dictionary_nothing_is_known() {
        let day = |text: &str| text.parse::<Date>().expect("date");
        let works = WorkingPeriod { from: day("2011-01-01"), to: day("2025-01-01") };
        for (on, by_table, by_dictionary) in [
            ("2010-12-31", WorkStatus::NotWorking, WorkStatus::BeforeDictionary),
            ("2011-01-01", WorkStatus::Working, WorkStatus::Working),
            ("2024-12-31", WorkStatus::Working, WorkStatus::Working),
            ("2025-01-01", WorkStatus::NotWorking, WorkStatus::NotWorking),
        ] {
            let work = [FirstDay::OfWork, FirstDay::OfDictionary].map(|first_day| works.work_status_on(day(on), first_day));
            assert_eq!(work, [by_table, by_dictionary], "{on}");
        }
    }

    #[test]
    fn codes_are_read_through_chains() {
        let day = |text: &str| text.parse::<Date>().expect("date");
        let chain = Succession::new(vec![
            SuccessionLink { ends: day("2020-01-01"), successor: Some(OrganisationId::new(1)) },
            SuccessionLink { ends: day("2022-01-01"), successor: Some(OrganisationId::new(2)) },
            SuccessionLink { ends: day("2025-01-01"), successor: None },
        ]);
        assert_eq!(chain.read_on(OrganisationId::new(0), day("2019-12-31")), OrganisationId::new(0));
        assert_eq!(chain.read_on(OrganisationId::new(0), day("2020-01-01")), OrganisationId::new(1));
        assert_eq!(chain.read_on(OrganisationId::new(0), day("2023-01-01")), OrganisationId::new(2));
        assert_eq!(chain.next_change(OrganisationId::new(0), day("2019-01-01")), day("2020-01-01"));
        assert_eq!(chain.next_change(OrganisationId::new(0), day("2020-01-01")), day("2022-01-01"));
        assert_eq!(chain.next_change(OrganisationId::new(0), day("2022-01-01")), Date::NEVER);
        assert_eq!(chain.closes_on(OrganisationId::new(0)), day("2025-01-01"));
    }
}
