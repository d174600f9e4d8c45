//! Text in lines of a limited width.

use sverka_text::visible;

/// A text that grows line by line. Values of rows in it may hold anything, so control characters are shown.
pub(super) struct Page {
    text: String,
    width: usize,
}

impl Page {
    /// An empty page of so many columns.
    pub fn new(width: usize) -> Self {
        Self { text: String::new(), width }
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn into_text(self) -> String {
        self.text
    }

    /// A blank line.
    pub fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A line as it is.
    pub fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A sentence in lines that fit, those after the first further in. A longer word has a line for itself.
    pub fn wrap(&mut self, indent: &str, sentence: &str) {
        let sentence = visible(sentence);
        let mut column = 0;
        for word in sentence.split(' ').filter(|word| !word.is_empty()) {
            let length = word.chars().count();
            if column > 0 && column + 1 + length > self.width {
                self.text.push('\n');
                column = 0;
                self.text.push_str(indent);
                self.text.push_str("  ");
                column += indent.len() + 2;
            } else if column == 0 {
                self.text.push_str(indent);
                column = indent.len();
            } else {
                self.text.push(' ');
                column += 1;
            }
            self.text.push_str(word);
            column += length;
        }
        self.text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_fits_the_page_and_its_words_stay_whole() {
        let mut page = Page::new(24);
        page.wrap("   ", "Прикрепление: поликлиника registers/98001_20261031.csv");
        assert_eq!(page.into_text(), "   Прикрепление:\n     поликлиника\n     registers/98001_20261031.csv\n");
    }
}
