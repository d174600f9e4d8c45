//! Notices of detachment, `O2…`: the persons whom another clinic took over by a request of this run, for each clinic
//! that lost them.
//!
//! The fields of a person come from the request that took the person over. Notices wait on the disk, in a bucket for each clinic:
//!
//! ```text
//! | person | profile | day | length | CSV line | person | …
//! | 8      | 1       | 4   | 4      | length   |            bytes
//! ```
//!
//! Numbers are big-endian, so the order of bytes is the order of person, profile and day.

use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::answered_row::AnsweredRow;
use super::buckets::Buckets;
use super::fact::{Fact, FactKind};
use super::family_writer::AnswerFile;
use super::windows_1251::{CsvRows, yyyymmdd};
use sverka_model::{Date, Field, Profile};

/// Bytes of the sort key: person, profile and day.
const KEY_BYTES: usize = 13;

/// Notices in buckets by the number of the clinic that lost the person.
pub(super) struct Notices(Mutex<Buckets>);

/// Notice to one clinic.
pub(super) struct ClinicNotice {
    pub file: AnswerFile,
    pub persons: u64,
}

impl Notices {
    pub(super) fn new(folder: &Path, clinics: usize) -> io::Result<Self> {
        Ok(Self(Mutex::new(Buckets::new(folder, clinics)?)))
    }

    /// Adds notices about the persons that a row took over from other clinics.
    pub(super) fn add_row(&self, row: &AnsweredRow<'_, '_>) -> io::Result<()> {
        for fact in row.outcome.facts().iter().filter(|fact| fact.kind == FactKind::TAKEN_OVER) {
            let line = notice_line(fact, row);
            let mut notice = Vec::with_capacity(KEY_BYTES + 4 + line.len());
            notice.extend_from_slice(&fact.person.number().to_be_bytes());
            notice.push(fact.profile.code());
            // The flipped sign bit puts days before 1970 first.
            notice.extend_from_slice(&(fact.from as u32 ^ 1 << 31).to_be_bytes());
            notice.extend_from_slice(&(line.len() as u32).to_be_bytes());
            notice.extend_from_slice(&line);
            self.0.lock().unwrap_or_else(PoisonError::into_inner).put(fact.organisation.index(), &notice)?;
        }
        Ok(())
    }

    /// Notice to the clinic of a number and code; `None` when it lost nobody.
    pub(super) fn to_clinic(&self, number: usize, clinic: &str, as_of: Date) -> io::Result<Option<ClinicNotice>> {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner).read(number)?;
        let mut notices = Vec::new();
        let mut rest = bytes.as_slice();
        while let Some((key, after)) = rest.split_at_checked(KEY_BYTES) {
            let (length, after) = after.split_first_chunk().expect("invariant: a notice has its length");
            let (line, after) = after.split_at(u32::from_be_bytes(*length) as usize);
            notices.push((key, line));
            rest = after;
        }
        notices.sort_unstable();
        // One record may supersede several records of a stay, and gives one notice.
        notices.dedup_by_key(|(key, _)| *key);
        let content = notices.iter().flat_map(|(_, line)| *line).copied().collect();
        let name = format!("O2{clinic}{}", yyyymmdd(as_of));
        let persons = notices.len() as u64;
        Ok((persons > 0).then_some(ClinicNotice { file: AnswerFile { name, ending: "csv", content }, persons }))
    }
}

/// CSV line of a notice.
fn notice_line(fact: &Fact, row: &AnsweredRow<'_, '_>) -> Vec<u8> {
    let field = |field| row.field(field);
    let day = yyyymmdd(Date::from_days(fact.from));
    let enp = row.enp();
    let birth_date = row.date(Field::BirthDate).map_or_else(String::new, yyyymmdd);
    let policy_kind = match field(Field::PolicyKind) {
        "1" => "С",
        "2" => "В",
        "3" => "П",
        other => other,
    };
    // The family leaves the therapeutic profile empty.
    let profile = if fact.profile == Profile::THERAPEUTIC { String::new() } else { fact.profile.code().to_string() };
    let mut cells = CsvRows::default();
    cells.add_row(&[
        &row.person(),
        &enp,
        row.organisation(fact.organisation),
        &day,
        policy_kind,
        field(Field::PolicyNumber),
        &enp,
        field(Field::Surname),
        field(Field::GivenName),
        field(Field::Patronymic),
        &birth_date,
        // Birth place. Like the day and the issuer of the document below, it is no canonical field of an attachment.
        "",
        field(Field::DocKind),
        field(Field::DocNumber),
        "",
        "",
        field(Field::Snils),
        row.organisation(fact.winner),
        field(Field::Method),
        &profile,
        &day,
    ]);
    cells.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::super::sample::{decoded, rows};
    use super::*;

    #[test]
    fn a_notice_has_the_request_that_took_the_person_over_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let notices = Notices::new(folder.path(), 2).expect("buckets");
        for _ in 0..2 {
            rows(|row| notices.add_row(row).expect("room"));
        }
        let as_of = "2026-11-01".parse().expect("a date");
        let ClinicNotice { file, persons } = notices.to_clinic(0, "340001", as_of).expect("bytes").expect("a notice");
        let expected = "\"7\";\"3456510844000019\";\"340001\";\"20260201\";\"П\";;\"3456510844000019\";\"ПЕТРОВА-?\";\"АННА\";;\
                        \"19840305\";;\"14\";\"00 00 № 000001\";;;\"11223344595\";\"340002\";\"2\";;\"20260201\"\r\n";
        assert_eq!((file.name.as_str(), persons, decoded(&file.content).as_str()), ("O234000120261101", 1, expected));
        assert!(notices.to_clinic(1, "340002", as_of).expect("bytes").is_none(), "the clinic that took over gets no notice");
    }
}
