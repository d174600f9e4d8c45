//! LibreOffice computes the formulas of forms anew: the same totals as those that are stored. Skipped, with a message, where `soffice` is absent.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use super::forms::{FormsRun, inflated};

/// All sheets as CSV: separator `;`, UTF-8, values as they are shown.
const FILTER: &str = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1";

/// Workbooks of one kind of form each, so that the test takes seconds.
const FORMS: [&str; 5] = ["money.xlsx", "to_pay.xlsx", "points.xlsx", "insurer_sheet/98001.xlsx", "reconciliation/980101.xlsx"];

fn has_soffice() -> bool {
    let tried = Command::new("soffice").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    tried.is_ok_and(|status| status.success())
}

/// The workbook without the stored values of its formulas.
fn without_results(book: &[u8]) -> Vec<u8> {
    let members = inflated(book).into_iter().map(|(name, content)| {
        if !name.starts_with("xl/worksheets/sheet") {
            return (name, content);
        }
        let text = String::from_utf8(content).expect("UTF-8");
        let mut parts = text.split("</f><v>");
        let mut stripped = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (_, rest) = part.split_once("</v>").expect("the end of a value");
            stripped += "</f>";
            stripped += rest;
        }
        assert!(stripped.contains("<f>SUM("), "{name} has formulas");
        (name, stripped.into_bytes())
    });
    let members: Vec<(String, Vec<u8>)> = members.collect();
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    sverka_publish::zip_of(&members)
}

/// The sheets of workbooks as LibreOffice shows them, by file.
fn sheets_of(folder: &Path, profile: &Path) -> BTreeMap<String, String> {
    let books: Vec<_> = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    let shown = folder.join("csv");
    let ended = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--headless", "--convert-to", FILTER, "--outdir"])
        .arg(&shown)
        .args(&books)
        .output()
        .expect("soffice starts");
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    let files = std::fs::read_dir(&shown).expect("sheets").map(|entry| entry.expect("an entry").path());
    let name = |path: &Path| path.file_name().and_then(|name| name.to_str()).expect("UTF-8").to_owned();
    files.map(|path| (name(&path), std::fs::read_to_string(&path).expect("text"))).collect()
}

#[test]
fn libreoffice_computes_the_stored_totals() {
    if !has_soffice() {
        eprintln!("skipped: soffice is not installed, so nothing computes the formulas anew");
        return;
    }
    let run = FormsRun::new();
    let books = run.files("xlsx");
    let folder = tempfile::tempdir().expect("a folder");
    let [stored, computed, profile] = ["stored", "computed", "profile"].map(|name| folder.path().join(name));
    for (to, strips) in [(&stored, false), (&computed, true)] {
        std::fs::create_dir(to).expect("a folder");
        for form in FORMS {
            let book = if strips { without_results(&books[form]) } else { books[form].clone() };
            std::fs::write(to.join(form.replace('/', "_")), book).expect("written");
        }
    }
    let (stored, computed) = (sheets_of(&stored, &profile), sheets_of(&computed, &profile));
    assert!(stored.len() >= FORMS.len() && stored.values().any(|text| text.contains("Итого")), "{:?}", stored.keys());
    for (sheet, text) in &stored {
        assert_eq!(Some(text), computed.get(sheet), "{sheet}");
    }
    assert_eq!(stored.len(), computed.len());
}
