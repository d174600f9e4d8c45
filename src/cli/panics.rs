//! Report of a broken invariant: one sentence without personal data.

use std::panic::PanicHookInfo;
use std::sync::OnceLock;

use super::log::{self, Level};
use sverka_formats::SourceFile;

/// Sentence about a source that changed, in place of a report. Bytes of a mapped file that change while they are read may break any invariant.
static CHANGED_SOURCE: OnceLock<String> = OnceLock::new();

/// Sentence about a source that changed before the first panic, if one did.
pub(super) fn changed_source() -> Option<&'static str> {
    CHANGED_SOURCE.get().map(String::as_str)
}

/// Replaces the default report of a panic, which may quote data and is for programmers.
pub fn install_hook() {
    std::panic::set_hook(Box::new(|info| {
        // A panic of the library that reads a damaged file is reported as a fault of the file.
        if sverka_formats::parquet_rows::is_guarded() {
            return;
        }
        if let Some(changed) = SourceFile::any_changed() {
            let _ = CHANGED_SOURCE.set(changed.to_string());
            return;
        }
        // A panic of the library that answers a statement is reported as a fault of the statement.
        #[cfg(feature = "query")]
        if sverka_report::query::is_of_engine(is_ours(info)) {
            return;
        }
        log::report(Level::Error, &report(info));
    }));
}

/// Whether the panic is in code of this program.
fn is_ours(info: &PanicHookInfo<'_>) -> bool {
    info.location().is_some_and(|location| location.file().starts_with("src"))
}

/// Report of a panic.
fn report(info: &PanicHookInfo<'_>) -> String {
    let place =
        info.location().map_or_else(String::new, |location| format!(" at {}:{}", within_crate(location.file()), location.line()));
    let payload = info.payload();
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let message = match (is_ours(info), text) {
        (true, Some(message)) => format!(": {}", without_quotations(message)),
        _ => String::new(),
    };
    format!(
        "an internal invariant broke{place}{message}\n\
         This is a mistake in sverka, not in your data; please report this line and the version (sverka --version)."
    )
}

/// Path of a source file from its crate on. The part before it belongs to the machine that built the program.
fn within_crate(file: &str) -> &str {
    let Some(source) = file.rfind("/src/").or_else(|| file.rfind("\\src\\")) else {
        // Generated code has no crate in its path.
        return if file.starts_with("src") { file } else { file.rsplit(['/', '\\']).next().unwrap_or_default() };
    };
    let crate_begins = file[..source].rfind(['/', '\\']).map_or(0, |separator| separator + 1);
    &file[crate_begins..]
}

/// First line of a message without the texts in quotes or back-ticks, as the standard library quotes the text at fault.
fn without_quotations(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let mut kept = String::with_capacity(line.len());
    let mut open = None;
    for character in line.chars() {
        match open {
            None if matches!(character, '`' | '"') => {
                kept.push('…');
                open = Some(character);
            }
            None => kept.push(character),
            Some(quote) if quote == character => open = None,
            Some(_) => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_of_the_machine_that_built_the_program_is_told() {
        let cases = [
            ("/root/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/glob-0.3.4/src/lib.rs", "glob-0.3.4/src/lib.rs"),
            ("/rustc/17067e9ac6d7/library/core/src/str/mod.rs", "core/src/str/mod.rs"),
            ("/home/builder/sverka/src/check/read.rs", "sverka/src/check/read.rs"),
            ("/home/builder/target/release/build/x-1f/out/made.rs", "made.rs"),
            (r"C:\Users\me\.cargo\glob-0.3.4\src\lib.rs", r"glob-0.3.4\src\lib.rs"),
            ("src/check/read.rs", "src/check/read.rs"),
        ];
        for (file, shown) in cases {
            assert_eq!(within_crate(file), shown);
        }
    }

    #[test]
    fn quoted_text_is_left_out() {
        let message = "byte index 1 is not a char boundary; it is inside 'Т' (bytes 0..2) of `ТЕСТОВ`";
        assert_eq!(without_quotations(message), "byte index 1 is not a char boundary; it is inside 'Т' (bytes 0..2) of …");
        assert_eq!(without_quotations("failed on \"ТЕСТОВ\" in row 3\n left: \"ТЕСТОВ\""), "failed on … in row 3");
    }
}
