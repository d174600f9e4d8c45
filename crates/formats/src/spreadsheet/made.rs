//! Workbooks made for tests.

/// A ZIP archive with stored `members`.
pub fn zipped(members: &[(&str, &str)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let mut checksum = flate2::Crc::new();
        checksum.update(content.as_bytes());
        let (at, length) = (bytes.len() as u32, content.len() as u32);
        let common =
            [&[20, 0, 0, 8, 0, 0, 0, 0, 0, 0][..], &checksum.sum().to_le_bytes(), &length.to_le_bytes(), &length.to_le_bytes()]
                .concat();
        let name_bytes = (name.len() as u16).to_le_bytes();
        bytes.extend([b"PK\x03\x04", &common[..], &name_bytes, &[0, 0], name.as_bytes(), content.as_bytes()].concat());
        directory.extend([b"PK\x01\x02\x14\0", &common[..], &name_bytes, &[0; 12], &at.to_le_bytes(), name.as_bytes()].concat());
    }
    let (at, length, count) = (bytes.len() as u32, directory.len() as u32, members.len() as u16);
    bytes.extend(directory);
    bytes.extend(
        [
            b"PK\x05\x06\0\0\0\0",
            &count.to_le_bytes()[..],
            &count.to_le_bytes(),
            &length.to_le_bytes(),
            &at.to_le_bytes(),
            &[0, 0],
        ]
        .concat(),
    );
    bytes
}

/// An `.xlsx` with one sheet; `rows` is the XML of its rows.
pub fn xlsx(rows: &str) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    zipped(&[
        ("[Content_Types].xml", "<Types/>"),
        (
            "_rels/.rels",
            "<Relationships><Relationship Id='r1' Type='x/officeDocument' Target='xl/workbook.xml'/></Relationships>",
        ),
        (
            "xl/workbook.xml",
            "<workbook xmlns:r='r'><workbookPr date1904='0'/><sheets><sheet name='Список' sheetId='1' r:id='r1'/></sheets></workbook>",
        ),
        (
            "xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id='r1' Type='x/worksheet' Target='worksheets/sheet1.xml'/>\
             <Relationship Id='r2' Type='x/sharedStrings' Target='sharedStrings.xml'/>\
             <Relationship Id='r3' Type='x/styles' Target='styles.xml'/></Relationships>",
        ),
        ("xl/worksheets/sheet1.xml", &sheet),
        (
            "xl/sharedStrings.xml",
            "<sst><si><t>Липова</t></si><si><r><t>Пет</t></r><r><t xml:space='preserve'>ровна </t></r><rPh><t>x</t></rPh></si></sst>",
        ),
        (
            "xl/styles.xml",
            "<styleSheet><numFmts><numFmt numFmtId='165' formatCode='dd/mm/yyyy'/></numFmts><cellStyleXfs><xf numFmtId='14'/></cellStyleXfs>\
             <cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='165'/></cellXfs></styleSheet>",
        ),
    ])
}

/// An `.ods` with one sheet; `rows` is the XML of its rows.
pub fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:automatic-styles><style:style style:name='ta1'><style:table-properties table:display='false'/></style:style>\
         </office:automatic-styles><office:body><office:spreadsheet><table:table table:name='Первый' table:style-name='ta1'><table:table-row/></table:table>\
         <table:table table:name='Список'>{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &content)])
}
