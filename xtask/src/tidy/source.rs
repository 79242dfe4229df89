//! A Rust file as the rules read it: code without comments and string contents, the strings apart, and where tests are.

use std::ops::Range;

/// A Rust file taken apart.
pub(crate) struct Source {
    /// The code, line by line; comments and the contents of strings are blanks.
    pub(crate) lines: Vec<String>,
    /// Each string literal with the line it begins on.
    pub(crate) literals: Vec<(usize, String)>,
    /// The lines of `#[cfg(test)]` items.
    tests: Vec<Range<usize>>,
}

impl Source {
    pub(crate) fn read(text: &str) -> Source {
        let mut lexer = Lexer {
            rest: text.chars().collect(),
            ..Lexer::default()
        };
        lexer.rest.reverse();
        while let Some(next) = lexer.peek(0) {
            lexer.step(next);
        }
        let tests = test_items(&lexer.code);
        let lines = lexer.code.lines().map(str::to_owned).collect();
        Source {
            lines,
            literals: lexer.literals,
            tests,
        }
    }

    /// True for a line, counted from 1, inside a `#[cfg(test)]` item.
    pub(crate) fn is_test(&self, line: usize) -> bool {
        self.tests.iter().any(|range| range.contains(&line))
    }

    /// Every identifier with its line (from 1), the code before it on that line and the code after it.
    pub(crate) fn words(&self) -> impl Iterator<Item = Word<'_>> {
        self.lines.iter().enumerate().flat_map(|(at, line)| words(at + 1, line))
    }
}

/// An identifier in its line.
pub(crate) struct Word<'a> {
    pub(crate) line: usize,
    pub(crate) before: &'a str,
    pub(crate) text: &'a str,
    pub(crate) after: &'a str,
}

fn words(number: usize, line: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = 0;
    for piece in line.split_inclusive(|c: char| !is_word(c)) {
        let text = piece.trim_end_matches(|c: char| !is_word(c));
        if !text.is_empty() {
            let after = &line[start + text.len()..];
            words.push(Word {
                line: number,
                before: &line[..start],
                text,
                after,
            });
        }
        start += piece.len();
    }
    words
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Reads characters off the end of `rest`, which is the text reversed.
#[derive(Default)]
struct Lexer {
    rest: Vec<char>,
    code: String,
    literals: Vec<(usize, String)>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest.iter().rev().nth(ahead).copied()
    }

    fn starts_with(&self, text: &str) -> bool {
        text.chars().enumerate().all(|(at, c)| self.peek(at) == Some(c))
    }

    /// Takes `count` characters as code.
    fn keep(&mut self, count: usize) {
        for _ in 0..count {
            self.code.extend(self.rest.pop());
        }
    }

    /// Takes one character as a blank; line breaks stay, so that lines keep their numbers.
    fn blank(&mut self) -> Option<char> {
        let c = self.rest.pop()?;
        self.code.push(if c == '\n' { '\n' } else { ' ' });
        Some(c)
    }

    fn step(&mut self, next: char) {
        let inside_word = self.code.chars().next_back().is_some_and(is_word);
        match next {
            '/' if self.starts_with("//") => while self.peek(0).is_some_and(|c| c != '\n') && self.blank().is_some() {},
            '/' if self.starts_with("/*") => self.block_comment(),
            '"' => self.string(),
            'r' | 'b' | 'c' if !inside_word => self.maybe_raw_string(),
            '\'' => self.quote(),
            _ => self.keep(1),
        }
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        loop {
            if self.starts_with("/*") {
                depth += 1;
                self.blank();
            } else if self.starts_with("*/") {
                depth -= 1;
                self.blank();
            }
            if self.blank().is_none() || depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        let line = self.line();
        let mut literal = String::new();
        self.keep(1);
        while let Some(c) = self.peek(0) {
            if c == '"' {
                self.keep(1);
                break;
            }
            if c == '\\' {
                self.blank();
            }
            literal.extend(self.blank());
        }
        self.literals.push((line, literal));
    }

    /// `r"…"`, `r#"…"#`, `br"…"`, `cr"…"`; anything else is one character of code.
    fn maybe_raw_string(&mut self) {
        let prefix = usize::from(self.peek(0) != Some('r')) + 1;
        let is_raw = self.peek(prefix - 1) == Some('r');
        let hashes = (prefix..).take_while(|&at| self.peek(at) == Some('#')).count();
        if !is_raw || self.peek(prefix + hashes) != Some('"') {
            return self.keep(1);
        }
        let line = self.line();
        let end = format!("\"{}", "#".repeat(hashes));
        let mut literal = String::new();
        self.keep(prefix + hashes + 1);
        while self.peek(0).is_some() && !self.starts_with(&end) {
            literal.extend(self.blank());
        }
        self.keep(end.len());
        self.literals.push((line, literal));
    }

    /// A character, which may be a quotation mark, or the start of a lifetime.
    fn quote(&mut self) {
        self.keep(1);
        if self.peek(0) == Some('\\') {
            self.blank();
            self.blank();
            while self.peek(0).is_some_and(|c| c != '\'') {
                self.blank();
            }
            self.keep(1);
        } else if self.peek(1) == Some('\'') {
            self.blank();
            self.keep(1);
        }
    }

    fn line(&self) -> usize {
        self.code.matches('\n').count() + 1
    }
}

/// The lines of each item marked `#[cfg(test)]`, to its closing brace or its semicolon.
fn test_items(code: &str) -> Vec<Range<usize>> {
    let line_of = |at: usize| code[..at].matches('\n').count() + 1;
    let starts = code.match_indices("#[cfg(test)]").map(|(at, _)| at);
    starts
        .map(|start| line_of(start)..line_of(start + item_length(&code[start..])) + 1)
        .collect()
}

fn item_length(code: &str) -> usize {
    let mut depth = 0usize;
    for (at, c) in code.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth <= 1 => return at,
            '}' => depth -= 1,
            ';' if depth == 0 => return at,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        Source::read(text).lines.join("\n")
    }

    #[test]
    fn comments_and_strings_are_blanks() {
        assert_eq!(code("a(\"b\"); // c"), "a(\" \");     ");
        assert_eq!(code("a /* b /* c */ d */ e"), "a                   e");
        assert_eq!(code("r#\"a\"b\"# c"), "r#\"   \"# c");
    }

    #[test]
    fn a_quotation_mark_in_a_character_opens_no_string() {
        assert_eq!(code("'\"' x 'a' '\\'' fn<'a>"), "' ' x ' ' '  ' fn<'a>");
    }

    #[test]
    fn strings_are_kept_with_the_line_they_begin_on() {
        let source = Source::read("a\n\"one\ntwo\" r\"three\"");
        assert_eq!(source.literals, [(2, "one\ntwo".to_owned()), (3, "three".to_owned())]);
    }

    #[test]
    fn the_lines_of_test_items_are_known() {
        let source = Source::read("fn a() {}\n#[cfg(test)]\nmod tests {\n fn b() { }\n}\nfn c() {}\n");
        let lines: Vec<usize> = (1..=6).filter(|&line| source.is_test(line)).collect();
        assert_eq!(lines, [2, 3, 4, 5]);
    }

    #[test]
    fn words_know_their_neighbours() {
        let source = Source::read("use a::bc;");
        let word = source.words().last().unwrap();
        assert_eq!((word.before, word.text, word.after), ("use a::", "bc", ";"));
    }
}
