//! Notices of detachment, `O2…`: for each clinic the persons whom another clinic took over by a request of this run.
//!
//! The person's fields are those of the request that took the person over. Notices wait on the disk, by clinic.

use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::bins::Bins;
use super::fact::{Fact, TAKEN_OVER};
use super::page::{Cells, compact};
use super::row::{AnswerFile, Answered};
use crate::model::Date;
use crate::model::Field;

/// The profile that the family takes for granted.
const THERAPEUTIC: u8 = 1;
/// Bytes of the person, the profile and the day that a notice is sorted by.
const KEY_BYTES: usize = 13;

/// Notices by the number of the clinic that lost the person.
pub(super) struct Notices(Mutex<Bins>);

impl Notices {
    pub(super) fn new(folder: &Path, clinics: usize) -> io::Result<Self> {
        Ok(Self(Mutex::new(Bins::new(folder, clinics)?)))
    }

    /// Notes whom a row took over from whom.
    pub(super) fn row(&self, row: &Answered<'_, '_>) -> io::Result<()> {
        for fact in row.fate.facts().iter().filter(|fact| fact.kind == TAKEN_OVER) {
            let line = line(fact, row);
            let mut notice = Vec::with_capacity(KEY_BYTES + 4 + line.len());
            notice.extend_from_slice(&fact.person.to_be_bytes());
            notice.push(fact.profile);
            // Days before 1970 come first, too.
            notice.extend_from_slice(&(fact.from as u32 ^ 1 << 31).to_be_bytes());
            notice.extend_from_slice(&(line.len() as u32).to_be_bytes());
            notice.extend_from_slice(&line);
            self.0.lock().unwrap_or_else(PoisonError::into_inner).put(fact.organisation as usize, &notice)?;
        }
        Ok(())
    }

    /// The notices to a clinic and how many they are; `None` when nobody was taken over.
    pub(super) fn to_clinic(&self, number: usize, clinic: &str, as_of: Date) -> io::Result<Option<(AnswerFile, u64)>> {
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
        // Several records of one stay were superseded by one record.
        notices.dedup_by_key(|(key, _)| *key);
        let content = notices.iter().flat_map(|(_, line)| *line).copied().collect();
        let name = format!("O2{clinic}{}", compact(as_of));
        Ok((!notices.is_empty()).then_some((AnswerFile { name, ending: "csv", content }, notices.len() as u64)))
    }
}

fn line(fact: &Fact, row: &Answered<'_, '_>) -> Vec<u8> {
    let field = |field| row.field(field);
    let day = compact(Date::from_days(fact.from));
    let enp = row.enp();
    let birth_date = row.date(Field::BirthDate).map_or_else(String::new, compact);
    let policy_kind = match field(Field::PolicyKind) {
        "1" => "С",
        "2" => "В",
        "3" => "П",
        other => other,
    };
    let profile = if fact.profile == THERAPEUTIC { String::new() } else { fact.profile.to_string() };
    let mut cells = Cells::default();
    cells.row(&[
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
        // Birth place, and below day and issuer of the document: no canonical field of an attachment.
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
    use super::super::sample::{page_text, rows};
    use super::*;

    #[test]
    fn a_notice_has_the_request_that_took_the_person_over_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let notices = Notices::new(folder.path(), 2).expect("bins");
        for _ in 0..2 {
            rows(|row| notices.row(row).expect("room"));
        }
        let as_of = "2026-11-01".parse().expect("a date");
        let (file, persons) = notices.to_clinic(0, "340001", as_of).expect("bytes").expect("a notice");
        let expected = "\"7\";\"3456510844000019\";\"340001\";\"20260201\";\"П\";;\"3456510844000019\";\"ПЕТРОВА-?\";\"АННА\";;\
                        \"19840305\";;\"14\";\"00 00 № 000001\";;;\"11223344595\";\"340002\";\"2\";;\"20260201\"\r\n";
        assert_eq!((file.name.as_str(), persons, page_text(&file.content).as_str()), ("O234000120261101", 1, expected));
        assert!(notices.to_clinic(1, "340002", as_of).expect("bytes").is_none(), "who took over is not told");
    }
}
