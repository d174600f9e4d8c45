//! Ends of attachments beside beginnings at other clinics: a sign that ends are read a day off (SEM-217).
//!
//! ```text
//! seam      [.......) end        no day between: ends are read correctly
//!                   [.......
//! gap       [.......)            one day between: the end is the last day, read as the first day after
//!                     [.....
//! overlap   [.......)            one day in common: the end is the first day after, read as the last day
//!                 [.........
//! ```
//!
//! An end is counted for its own source, not for the source of the beginning.

use super::record_view::RecordView;
use sverka_kernel::identity::AnyRecord;
use sverka_kernel::timeline::Claim;
use sverka_model::Date;
use sverka_publish::AdjoiningEnds;

/// Number of ends from which they can be a habit of the sender.
const MANY: u64 = 5;

/// Adjoining ends of each source of the job.
#[derive(Debug, Default)]
pub(super) struct EndDays(Vec<AdjoiningEnds>);

impl EndDays {
    /// Counts the ends of the claims of a person in one profile.
    #[inline]
    pub fn collect(&mut self, view: RecordView<'_>, claims: &[Claim]) {
        if claims.len() > 1 {
            self.collect_several(view, claims);
        }
    }

    fn collect_several(&mut self, view: RecordView<'_>, claims: &[Claim]) {
        for claim in claims {
            let AnyRecord::Attachment(record) = view.records.get(claim.record) else { continue };
            if record.attached_to == Date::NEVER || record.attached_to != claim.to {
                continue;
            }
            let begins = |day: i32| {
                claims.iter().any(|other| other.organisation != claim.organisation && other.from.days() == claim.to.days() + day)
            };
            let ends = if begins(0) {
                AdjoiningEnds { seams: 1, ..AdjoiningEnds::default() }
            } else if begins(1) {
                AdjoiningEnds { gaps: 1, ..AdjoiningEnds::default() }
            } else if begins(-1) {
                AdjoiningEnds { overlaps: 1, ..AdjoiningEnds::default() }
            } else {
                continue;
            };
            self.add(view.source(claim.record), ends);
        }
    }

    fn add(&mut self, source: usize, ends: AdjoiningEnds) {
        if self.0.len() <= source {
            self.0.resize(source + 1, AdjoiningEnds::default());
        }
        let all = &mut self.0[source];
        all.seams += ends.seams;
        all.gaps += ends.gaps;
        all.overlaps += ends.overlaps;
    }

    /// Adds the counts of another worker.
    pub fn merge(&mut self, other: &Self) {
        for (source, &ends) in other.0.iter().enumerate() {
            self.add(source, ends);
        }
    }

    /// Ends of a source that seem to be read a day off.
    pub fn doubtful(&self, source: usize) -> Option<AdjoiningEnds> {
        self.0.get(source).copied().filter(|ends| doubt(*ends).is_some())
    }
}

/// Direction in which ends seem to be read wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// The last day is read as the first day after.
    TooEarly,
    /// The first day after is read as the last day.
    TooLate,
}

/// Doubt about adjoining ends: at least [`MANY`] of them, and more than half, are off to one side.
pub(super) fn doubt(ends: AdjoiningEnds) -> Option<Doubt> {
    let all = ends.seams + ends.gaps + ends.overlaps;
    let are_many = |count: u64| count >= MANY && count * 2 > all;
    if are_many(ends.gaps) { Some(Doubt::TooEarly) } else { are_many(ends.overlaps).then_some(Doubt::TooLate) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_doubted_when_many_and_most_are_off_to_one_side() {
        let doubt_of = |seams, gaps, overlaps| doubt(AdjoiningEnds { seams, gaps, overlaps });
        assert_eq!(doubt_of(0, 5, 0), Some(Doubt::TooEarly));
        assert_eq!(doubt_of(0, 4, 0), None);
        assert_eq!((doubt_of(5, 5, 0), doubt_of(4, 5, 0)), (None, Some(Doubt::TooEarly)));
        assert_eq!((doubt_of(3, 3, 6), doubt_of(3, 2, 6)), (None, Some(Doubt::TooLate)));
        assert_eq!(doubt_of(1_000_000, 400, 300), None);
    }
}
