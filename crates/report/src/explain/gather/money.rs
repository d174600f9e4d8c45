//! Money for a person: the clinic and the insurer that pays, the norm, and the age band.

use super::super::error::ExplainError;
use super::super::explanation::{Money, RegisterRow};
use super::{Gathering, text};
use crate::table_reader::Row;
use sverka_publish::OutputTable;

impl Gathering<'_> {
    pub(super) fn money(&mut self, register: Option<&RegisterRow>) -> Result<Money, ExplainError> {
        let Some(person) = register else {
            let is_published = !self.missing.contains(&OutputTable::Persons);
            return Ok(if is_published { Money::NotInRegister } else { Money::Unknown });
        };
        let Some(clinic) = person.clinic.clone() else { return Ok(Money::Unattached) };
        if person.insurer_unresolved {
            return Ok(Money::InsurerUnresolved);
        }
        if person.clinic_unresolved {
            return Ok(Money::ClinicUnresolved);
        }
        let Some(funding) = self.run.table(OutputTable::FundingClinic)? else {
            self.missing.insert(OutputTable::FundingClinic);
            return Ok(Money::Unknown);
        };
        let care = self.first_care();
        let is_clinic = |row: Row<'_>| row.text("clinic") == Some(&clinic) && row.text("care") == Some(&care);
        let rows = funding.find(|_| true, &["clinic", "care"], is_clinic, &["norm", "heads", "amount"])?;
        let paid = rows.iter().next().filter(|row| row.number("heads") != Some(0));
        let Some(paid) = paid else { return Ok(Money::ClinicNotPaid { clinic }) };
        Ok(Money::Paid {
            band: self.band(person)?,
            insurer: person.insurer.clone(),
            norm: paid.decimal("norm").unwrap_or_default(),
            heads: paid.number("heads").unwrap_or_default(),
            amount: paid.decimal("amount").unwrap_or_default(),
            clinic,
        })
    }

    /// Care that an explanation is about: the first one of the tariff.
    fn first_care(&self) -> String {
        self.run.manifest.totals.cares.first().map(|care| care.care.clone()).unwrap_or_default()
    }

    /// Age band that counts the person, as the tariff names it.
    fn band(&mut self, person: &RegisterRow) -> Result<Option<String>, ExplainError> {
        let Some(headcount) = self.run.table(OutputTable::Headcount)? else {
            self.missing.insert(OutputTable::Headcount);
            return Ok(None);
        };
        let care = self.first_care();
        let counts_person = |row: Row<'_>| {
            row.text("insurer") == Some(&person.insurer)
                && row.text("clinic") == person.clinic.as_deref()
                && row.text("band_set") == Some(&care)
                && row.number("sex") == Some(person.sex)
                && row.text("band").is_some_and(|band| holds_age(band, person.age))
        };
        let rows = headcount.find(|_| true, &["insurer", "clinic", "sex", "band", "band_set"], counts_person, &["band"])?;
        Ok(rows.iter().next().and_then(|row| text(row, "band")))
    }
}

/// Whether a band, written `5`, `0-4` or `65+`, holds an age.
fn holds_age(band: &str, age: i64) -> bool {
    let ends: Vec<&str> = band.split('-').collect();
    let number = |text: &str| text.trim_end_matches('+').parse::<i64>().ok();
    let from = ends.first().and_then(|from| number(from));
    let is_open = band.ends_with('+');
    let to = ends.get(1).and_then(|to| number(to)).or(if is_open { Some(i64::MAX) } else { from });
    from.zip(to).is_some_and(|(from, to)| (from..=to).contains(&age))
}
