//! List `unattached`: insured persons without a clinic.

use super::super::ReviewError;
use super::super::relation::{Columns, Relation, SortKey};
use super::super::source::ReviewSource;

pub(super) fn unattached(source: &ReviewSource) -> Result<Relation, ReviewError> {
    let worth = source.worth_where(&["clinic"], |row| row.text("clinic").is_none(), &["settlement", "address"])?;
    let columns = [
        "person_id",
        "insurer",
        "insurer_name",
        "enp",
        "surname",
        "given_name",
        "patronymic",
        "birth_date",
        "settlement",
        "address",
        "heads",
        "roubles",
    ];
    let rows = Columns::default().with_all(&worth, &columns).into_relation();
    Ok(rows.sorted(&[SortKey::Descending("roubles"), SortKey::Ascending("insurer"), SortKey::Ascending("person_id")]))
}
