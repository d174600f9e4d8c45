//! Checks of the register row on the as-of date: insured while in service, expired certificate, clinic without a contract with the insurer.

use super::record_view::RecordView;
use super::register_row::{RegisterRow, register};
use sverka_kernel::identity::RecordIndex;
use sverka_kernel::timeline::{Claim, ClaimFinding};
use sverka_model::{AttributeKind, Code, PolicyKind};

/// Adds the findings of a register row; `insurance` are the claims of the person to insurers.
#[inline]
pub(super) fn check_register_row(
    view: RecordView<'_>,
    of_person: &[RecordIndex],
    row: &RegisterRow,
    insurance: &[Claim],
    findings: &mut Vec<ClaimFinding>,
) {
    let (Some(stay), Some(record)) = (row.insurance, row.record) else { return };
    if view.records.partition.has_attributes() && in_service(view, of_person) {
        findings.push(ClaimFinding { record, code: Code::InsuredInService });
    }
    if view.records.at(record).policy_kind == PolicyKind::TEMPORARY_CERTIFICATE && certificate_expired(view, record, insurance) {
        findings.push(ClaimFinding { record, code: Code::CertificateExpired });
    }
    if let (Some(contracts), Some(attached)) = (&view.job.contracts, &row.clinic)
        && !contracts.has_contract(stay.organisation.insurer(), attached.stay.organisation.clinic())
    {
        findings.push(ClaimFinding { record: attached.record.unwrap_or(record), code: Code::NoContract });
    }
}

/// Whether any record of the person reports service on the as-of date.
fn in_service(view: RecordView<'_>, of_person: &[RecordIndex]) -> bool {
    of_person
        .iter()
        .any(|&record| view.records.attributes(record).iter().any(|attribute| attribute.kind() == AttributeKind::InService))
}

/// Whether the term of a certificate ended before the as-of date, and no record with a policy is in force on that date.
#[cold]
fn certificate_expired(view: RecordView<'_>, certificate: RecordIndex, insurance: &[Claim]) -> bool {
    let day = view.job.as_of;
    let Some(issued_on) = register(view.records, certificate).map(|record| record.insured_from) else { return false };
    let last = view.job.calendar.last_of_term(issued_on, view.job.rules.certificate_days(issued_on));
    let with_policy =
        |claim: &Claim| claim.covers(day) && view.records.at(claim.record).policy_kind != PolicyKind::TEMPORARY_CERTIFICATE;
    last < day && !insurance.iter().any(with_policy)
}
