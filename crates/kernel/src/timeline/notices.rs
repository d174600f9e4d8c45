//! Notices: records that make no stay of their own and change other records of the person. An end shortens them before the sweep; a change gives other
//! data of a stay after the sweep.

use super::stay::{Stay, Stays};
use super::{ClaimFinding, DatedRecord};
use sverka_model::{Action, AttachmentRecord, Code, Date, OrganisationId, Record, RegisterRecord};
use sverka_reference::Succession;

/// A record that a notice may end.
pub trait Endable: Record {
    /// Insurer or clinic that the record names.
    fn organisation(&self) -> OrganisationId;
    /// First day of the record.
    fn start(&self) -> Date;
    /// Actual end of the record, to change.
    fn end_mut(&mut self) -> &mut Date;
    /// First day without the other records, by the notice of an end.
    fn ends_others_on(&self) -> Date;
    /// Death that the record reports; never if it reports none. A death ends all records of the person.
    fn death(&self) -> Date;
}

impl Endable for RegisterRecord {
    fn organisation(&self) -> OrganisationId {
        self.insurer.into()
    }

    fn start(&self) -> Date {
        self.insured_from
    }

    fn end_mut(&mut self) -> &mut Date {
        &mut self.stopped_on
    }

    fn ends_others_on(&self) -> Date {
        if self.stopped_on == Date::NEVER { self.death_date.next() } else { self.stopped_on }
    }

    fn death(&self) -> Date {
        self.death_date
    }
}

impl Endable for AttachmentRecord {
    fn organisation(&self) -> OrganisationId {
        self.clinic.into()
    }

    fn start(&self) -> Date {
        self.attached_from
    }

    fn end_mut(&mut self) -> &mut Date {
        &mut self.attached_to
    }

    fn ends_others_on(&self) -> Date {
        self.attached_to
    }

    fn death(&self) -> Date {
        Date::NEVER
    }
}

/// Records of one person (attachments: of one profile) that are no notices, with their indexes and source dates, shortened by the notices of an end.
/// Notices of a death before `alive_until` end nothing. A notice that ends nothing becomes a finding, unless it reports a death.
pub fn end_records<'r, R: Endable>(
    records: impl Iterator<Item = DatedRecord<&'r R>>,
    alive_until: Date,
    succession: &Succession,
    findings: &mut Vec<ClaimFinding>,
) -> Vec<DatedRecord<R>> {
    let copies = records.map(|DatedRecord { index, record, source_date }| DatedRecord { index, record: *record, source_date });
    let (notices, mut others): (Vec<_>, Vec<_>) = copies.partition(|dated| dated.record.identity().flags.is_notice());
    let is_end = |notice: &R| notice.identity().flags.action() == Action::End && notice.death() >= alive_until;
    for DatedRecord { index, record: notice, .. } in notices.iter().filter(|dated| is_end(&dated.record)) {
        let day = notice.ends_others_on();
        let organisation = succession.read_on(notice.organisation(), day);
        let mut found = notice.death() != Date::NEVER;
        for DatedRecord { record, .. } in &mut others {
            if record.start() < day && succession.read_on(record.organisation(), day) == organisation {
                let end = record.end_mut();
                *end = day.min(*end);
                found = true;
            }
        }
        if !found {
            findings.push(ClaimFinding { record: *index, code: Code::EndWithoutStay });
        }
    }
    others
}

/// Notice of a change, with its stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The day of the change.
    pub day: Date,
    /// The record, by the index of the caller.
    pub record: u32,
    /// Claims of the stay, and the decision of people that made it, if one did.
    of_stay: ((u32, u32), Option<u32>),
}

impl Change {
    /// Whether the change concerns a stay. Pieces of a stay that was cut at a succession share their changes.
    #[must_use]
    pub fn concerns(&self, stay: &Stay) -> bool {
        self.of_stay == (stay.rests, stay.decided_by)
    }
}

/// Changes among the attachment records of one person and profile, by day, source date and record. A change without a stay becomes a finding.
pub fn changes<'r>(
    records: impl Iterator<Item = DatedRecord<&'r AttachmentRecord>>,
    stays: &Stays,
    succession: &Succession,
    findings: &mut Vec<ClaimFinding>,
) -> Vec<Change> {
    let mut found = Vec::new();
    let is_change = |dated: &DatedRecord<&AttachmentRecord>| dated.record.identity.flags.action() == Action::Change;
    for DatedRecord { index, record, source_date } in records.filter(is_change) {
        let day = record.attached_from;
        let clinic = succession.read_on(record.clinic, day);
        match stays.on(day).filter(|stay| stay.organisation == clinic) {
            Some(stay) => found.push((source_date, Change { day, record: index, of_stay: (stay.rests, stay.decided_by) })),
            None => findings.push(ClaimFinding { record: index, code: Code::ChangeWithoutAttachment }),
        }
    }
    found.sort_by_key(|(source_date, change)| (change.day, *source_date, change.record));
    found.into_iter().map(|(_, change)| change).collect()
}

#[cfg(test)]
mod tests {
    use bytemuck::Zeroable;

    use super::*;
    use sverka_model::{InsurerId, RecordFlags};
    use sverka_reference::SuccessionLink;

    /// Insurer A, which B takes over on 2022-01-01.
    const A: InsurerId = InsurerId::new(0);
    const B: InsurerId = InsurerId::new(1);
    const C: InsurerId = InsurerId::new(2);

    fn date(text: &str) -> Date {
        if text.is_empty() { Date::NEVER } else { text.parse().expect("a date") }
    }

    fn record(action: Action, insurer: InsurerId, from: &str, to: &str) -> RegisterRecord {
        let mut record = RegisterRecord {
            insurer,
            insured_from: date(from),
            stopped_on: date(to),
            death_date: Date::NEVER,
            ..RegisterRecord::zeroed()
        };
        record.identity.flags = RecordFlags::new(true, action);
        record
    }

    /// Ends of the records of a person (`-` for never), and then the notices that end nothing.
    fn ended(records: &[RegisterRecord]) -> String {
        let links = vec![
            SuccessionLink { ends: date("2022-01-01"), successor: Some(B.into()) },
            SuccessionLink::ENDLESS,
            SuccessionLink::ENDLESS,
        ];
        let mut findings = Vec::new();
        let records = (0..).zip(records).map(|(index, record)| DatedRecord { index, record, source_date: Date::EARLIEST });
        let ended = end_records(records, Date::EARLIEST, &Succession::new(links), &mut findings);
        let ends = ended.iter().map(|dated| dated.record.stopped_on.known().map_or("-".to_owned(), |end| end.to_string()));
        let found = findings.iter().map(|finding| format!("{} {}", finding.record, finding.code.name()));
        ends.chain(found).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn an_end_shortens_what_began_before_and_ends_later() {
        let end = record(Action::End, A, "", "2021-01-01");
        for (from, to, expected) in [
            ("2020-01-01", "", "2021-01-01"),
            ("2020-12-31", "2021-01-02", "2021-01-01"),
            ("2020-01-01", "2020-06-01", "2020-06-01"),
            ("2021-01-01", "", "-, 0 END_WITHOUT_STAY"),
        ] {
            assert_eq!(ended(&[end, record(Action::New, A, from, to)]), expected, "{from}..{to}");
        }
    }

    #[test]
    fn the_earliest_of_several_ends_counts_in_any_order() {
        let [early, late] = ["2020-06-01", "2021-01-01"].map(|day| record(Action::End, A, "", day));
        let insured = record(Action::New, A, "2020-01-01", "");
        assert_eq!(ended(&[early, insured, late]), "2020-06-01");
        assert_eq!(ended(&[late, early, insured]), "2020-06-01");
    }

    #[test]
    fn organisations_are_read_on_the_day_of_the_end() {
        let insured = record(Action::New, A, "2020-01-01", "");
        assert_eq!(ended(&[insured, record(Action::End, B, "", "2022-01-01")]), "2022-01-01");
        assert_eq!(ended(&[insured, record(Action::End, B, "", "2021-12-31")]), "-, 1 END_WITHOUT_STAY");
        assert_eq!(ended(&[insured, record(Action::End, C, "", "2022-01-01")]), "-, 1 END_WITHOUT_STAY");
    }

    #[test]
    fn notices_alone_end_nothing() {
        let end = record(Action::End, A, "2019-01-01", "2021-01-01");
        assert_eq!(ended(&[end, end]), "0 END_WITHOUT_STAY, 1 END_WITHOUT_STAY");
    }
}
