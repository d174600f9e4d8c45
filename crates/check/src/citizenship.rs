//! Check of the citizenship of a register row against its category.

use super::citizenships::Citizenship;
use super::row_check::RowCheck;
use sverka_model::{Category, CategoryStatus, Code, Field};

/// Reports a citizenship that contradicts the category. `hash` is the hash of the citizenship as received; 0 means empty, which contradicts nothing.
#[inline]
pub(super) fn check(row: &mut RowCheck<'_, '_, '_>, category: Category, hash: u64) {
    if hash == 0 {
        return;
    }
    let text = row.text(Field::Citizenship);
    let citizenship = row.lookups().citizenships.find(text, hash);
    let fits = match category.status() {
        Some(CategoryStatus::Citizen) => citizenship == Citizenship::Russia,
        Some(CategoryStatus::Stateless) => citizenship == Citizenship::None,
        Some(CategoryStatus::Foreign) => citizenship != Citizenship::Russia,
        None => true,
    };
    if !fits {
        row.report(Code::CategoryCitizenship, Field::Citizenship);
    }
}
