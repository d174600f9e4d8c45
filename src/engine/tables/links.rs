//! Rows of `links`: links between records, notices and reported deaths, which no other table shows.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Int64Array, RecordBatch, StringArray};

use super::columns::DictionaryColumn;
use super::rows::SharedTexts;
use crate::engine::record_view::RecordView;
use crate::job::Job;
use sverka_kernel::identity::{AnyRecord, LinkPaths, LinkRules, PathLink, RecordIndex};
use sverka_kernel::shuffle::RowText;
use sverka_kernel::timeline::Endable as _;
use sverka_model::{Action, Code, Date, InternedTexts, OrganisationId, PersonId, SourceLine, Table, TextKind};
use sverka_publish::{OutputTable, PublishError};

/// Rows of `links`.
pub(in crate::engine) struct LinkRows<'w> {
    paths: LinkPaths<'w>,
    rows: Vec<LinkRow>,
}

struct LinkRow {
    person_id: PersonId,
    record: RecordPlace,
    record_id: Option<Box<str>>,
    link: Option<RecordLink>,
    notice: Option<Notice>,
    /// Day of death by the record, or never.
    death: Date,
}

/// Link of a record to another record of its person.
#[derive(Clone, Copy)]
struct RecordLink {
    rule: Code,
    to: RecordPlace,
}

/// Table, source and line of a record.
#[derive(Clone, Copy)]
struct RecordPlace {
    table: Table,
    source: usize,
    line: u64,
}

/// Content of a notice.
struct Notice {
    action: Action,
    table: Table,
    organisation: OrganisationId,
    day: Date,
}

impl<'w> LinkRows<'w> {
    /// A table without rows, for records with these interned texts and links by `rules`.
    pub fn new(interned: &'w InternedTexts, rules: LinkRules) -> Self {
        Self { paths: LinkPaths::new(interned, rules), rows: Vec::new() }
    }

    /// Adds the links, notices and reported deaths of a person; the records are in their order. Most persons have none.
    #[inline]
    pub fn collect(&mut self, view: RecordView<'_>, id: PersonId, of_person: &[RecordIndex]) {
        let has_more_than_links = |&record: &RecordIndex| {
            let record = view.records.get(record);
            death(record) != Date::NEVER || is_notice(record)
        };
        if of_person.iter().any(has_more_than_links) || !self.paths.are_plain(view.records, of_person) {
            self.collect_all(view, id, of_person);
        }
    }

    #[cold]
    #[inline(never)]
    fn collect_all(&mut self, view: RecordView<'_>, id: PersonId, of_person: &[RecordIndex]) {
        let Self { paths, rows } = self;
        let from = rows.len();
        for (link, &record) in paths.find(view.records, of_person).iter().zip(of_person) {
            let any_record = view.records.get(record);
            let (notice, death) = (notice(any_record), death(any_record));
            let to_first = link.is_none_or(|link| link == PathLink { from: of_person[0], rule: Code::L1 });
            if to_first && notice.is_none() && death == Date::NEVER {
                continue;
            }
            rows.push(LinkRow {
                person_id: id,
                record: record_place(view, record),
                record_id: some(&view.records.text(record, TextKind::RecordId)),
                link: link.map(|PathLink { from, rule }| RecordLink { rule, to: record_place(view, from) }),
                notice,
                death,
            });
        }
        let source = |source: usize| view.job.sources[source].name.as_str();
        rows[from..].sort_by_key(|LinkRow { record, .. }| (record.table.name(), source(record.source), record.line));
    }

    /// Arrow batch of the rows.
    pub fn finish(self, job: &Job, texts: &SharedTexts) -> Result<RecordBatch, PublishError> {
        let rows = &self.rows;
        let text =
            |value: &dyn Fn(&LinkRow) -> Option<&str>| -> ArrayRef { Arc::new(rows.iter().map(value).collect::<StringArray>()) };
        let number =
            |value: &dyn Fn(&LinkRow) -> Option<i64>| -> ArrayRef { Arc::new(rows.iter().map(value).collect::<Int64Array>()) };
        let words = |value: &dyn Fn(&LinkRow) -> Option<u32>, shared: &ArrayRef| {
            let mut column = DictionaryColumn::with_capacity(rows.len());
            rows.iter().for_each(|row| column.push_option(value(row)));
            column.finish(shared)
        };
        let codes = rows.iter().map(|row| row.notice.as_ref().map(|notice| notice.code(job)));
        let days = rows.iter().map(|row| row.notice.as_ref().and_then(|notice| notice.day.known()).map(Date::days));
        OutputTable::Links.spec().batch(vec![
            number(&|row| Some(row.person_id.number())),
            text(&|row| Some(row.record.table.name())),
            words(&|row| Some(row.record.source as u32), &texts.sources),
            number(&|row| Some(row.record.line as i64)),
            text(&|row| row.record_id.as_deref()),
            words(&|row| row.link.map(|link| link.rule as u32), &texts.rules),
            text(&|row| row.link.map(|link| link.to.table.name())),
            words(&|row| row.link.map(|link| link.to.source as u32), &texts.sources),
            number(&|row| row.link.map(|link| link.to.line as i64)),
            text(&|row| row.notice.as_ref().map(|notice| if notice.action == Action::End { "end" } else { "change" })),
            Arc::new(codes.collect::<StringArray>()),
            Arc::new(days.collect::<Date32Array>()),
            Arc::new(rows.iter().map(|row| row.death.known().map(Date::days)).collect::<Date32Array>()),
        ])
    }
}

impl Notice {
    fn code<'j>(&self, job: &'j Job) -> &'j str {
        match self.table {
            Table::Register => job.insurers.get(self.organisation.insurer()).code.as_str(),
            Table::Attachments => job.clinics.get(self.organisation.clinic()).code.as_str(),
        }
    }
}

fn record_place(view: RecordView<'_>, record: RecordIndex) -> RecordPlace {
    let SourceLine { source, line } = view.source_line(record);
    RecordPlace { table: table(view.records.get(record)), source, line }
}

fn table(record: AnyRecord<'_>) -> Table {
    match record {
        AnyRecord::Register(_) => Table::Register,
        AnyRecord::Attachment(_) => Table::Attachments,
    }
}

/// Day of death by a record, or never.
fn death(record: AnyRecord<'_>) -> Date {
    match record {
        AnyRecord::Register(record) => record.death_date,
        AnyRecord::Attachment(_) => Date::NEVER,
    }
}

fn is_notice(record: AnyRecord<'_>) -> bool {
    match record {
        AnyRecord::Register(record) => record.identity.flags.is_notice(),
        AnyRecord::Attachment(record) => record.identity.flags.is_notice(),
    }
}

fn notice(record: AnyRecord<'_>) -> Option<Notice> {
    let (table, flags, organisation, end, start) = match record {
        AnyRecord::Register(record) => (
            Table::Register,
            record.identity.flags,
            OrganisationId::from(record.insurer),
            record.ends_others_on(),
            record.insured_from,
        ),
        AnyRecord::Attachment(record) => (
            Table::Attachments,
            record.identity.flags,
            OrganisationId::from(record.clinic),
            record.ends_others_on(),
            record.attached_from,
        ),
    };
    let action = flags.action();
    let day = if action == Action::End { end } else { start };
    flags.is_notice().then_some(Notice { action, table, organisation, day })
}

fn some(text: &RowText<'_>) -> Option<Box<str>> {
    (!text.is_empty()).then(|| (**text).into())
}
