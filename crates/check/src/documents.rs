//! The identity document of a row: its kind and number by themselves, and whether it is the holder's.

use super::context::RowCheck;
use super::further_fields::FurtherFields;
use sverka_model::{Code, Date, Field};
use sverka_reference::MaskFit;

/// Birth certificates, of Russia and of others.
const BIRTH_CERTIFICATES: [u8; 2] = [3, 24];
/// The passport of the Russian Federation.
pub const PASSPORT: u8 = 14;

/// The age from which a passport takes the place of the birth certificate.
const PASSPORT_AGE: i32 = 14;
/// The ages at which the passport is renewed.
pub const RENEWAL_AGES: [i32; 2] = [20, 45];
/// Whoever has lived longer has had that birthday: of fourteen years at most four are leap years, and 29 February is had on 1 March.
const DAYS_TO_PASSPORT: i64 = PASSPORT_AGE as i64 * 365 + 5;

/// Who has the document, as the row says it.
pub(super) struct Holder {
    pub category: u8,
    /// Whether the document is a passport that cannot be the holder's.
    pub has_document_of_another: bool,
    pub birth: Option<Date>,
    /// The day of the application, if given.
    pub applied: Option<Date>,
    /// The day of the application, else the first day of the insurance.
    pub on: Option<Date>,
    /// The end of the insurance that the row gives.
    pub end: Date,
}

/// Checks kind and number by themselves. Returns the number of the kind, 0 when there is none or it is unknown.
#[inline]
pub(super) fn kind_and_number(row: &mut RowCheck<'_, '_, '_>) -> u8 {
    let code = row.text(Field::DocKind);
    if code.is_empty() {
        return 0;
    }
    let number = row.text(Field::DocNumber);
    let Some(kind) = row.lookups().documents.find(code) else {
        row.found(Code::DocKindUnknown, Field::DocKind);
        return 0;
    };
    let (of_kind, fit) = (kind.number, if number.is_empty() { MaskFit::Fits } else { kind.fit(number) });
    match fit {
        MaskFit::Fits => {}
        MaskFit::CyrillicFigures => {
            row.found(Code::DocSeriesAlphabet, Field::DocNumber);
        }
        MaskFit::Unfit => {
            row.found(Code::DocNumberFormat, Field::DocNumber);
        }
    }
    of_kind
}

/// Checks whether a document of a kind (0: none that is known) is the holder's.
#[inline]
pub(super) fn belongs(row: &mut RowCheck<'_, '_, '_>, kind: u8, holder: &Holder, further: &FurtherFields) {
    if further.issued.is_some() || further.expires.is_some() {
        dates(row, kind, holder, further);
    }
    if kind == 0 {
        return;
    }
    let documents = &row.context().rules.rows.documents;
    if documents.unfit.get(usize::from(holder.category)).is_some_and(|kinds| kinds >> kind & 1 == 1) {
        row.found(Code::DocCategory, Field::DocKind);
    }
    let fits_age = match kind {
        PASSPORT => !holder.has_document_of_another,
        kind if BIRTH_CERTIFICATES.contains(&kind) => {
            certificate_fits_age(holder.birth, holder.on, documents.birth_certificate_grace_days)
        }
        _ => true,
    };
    if !fits_age {
        row.found(Code::DocAge, Field::DocKind);
    }
}

/// Whether a document of a kind cannot be the person's own: a passport of someone who was not yet of its age when it was issued, if the day of issue is known, or
/// is not on the as-of date. So it is the mother's. A birth certificate that somebody has outgrown is still that person's.
#[inline]
pub(super) fn is_of_another(row: &RowCheck<'_, '_, '_>, kind: u8, birth: Option<Date>, issued: Option<Date>) -> bool {
    kind == PASSPORT
        && !passport_fits_age(birth.filter(|&birth| row.living(birth)), issued.unwrap_or(Date::NEVER).min(row.context().as_of))
}

/// Whether someone had a passport by right on a day: that of its issue if it is known, else the as-of date. A register shows the document of today beside the
/// application of long ago, so that the application says nothing here.
#[inline]
fn passport_fits_age(birth: Option<Date>, on: Date) -> bool {
    let Some(birth) = birth else { return true };
    // Most people need no calendar.
    i64::from(on.days()) - i64::from(birth.days()) > DAYS_TO_PASSPORT || on >= birth.birthday(PASSPORT_AGE)
}

/// Whether someone could still apply with a birth certificate.
#[inline]
fn certificate_fits_age(birth: Option<Date>, on: Option<Date>, grace_days: u32) -> bool {
    let (Some(birth), Some(on)) = (birth, on) else { return true };
    i64::from(on.days()) - i64::from(birth.days()) < i64::from(PASSPORT_AGE) * 365
        || on <= with_grace(birth.birthday(PASSPORT_AGE), grace_days)
}

/// The last day of so many days after a day.
fn with_grace(day: Date, days: u32) -> Date {
    Date::from_days(day.days().saturating_add_unsigned(days))
}

/// Checks day of issue and last day of a document.
fn dates(row: &mut RowCheck<'_, '_, '_>, kind: u8, holder: &Holder, further: &FurtherFields) {
    let as_of = row.context().as_of;
    let documents = &row.context().rules.rows.documents;
    if let Some(issued) = further.issued {
        let before_birth = holder.birth.is_some_and(|birth| issued < birth);
        let after_application = holder.applied.is_some_and(|applied| applied < issued);
        if before_birth || after_application || as_of < issued {
            row.found(Code::DocDates, Field::DocIssuedOn);
        }
        if let (PASSPORT, Some(birth), Some(on)) = (kind, holder.birth, holder.on) {
            let not_renewed = |age: i32| {
                let birthday = birth.birthday(age);
                issued < birthday && with_grace(birthday, documents.passport_renewal_grace_days) < on
            };
            if RENEWAL_AGES.into_iter().any(not_renewed) {
                row.found(Code::PassportNotRenewed, Field::DocIssuedOn);
            }
        }
    }
    if let Some(expires) = further.expires {
        if further.issued.is_some_and(|issued| expires < issued) {
            row.found(Code::DocDates, Field::DocExpiresOn);
        }
        // Of an insurance that has ended, nobody asks for a valid document.
        if documents.expiring >> kind & 1 == 1 && kind != 0 && expires < as_of && as_of < holder.end {
            row.found(Code::DocExpired, Field::DocExpiresOn);
        }
    }
}
