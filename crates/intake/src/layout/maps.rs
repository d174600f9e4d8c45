//! The code maps of a layout: source values, each with its canonical code.

use std::collections::BTreeMap;

use toml::Spanned;

use super::read::Source;
use super::{LayoutError, LayoutFault, RecordLayout};
use sverka_model::Field;

/// Maps as they are written: by field, then by source value.
pub(super) type WrittenMaps = BTreeMap<Spanned<String>, BTreeMap<String, Spanned<String>>>;

/// The maps of a layout.
pub(super) struct Maps<'a>(pub &'a WrittenMaps);

impl Maps<'_> {
    /// The map of a field; empty when it has none.
    pub fn of_field(&self, field: Field) -> Vec<(String, String)> {
        let of_field = self.0.iter().filter(|(name, _)| name.get_ref() == field.name()).flat_map(|(_, map)| map);
        of_field.map(|(from, to)| (from.trim().to_owned(), to.get_ref().clone())).collect()
    }

    /// Checks that each map belongs to a code field that a record has, and gives values that the field may have.
    pub fn check(&self, source: &Source<'_>, records: &[RecordLayout]) -> Result<(), LayoutError> {
        for (name, map) in self.0 {
            let unusable = |why| LayoutFault::Map { field: name.get_ref().clone(), why };
            let fail = |why| Err(source.error_at(name.span().start, unusable(why)));
            let Some(field) = Field::from_name(name.get_ref()) else { return fail("there is no such field") };
            if !field.is_code() {
                return fail("the field's values are no codes");
            }
            if !records.iter().flat_map(|record| &record.fields).any(|layout_field| layout_field.field == field) {
                return fail("no entry of [[fields]] gives the field");
            }
            for to in map.values() {
                if let Some(expected) = field.expected_code(to.get_ref()) {
                    let fault = LayoutFault::MapValue { field, value: to.get_ref().clone(), expected };
                    return Err(source.error_at(to.span().start, fault));
                }
            }
        }
        Ok(())
    }
}
