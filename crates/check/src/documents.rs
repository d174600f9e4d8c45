//! Checks of the identity document of a row: its kind, its number, and whether it can be the holder's.

use super::further_fields::FurtherFields;
use super::row_check::RowCheck;
use sverka_model::{Category, Code, Date, DocumentKind, Field};
use sverka_reference::MaskFit;

/// The age from which a passport takes the place of the birth certificate.
const PASSPORT_AGE: i32 = 14;
/// Ages at which the passport is renewed.
pub const RENEWAL_AGES: [i32; 2] = [20, 45];
/// Days of life that surely include the 14th birthday: fourteen years have at most four leap days, and a birthday of 29 February may be on 1 March.
const DAYS_TO_PASSPORT: i64 = PASSPORT_AGE as i64 * 365 + 5;

/// Holder of the document of a row.
pub(super) struct Holder {
    /// Category of the holder.
    pub category: Category,
    /// Whether the document is a passport that cannot be the holder's.
    pub passport_is_of_another: bool,
    /// Birth date.
    pub birth: Option<Date>,
    /// Day of the application, if given.
    pub applied: Option<Date>,
    /// Day of the application, or the first day of the insurance if no application is given.
    pub age_on: Option<Date>,
    /// End of the insurance that the row gives.
    pub end: Date,
}

/// Checks kind and number without regard to the holder, and returns the kind; none when absent or unknown.
#[inline]
pub(super) fn kind_and_number(row: &mut RowCheck<'_, '_, '_>) -> DocumentKind {
    let code = row.text(Field::DocKind);
    if code.is_empty() {
        return DocumentKind::NONE;
    }
    let number = row.text(Field::DocNumber);
    let Some(known) = row.lookups().documents.find(code) else {
        row.report(Code::DocKindUnknown, Field::DocKind);
        return DocumentKind::NONE;
    };
    let (kind, fit) = (known.kind, if number.is_empty() { MaskFit::Fits } else { known.fit(number) });
    match fit {
        MaskFit::Fits => {}
        MaskFit::CyrillicFigures => {
            row.report(Code::DocSeriesAlphabet, Field::DocNumber);
        }
        MaskFit::Unfit => {
            row.report(Code::DocNumberFormat, Field::DocNumber);
        }
    }
    kind
}

/// Reports a kind of document that does not fit the holder's category or age, and dates of the document that cannot be, have run out or show a missed
/// renewal. Dates are checked without a known kind, too.
#[inline]
pub(super) fn check_for_holder(row: &mut RowCheck<'_, '_, '_>, kind: DocumentKind, holder: &Holder, further: &FurtherFields) {
    if further.issued.is_some() || further.expires.is_some() {
        dates(row, kind, holder, further);
    }
    if kind == DocumentKind::NONE {
        return;
    }
    let documents = &row.context().rules.rows.documents;
    if documents.unfit.get(usize::from(holder.category.number())).is_some_and(|&kinds| kind.is_in(kinds)) {
        row.report(Code::DocCategory, Field::DocKind);
    }
    let fits_age = match kind {
        DocumentKind::PASSPORT => !holder.passport_is_of_another,
        kind if kind.is_birth_certificate() => {
            certificate_fits_age(holder.birth, holder.age_on, documents.birth_certificate_grace_days)
        }
        _ => true,
    };
    if !fits_age {
        row.report(Code::DocAge, Field::DocKind);
    }
}

/// Whether the document of a row must be another person's, usually the mother's: a passport whose holder was too young for one on the day of issue,
/// or on the as-of date when the day of issue is unknown. An outgrown birth certificate still belongs to its holder.
#[inline]
pub(super) fn is_of_another(row: &RowCheck<'_, '_, '_>, kind: DocumentKind, birth: Option<Date>, issued: Option<Date>) -> bool {
    kind == DocumentKind::PASSPORT
        && !passport_fits_age(
            birth.filter(|&birth| row.is_plausible_birth(birth)),
            issued.unwrap_or(Date::NEVER).min(row.context().as_of),
        )
}

/// Whether a person was old enough for a passport on a day. The day of the application does not count: a register shows
/// today's document beside an application of long ago.
#[inline]
fn passport_fits_age(birth: Option<Date>, on: Date) -> bool {
    let Some(birth) = birth else { return true };
    // The number of days decides for most people, without the calendar.
    i64::from(on.days()) - i64::from(birth.days()) > DAYS_TO_PASSPORT || on >= birth.birthday(PASSPORT_AGE)
}

/// Whether a person could still apply with a birth certificate on a day.
#[inline]
fn certificate_fits_age(birth: Option<Date>, on: Option<Date>, grace_days: u32) -> bool {
    let (Some(birth), Some(on)) = (birth, on) else { return true };
    i64::from(on.days()) - i64::from(birth.days()) < i64::from(PASSPORT_AGE) * 365
        || on <= with_grace(birth.birthday(PASSPORT_AGE), grace_days)
}

/// The last day of a period of grace after a day.
fn with_grace(day: Date, days: u32) -> Date {
    Date::from_days(day.days().saturating_add_unsigned(days))
}

/// Checks day of issue and last day of a document.
fn dates(row: &mut RowCheck<'_, '_, '_>, kind: DocumentKind, holder: &Holder, further: &FurtherFields) {
    let as_of = row.context().as_of;
    let documents = &row.context().rules.rows.documents;
    if let Some(issued) = further.issued {
        let before_birth = holder.birth.is_some_and(|birth| issued < birth);
        let after_application = holder.applied.is_some_and(|applied| applied < issued);
        if before_birth || after_application || as_of < issued {
            row.report(Code::DocDates, Field::DocIssuedOn);
        }
        if let (DocumentKind::PASSPORT, Some(birth), Some(on)) = (kind, holder.birth, holder.age_on) {
            let not_renewed = |age: i32| {
                let birthday = birth.birthday(age);
                issued < birthday && with_grace(birthday, documents.passport_renewal_grace_days) < on
            };
            if RENEWAL_AGES.into_iter().any(not_renewed) {
                row.report(Code::PassportNotRenewed, Field::DocIssuedOn);
            }
        }
    }
    if let Some(expires) = further.expires {
        if further.issued.is_some_and(|issued| expires < issued) {
            row.report(Code::DocDates, Field::DocExpiresOn);
        }
        // An ended insurance needs no valid document.
        if kind.is_in(documents.expiring) && kind != DocumentKind::NONE && expires < as_of && as_of < holder.end {
            row.report(Code::DocExpired, Field::DocExpiresOn);
        }
    }
}
