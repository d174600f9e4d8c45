//! Answer to `DESCRIBE`: the columns of a table as rows with name, type, whether they may be empty or are personal, and meaning.

use std::fmt::Write as _;

use sverka_publish::OutputTable;

/// Column in the terms of the SQL engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DescribedColumn {
    /// Name.
    pub name: String,
    /// Type, as the engine names it.
    pub type_name: String,
}

/// Statement that selects the description of the columns of a table. A column without a description, such as one of a foreign table in the folder,
/// has name and type only.
pub(super) fn description_sql(table: &str, columns: &[DescribedColumn]) -> String {
    let schema = OutputTable::named(table).map(|table| &table.spec().schema);
    let mut sql = "SELECT * FROM (VALUES ".to_owned();
    for (number, DescribedColumn { name, type_name }) in columns.iter().enumerate() {
        let field = schema.and_then(|schema| schema.field_with_name(name).ok());
        let metadata = |key: &str| field.and_then(|field| field.metadata().get(key)).map_or("", String::as_str);
        let may_be_empty = field.map_or("", |field| if field.is_nullable() { "yes" } else { "no" });
        let cells = [name, type_name.as_str(), may_be_empty, metadata("personal"), metadata("description")];
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        let comma = if number == 0 { "" } else { ", " };
        // Writing into a `String` cannot fail.
        let _ = write!(sql, "{comma}({})", cells.join(", "));
    }
    sql + ") AS described(\"column\", \"type\", \"empty\", \"personal\", \"meaning\")"
}

/// Literal of SQL, on one line.
fn quoted(text: &str) -> String {
    format!("'{}'", text.split_whitespace().collect::<Vec<_>>().join(" ").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, type_name: &str) -> DescribedColumn {
        DescribedColumn { name: name.to_owned(), type_name: type_name.to_owned() }
    }

    #[test]
    fn a_column_has_its_meaning_and_a_foreign_one_its_type() {
        let sql = description_sql("persons", &[column("enp", "str"), column("it's mine", "i64")]);
        assert!(sql.starts_with("SELECT * FROM (VALUES ('enp', 'str', '"), "{sql}");
        assert!(sql.contains("), ('it''s mine', 'i64', '', '', '')) AS described("), "{sql}");
        let meaning = OutputTable::named("persons").expect("a table").spec().schema.field_with_name("enp").expect("a column");
        let first_word = meaning.metadata()["description"].split_whitespace().next().expect("a word").replace('\'', "''");
        assert!(sql.contains(&first_word), "{sql}");
    }
}
