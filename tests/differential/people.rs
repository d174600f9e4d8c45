//! Which records are one person: the engine's persons beside those of the reference.
//!
//! The published tables do not name all records of a person, so the stages up to the persons are run once more through the library.

use std::collections::BTreeMap;

use sverka::check::{
    AttachmentRecord, CheckContext, CheckedRow, ReadPlan, ReadSource, RegisterRecord, mark_duplicates, read_table,
};
use sverka::identity::{Records, resolve};
use sverka::intake::{Header, Lexicon, SourceFile, survey};
use sverka::job::Job;

use crate::reference::{Expected, Position, Table};

/// The engine's number of each person of the reference, when both have made the same persons.
pub fn ids(job: &Job, expected: &Expected) -> Result<Vec<i64>, String> {
    let mut by_records: BTreeMap<Vec<Position>, i64> = persons(job).into_iter().map(|(id, records)| (records, id)).collect();
    let mut ids = Vec::new();
    for person in &expected.people {
        match by_records.remove(&person.records) {
            Some(id) => ids.push(id),
            None => return Err(format!("identity: the engine has no person with exactly the records {:?}", person.records)),
        }
    }
    match by_records.first_key_value() {
        None => Ok(ids),
        Some((records, _)) => Err(format!("identity: only the engine has a person with the records {records:?}")),
    }
}

fn persons(job: &Job) -> Vec<(i64, Vec<Position>)> {
    let nothing = |_: u64| {};
    let files: Vec<SourceFile> =
        job.sources.iter().map(|source| survey(&source.path, &nothing).expect("a readable source")).collect();
    let context = CheckContext { as_of: job.as_of, insurers: &job.insurers, clinics: &job.clinics, rules: &job.rules };
    let lexicon = Lexicon::default();
    let register = table::<RegisterRecord>(job, &files, sverka::intake::Table::Register, &context, &lexicon);
    let attachments = table::<AttachmentRecord>(job, &files, sverka::intake::Table::Attachments, &context, &lexicon);
    let words = lexicon.freeze();
    let persons = resolve(Records { register: &register, attachments: &attachments, words: &words }, &nothing);
    let first_attachment = register.records.len() as u32;
    let position = |record: u32| {
        let (table, (source, line)) = match record.checked_sub(first_attachment) {
            None => (Table::Register, register.position(record)),
            Some(row) => (Table::Attachments, attachments.position(row)),
        };
        Position { table, source: job.sources[source].name.clone(), line: line as usize }
    };
    let of_block = persons.blocks.iter().flat_map(|block| block.iter());
    of_block.map(|(id, records)| (id, records.iter().map(|&record| position(record)).collect())).collect()
}

fn table<R: CheckedRow>(
    job: &Job,
    files: &[SourceFile],
    table: sverka::intake::Table,
    context: &CheckContext<'_>,
    lexicon: &Lexicon,
) -> sverka::check::Table<R> {
    let of_table = job.sources.iter().zip(files).enumerate().filter(|(_, (source, _))| source.table == table);
    let sources = of_table.map(|(index, (source, file))| {
        let header = Header::read(file.bytes(), &source.layout).expect("a header");
        ReadSource { source: index, file, layout: &source.layout, header }
    });
    let plan = ReadPlan { sources: sources.collect(), chunk_bytes: 1 << 20 };
    let mut table = read_table::<R>(&plan, context, lexicon, &|_| {}, &|| true);
    mark_duplicates(&mut table);
    table
}
