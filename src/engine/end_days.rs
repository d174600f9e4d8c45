//! How the ends of attachments lie to the beginnings at other clinics: the sign of ends that are read a day off.
//!
//! ```text
//! seam      [.......) end        no day between: ends are read as they are meant
//!                   [.......
//! gap       [.......)            one day between: the end is the last day, read as the first day after
//!                     [.....
//! overlap   [.......)            one day in common: the end is the first day after, read as the last day
//!                 [.........
//! ```
//!
//! Ends are counted for the source that gives them, whichever source gives the beginning.

use super::view::RunView;
use sverka_kernel::identity::AnyRecord;
use sverka_kernel::timeline::Claim;
use sverka_model::Date;
use sverka_publish::AdjoiningEnds;

/// So many ends that look a day off are many.
const MANY: u64 = 5;

/// The adjoining ends of each source of the job.
#[derive(Debug, Default)]
pub(super) struct EndDays(Vec<AdjoiningEnds>);

impl EndDays {
    /// Counts the ends of a person's claims in one profile.
    #[inline]
    pub fn collect(&mut self, view: RunView<'_>, claims: &[Claim]) {
        if claims.len() > 1 {
            self.collect_several(view, claims);
        }
    }

    fn collect_several(&mut self, view: RunView<'_>, claims: &[Claim]) {
        for claim in claims {
            let AnyRecord::Attachment(record) = view.records.get(claim.record) else { continue };
            if record.attached_to == Date::NEVER || record.attached_to != claim.to {
                continue;
            }
            let begins = |day: i32| {
                claims.iter().any(|other| other.organisation != claim.organisation && other.from.days() == claim.to.days() + day)
            };
            let of_end = if begins(0) {
                AdjoiningEnds { seams: 1, ..AdjoiningEnds::default() }
            } else if begins(1) {
                AdjoiningEnds { gaps: 1, ..AdjoiningEnds::default() }
            } else if begins(-1) {
                AdjoiningEnds { overlaps: 1, ..AdjoiningEnds::default() }
            } else {
                continue;
            };
            self.add(view.position(claim.record).0, of_end);
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

    /// Adds what others counted.
    pub fn merge(&mut self, other: &Self) {
        for (source, &ends) in other.0.iter().enumerate() {
            self.add(source, ends);
        }
    }

    /// The ends of a source when they seem to be read a day off.
    pub fn doubtful(&self, source: usize) -> Option<AdjoiningEnds> {
        self.0.get(source).copied().filter(|ends| doubt(*ends).is_some())
    }
}

/// Which way the ends of a source seem to be read wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// The last day is read as the first day after.
    TooEarly,
    /// The first day after is read as the last day.
    TooLate,
}

/// What adjoining ends say: at least five, and more than half of them, are off to one side.
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
        let told = |seams, gaps, overlaps| doubt(AdjoiningEnds { seams, gaps, overlaps });
        assert_eq!(told(0, 5, 0), Some(Doubt::TooEarly));
        assert_eq!(told(0, 4, 0), None);
        assert_eq!((told(5, 5, 0), told(4, 5, 0)), (None, Some(Doubt::TooEarly)));
        assert_eq!((told(3, 3, 6), told(3, 2, 6)), (None, Some(Doubt::TooLate)));
        assert_eq!(told(1_000_000, 400, 300), None);
    }
}
