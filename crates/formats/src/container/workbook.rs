//! ZIP archives that are one document, the workbook of a spreadsheet program.

/// Type of an `.ods`: its first member, not packed, so that the first bytes show it.
const ODS_TYPE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
/// Offset of the first member's name, behind the fixed head of an archive.
const FIRST_NAME_AT: usize = 30;
const XLSX_TYPES: &[u8] = b"[Content_Types].xml";
const XLSX_FOLDER: &[u8] = b"xl/";

/// Whether a ZIP archive is a workbook: the archive has the parts of a workbook.
pub(super) fn is_workbook(bytes: &[u8]) -> bool {
    let first_name = bytes.get(FIRST_NAME_AT..).unwrap_or_default();
    if first_name.strip_prefix(b"mimetype").is_some_and(|content| content.starts_with(ODS_TYPE)) {
        return true;
    }
    let Ok(archive) = rawzip::ZipArchive::from_slice(bytes) else { return false };
    let (mut has_types, mut has_sheets) = (false, false);
    for record in archive.entries() {
        let Ok(record) = record else { return false };
        let path = record.file_path();
        let name: &[u8] = path.as_ref();
        has_types |= name.eq_ignore_ascii_case(XLSX_TYPES);
        has_sheets |= name.get(..XLSX_FOLDER.len()).is_some_and(|folder| folder.eq_ignore_ascii_case(XLSX_FOLDER));
        if has_types && has_sheets {
            return true;
        }
    }
    false
}
