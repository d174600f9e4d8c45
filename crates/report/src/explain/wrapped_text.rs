//! Text that is wrapped at a width.

use sverka_text::visible;

/// Text that grows line by line. Values of rows may hold control characters, which are made visible.
pub(super) struct WrappedText {
    text: String,
    width: usize,
}

impl WrappedText {
    /// Empty text of `width` columns.
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

    /// Adds a blank line.
    pub fn blank_line(&mut self) {
        self.text.push('\n');
    }

    /// Adds a line as it is.
    pub fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Adds a sentence in lines that fit. The lines after the first have two more columns of indent. A longer word has a line of its own.
    pub fn sentence(&mut self, indent: &str, sentence: &str) {
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
    fn a_sentence_fits_the_width_and_its_words_stay_whole() {
        let mut text = WrappedText::new(24);
        text.sentence("   ", "Прикрепление: поликлиника registers/98001_20261031.csv");
        assert_eq!(text.into_text(), "   Прикрепление:\n     поликлиника\n     registers/98001_20261031.csv\n");
    }
}
