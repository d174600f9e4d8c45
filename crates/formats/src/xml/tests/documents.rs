//! Writes `OPLIST` documents of made-up people in both dialects, with every field of the format. Also compiled into the bench, so it knows
//! nothing of the crate.

/// The form in which values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Elements, each on a line of its own.
    Elements,
    /// Attributes.
    Attributes,
}

/// The blocks of a record with the paths to them, and their fields. `DOC` stands twice.
pub const BLOCKS: &[(&str, &[&str])] = &[
    ("", &["N_REC", "ID", "IS_ACTIVE", "VERSION", "TIP_OP"]),
    (
        "PERSON",
        &[
            "FAM",
            "IM",
            "OT",
            "W",
            "DR",
            "MR",
            "BIRTH_OKSM",
            "C_OKSM",
            "SS",
            "KATEG",
            "PHONE",
            "EMAIL",
            "FIOPR",
            "CONTACT",
            "DDEATH",
        ],
    ),
    ("OLD_PERSON", &["FAM", "IM", "OT", "W", "DR", "OLD_ENP", "MR"]),
    (
        "ADDRES_G",
        &["BOMG", "FIAS_AOID", "FIAS_HOUSEID", "SUBJ", "INDX", "OKATO", "RNNAME", "NPNAME", "UL", "DOM", "KORP", "KV", "DREG"],
    ),
    ("ADDRES_P", &["FIAS_AOID", "FIAS_HOUSEID", "SUBJ", "INDX", "OKATO", "RNNAME", "NPNAME", "UL", "DOM", "KORP", "KV"]),
    ("VIZIT", &["DVIZIT", "METHOD", "PETITION", "RSMO", "RPOLIS", "FPOLIS"]),
    ("INSURANCE", &["TER_ST", "ENP", "OGRNSMO", "ERP"]),
    ("INSURANCE/POLIS", &["VPOLIS", "NPOLIS", "SPOLIS", "DBEG", "DEND", "DSTOP"]),
    ("INSURANCE/ORDERZ", &["NORDER", "DORDER"]),
    ("DOC_LIST/DOC", &["DOCTYPE", "DOCSER", "DOCNUM", "DOCDATE", "DOCEXP", "NAME_VP", "MR", "DOCCAT"]),
    ("DOC_LIST/DOC", &["DOCTYPE", "DOCSER", "DOCNUM", "DOCDATE", "DOCEXP", "NAME_VP", "MR", "DOCCAT"]),
    ("OLDDOC_LIST/DOC", &["DOCTYPE", "DOCSER", "DOCNUM", "DOCDATE", "DOCEXP", "NAME_VP"]),
    ("PERSONB", &["TYPE", "PHOTO"]),
    ("", &["CHANGES", "NEED_NEW_POLICY"]),
];

/// Fields of the root.
pub const ROOT: &[&str] = &["VERS", "FILENAME", "SMOCOD", "PRZCOD", "NRECORDS"];

/// Paths of all values of a record, each once; without the photo.
pub fn record_paths() -> Vec<String> {
    let mut paths: Vec<String> = Vec::new();
    for (block, fields) in BLOCKS.iter().filter(|(block, _)| *block != "PERSONB") {
        for field in *fields {
            let path = if block.is_empty() { (*field).to_owned() } else { format!("{block}/{field}") };
            if !paths.contains(&path) {
                paths.push(path);
            }
        }
    }
    paths
}

/// Writes a document piece by piece.
pub struct Writer {
    dialect: Dialect,
    photo_bytes: usize,
    state: u64,
}

impl Writer {
    /// A writer. `photo_bytes` is the length of the photo in base64; 0 leaves the photo out.
    pub fn new(dialect: Dialect, photo_bytes: usize, seed: u64) -> Self {
        Self { dialect, photo_bytes, state: seed }
    }

    /// Appends the declaration and the start of the root.
    pub fn head(&mut self, encoding: &str, text: &mut String) {
        *text += &format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?>\r\n<OPLIST");
        self.block_values(ROOT, 1, text);
        if self.dialect == Dialect::Attributes {
            text.push('>');
        }
    }

    /// Appends the end of the root.
    pub fn tail(&self, text: &mut String) {
        *text += "\r\n</OPLIST>\r\n";
    }

    /// Appends a record.
    pub fn record(&mut self, number: usize, text: &mut String) {
        let mut open: Vec<&str> = Vec::new();
        *text += "\r\n  <OP";
        let (first, rest) = BLOCKS.split_first().expect("blocks");
        let (last, middle) = rest.split_last().expect("blocks");
        self.state ^= number as u64;
        if self.dialect == Dialect::Attributes {
            self.block_values(first.1, 2, text);
            self.block_values(last.1, 2, text);
            text.push('>');
        } else {
            self.block_values(first.1, 2, text);
        }
        for (index, (block, fields)) in middle.iter().enumerate() {
            if *block == "PERSONB" && self.photo_bytes == 0 {
                continue;
            }
            let path: Vec<&str> = block.split('/').collect();
            // A block that is the same as the one before begins again.
            let again = index > 0 && middle[index - 1].0 == *block;
            let shared = path.iter().zip(&open).take_while(|(new, old)| new == old).count().min(path.len() - usize::from(again));
            Self::close(&mut open, shared, text);
            for (depth, name) in path.iter().enumerate().skip(shared) {
                *text += &format!("{}<{name}", self.indent(depth + 2));
                if depth + 1 < path.len() {
                    text.push('>');
                }
            }
            open.extend(&path[shared..]);
            self.block_values(fields, path.len() + 2, text);
            if self.dialect == Dialect::Attributes {
                text.push('>');
            }
        }
        Self::close(&mut open, 0, text);
        if self.dialect == Dialect::Elements {
            self.elements(last.1, 2, text);
        }
        *text += "\r\n  </OP>";
    }

    fn close(open: &mut Vec<&str>, keep: usize, text: &mut String) {
        while open.len() > keep {
            *text += &format!("</{}>", open.pop().expect("open"));
        }
    }

    fn indent(&self, depth: usize) -> String {
        if self.dialect == Dialect::Elements { format!("\r\n{}", "  ".repeat(depth)) } else { String::new() }
    }

    /// The values of an element whose start tag is not closed yet.
    fn block_values(&mut self, fields: &[&str], depth: usize, text: &mut String) {
        if self.dialect == Dialect::Elements {
            text.push('>');
            self.elements(fields, depth, text);
            return;
        }
        for field in fields {
            *text += &format!(" {field}=\"{}\"", self.value(field));
        }
    }

    fn elements(&mut self, fields: &[&str], depth: usize, text: &mut String) {
        for field in fields {
            let value = self.value(field);
            *text += &format!("{}<{field}>{value}</{field}>", self.indent(depth));
        }
    }

    fn next(&mut self, below: usize) -> usize {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % below
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.next(10) as u8)).collect()
    }

    fn date(&mut self) -> String {
        format!("{:04}-{:02}-{:02}", 1940 + self.next(80), 1 + self.next(12), 1 + self.next(28))
    }

    fn one_of(&mut self, words: &[&str]) -> String {
        words[self.next(words.len())].to_owned()
    }

    fn value(&mut self, field: &str) -> String {
        match field {
            "FAM" => self.one_of(&["ЗАРЕЧНЫЙ", "Ольховская-Дуб", "ПЕРЕЛЕСКОВ", "Ёжикова", "Клёнова"]),
            "IM" => self.one_of(&["АРИАДНА", "Тихон", "СЕВЕРИН", "Злата"]),
            "OT" => self.one_of(&["ПЛАТОНОВИЧ", "Елисеевна", ""]),
            "MR" | "NPNAME" | "RNNAME" => self.one_of(&["с. Дальние Ветлы", "г. Тихоречье", "пос. Камышовый Брод, Озёрный р-н"]),
            "UL" => self.one_of(&["ул. Луговая", "пер. 3-й Ивовый", "пр-кт Строителей &quot;Юг&quot;"]),
            "NAME_VP" => {
                self.one_of(&["ОВД ЛУГОВОГО РАЙОНА Г. ТИХОРЕЧЬЯ", "Отделом УФМС № 3 по Озёрному р-ну", "ТП &lt;2&gt; ОВД"])
            }
            "FIOPR" => self.one_of(&["", "", "", "Клёнова Злата"]),
            "CONTACT" | "DEND" | "DSTOP" | "DDEATH" | "DOCEXP" | "KORP" | "PETITION" => String::new(),
            "EMAIL" => self.one_of(&["", "nobody@example.org"]),
            "TIP_OP" => self.one_of(&["П010", "П031", "П040", "П060", "П061"]),
            "C_OKSM" | "BIRTH_OKSM" => "RUS".to_owned(),
            "SS" => format!("{}-{}-{} {}", self.digits(3), self.digits(3), self.digits(3), self.digits(2)),
            "PHONE" => self.digits(11),
            "ID" | "N_REC" | "FIAS_AOID" | "FIAS_HOUSEID" => {
                format!("{}-{}-{}-{}-{}", self.digits(8), self.digits(4), self.digits(4), self.digits(4), self.digits(12))
            }
            "ENP" | "OLD_ENP" | "NPOLIS" => self.digits(16),
            "OGRNSMO" => self.digits(13),
            "OKATO" => self.digits(11),
            "INDX" | "DOCNUM" => self.digits(6),
            "SUBJ" | "TER_ST" | "SMOCOD" => self.digits(5),
            "DOCSER" => format!("{} {}", self.digits(2), self.digits(2)),
            "DR" | "DREG" | "DVIZIT" | "DBEG" | "DOCDATE" | "DORDER" => self.date(),
            "VERS" => "2.1".to_owned(),
            "FILENAME" => "i34001_001_01261.xml".to_owned(),
            "PHOTO" => "QUJDREVG".repeat(self.photo_bytes.div_ceil(8)),
            _ => self.digits(1),
        }
    }
}

/// The bytes of a text in windows-1251; it has no characters but ASCII, Russian letters and `№`.
pub fn windows_1251(text: &str) -> Vec<u8> {
    let byte = |character: char| match character {
        'А'..='я' => (character as u32 - 'А' as u32 + 0xC0) as u8,
        'Ё' => 0xA8,
        'ё' => 0xB8,
        '№' => 0xB9,
        _ => u8::try_from(character as u32).ok().filter(u8::is_ascii).expect("a character of the documents"),
    };
    text.chars().map(byte).collect()
}
