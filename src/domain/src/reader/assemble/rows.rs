//! Rows of a table as lines of a form, `heading:cell`, and the way back from their positions to those of the table.

use crate::reader::assemble::table::{TableColumn, TextRange, TextTable, caption_unit, unit_behind_slash};
use crate::reader::fields::reading::{Reading, Span, Unread};
use crate::reader::letters::character::is_han;

/// A text in which a table is written as lines of a form.
pub(crate) struct FormLines {
    pub(crate) chars: Vec<char>,
    /// The range of the original that each character is from; an empty one where it was added.
    from: Vec<TextRange>,
    /// The rows that are a need each, as ranges of the form.
    pub(crate) needs: Vec<(usize, usize)>,
    /// Cells that are in no line of the form.
    skipped: Vec<TextRange>,
    /// The end of the header row in the original.
    header_end: usize,
}

/// The most characters between a figure and its unit in the next cell.
const CELL: usize = 6;
/// The most rows that are needs of their own; further ones stay with the last.
const MOST: usize = 12;

impl FormLines {
    /// Writes the text with its table as a form.
    pub(crate) fn new(original: &[char], table: &TextTable) -> Self {
        // Where the needs are columns, each line has a heading: of the first line only one is.
        let first = table.columns.first().map_or(0, |(_, place)| place.start);
        let one_line = |place: &TextRange| !original[first..place.start.max(first)].contains(&'\n');
        let headings = table.columns.iter().map(|(_, place)| place).filter(|place| one_line(place));
        let header_end = headings.map(|place| place.end).max().unwrap_or(0);
        let (chars, from) = (Vec::with_capacity(original.len() * 2), Vec::with_capacity(original.len() * 2));
        let mut form = Self { chars, from, needs: Vec::new(), skipped: Vec::new(), header_end };
        form.copy(original, 0..table.place.start);
        let by_fields =
            table.columns.iter().all(|(column, _)| !matches!(column, TableColumn::Name | TableColumn::Value));
        for row in &table.rows {
            let start = form.chars.len();
            form.row(original, table, row);
            let figures = form.chars[start..].iter().any(char::is_ascii_digit);
            if by_fields && figures && form.needs.len() < MOST {
                form.needs.push((start, form.chars.len()));
            }
            form.reach();
        }
        // A heading is written with each of its cells; one without any is in no line of the form.
        let filled = |at: usize| table.rows.iter().any(|row| row.get(at).is_some_and(|cell| !cell.is_empty()));
        let headings = table.columns.iter().enumerate();
        let left = headings.filter(|(at, (column, _))| *column != TableColumn::Field || !filled(*at));
        form.skipped.extend(left.map(|(_, (_, place))| place.clone()));
        form.skipped.extend(table.sums.iter().cloned());
        form.copy(original, table.place.end..original.len());
        form
    }

    /// Lets the last need reach to the end of what is written.
    fn reach(&mut self) {
        if let Some(last) = self.needs.last_mut() {
            last.1 = self.chars.len();
        }
    }

    fn copy(&mut self, original: &[char], place: TextRange) {
        self.chars.extend(&original[place.clone()]);
        self.from.extend(place.map(|at| at..at + 1));
    }

    fn add(&mut self, text: &str) {
        let at = self.from.last().map_or(0, |last| last.end);
        self.chars.extend(text.chars());
        self.from.resize(self.chars.len(), at..at);
    }

    /// Writes the cells of a row, a line each.
    fn row(&mut self, original: &[char], table: &TextTable, row: &[TextRange]) {
        let has = |wanted: TableColumn| table.columns.iter().any(|(column, _)| *column == wanted);
        // A dash in place of a unit is an empty cell.
        let says = |cell: &TextRange| original[cell.clone()].iter().any(|c| !matches!(c, '-' | '—' | '–' | '/'));
        let cells = || table.columns.iter().zip(row).filter(|(_, cell)| says(cell));
        let of = |wanted: TableColumn| cells().find(|((column, _), _)| *column == wanted).map(|(_, cell)| cell.clone());
        let phase = if has(TableColumn::Total) { of(TableColumn::Total) } else { of(TableColumn::Phase) };
        // Unit and value are written with the name of their row; without one they are no field.
        let named = of(TableColumn::Name).is_some();
        for ((column, heading), cell) in cells() {
            match column {
                // 面积,单位 with 1600,平方米: the unit is written behind its figure.
                TableColumn::Unit if !named && self.ends_line(cell) => self.unit(original, cell),
                TableColumn::Unit | TableColumn::Value | TableColumn::Phase | TableColumn::Total if !named => {
                    self.skipped.push(cell.clone());
                }
                TableColumn::Field => self.field(original, table, heading, cell),
                TableColumn::Name => {
                    self.copy(original, cell.clone());
                    if let Some(unit) = of(TableColumn::Unit) {
                        self.add("(");
                        self.copy(original, unit);
                        self.add(")");
                    }
                    if let Some(value) = phase.clone().or_else(|| of(TableColumn::Value)) {
                        self.add(":");
                        self.copy(original, value);
                    }
                    self.add("\n");
                }
                TableColumn::Remark => {
                    self.copy(original, cell.clone());
                    self.add("\n");
                }
                TableColumn::Index => self.skipped.push(cell.clone()),
                TableColumn::Phase | TableColumn::Total if phase.as_ref() != Some(cell) => {
                    self.skipped.push(cell.clone());
                }
                // A second column of units or values is in no line.
                TableColumn::Unit | TableColumn::Value if of(*column).as_ref() != Some(cell) => {
                    self.skipped.push(cell.clone());
                }
                TableColumn::Unit | TableColumn::Value | TableColumn::Phase | TableColumn::Total => {}
            }
        }
    }

    fn field(&mut self, original: &[char], table: &TextTable, heading: &TextRange, cell: &TextRange) {
        let slash = unit_behind_slash(original, heading);
        self.copy(original, heading.start..slash.as_ref().map_or(heading.end, |unit| unit.start - 1));
        if let Some(unit) = slash {
            self.add("(");
            self.copy(original, unit);
            self.add(")");
        }
        let column = table.columns.iter().position(|(_, other)| other == heading);
        if let Some(unit) = column.and_then(|at| table.units.get(at)).filter(|unit| !unit.is_empty()) {
            self.add("(");
            self.copy(original, unit.clone());
            self.add(")");
        }
        if !heading.is_empty() {
            self.add(":");
        }
        self.copy(original, cell.clone());
        let bare = original[cell.clone()].iter().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
        if let Some(unit) = caption_unit(original, table, heading).filter(|_| bare) {
            let unit: String = original[unit].iter().collect();
            self.add(&unit);
        }
        self.add("\n");
    }

    /// Returns whether the figure of the cell before ends the last line.
    fn ends_line(&self, unit: &TextRange) -> bool {
        let mut last = self.chars.iter().rev();
        let figure = last.next() == Some(&'\n') && last.next().is_some_and(char::is_ascii_digit);
        figure
            && self.from.iter().rev().find(|place| !place.is_empty()).is_some_and(|place| place.end + CELL > unit.start)
    }

    /// Writes a unit behind the figure of the cell before.
    fn unit(&mut self, original: &[char], cell: &TextRange) {
        self.chars.pop();
        self.from.pop();
        self.copy(original, cell.clone());
        self.add("\n");
    }

    /// Returns the ranges of the original that a range of the form is from.
    fn places(&self, start: usize, end: usize) -> Vec<TextRange> {
        let mut all: Vec<TextRange> = Vec::new();
        for place in self.from[start..end].iter().filter(|place| !place.is_empty()) {
            match all.last_mut() {
                Some(last) if last.end == place.start => last.end = place.end,
                _ => all.push(place.clone()),
            }
        }
        all
    }

    /// Returns the range of the original before a position of the form: an added unit belongs to the figure before it.
    fn before(&self, at: usize) -> Option<TextRange> {
        self.from[..at].iter().rev().find(|place| !place.is_empty()).cloned()
    }

    /// Returns a span of the form as spans of the original: the value is in the last of several ranges, behind its heading,
    /// and a figure in the heading belongs to it, `行车(10吨):2台`.
    fn spans(&self, original: &[char], span: &Span) -> Vec<Span> {
        let mut places = self.places(span.start, span.end);
        let last = places.pop().or_else(|| self.before(span.start));
        let figures = |place: &TextRange| original[place.clone()].iter().any(|c| c.is_numeric());
        let kept = places.into_iter().filter(figures).chain(last);
        let of = |place: TextRange| Span {
            start: place.start,
            end: place.end,
            text: original[place].iter().collect(),
            ..span.clone()
        };
        kept.map(of).collect()
    }

    /// Maps a reading of the form back to the original.
    pub(crate) fn translate(&self, original: &[char], mut reading: Reading) -> Reading {
        let text = |place: &TextRange| original[place.clone()].iter().collect::<String>();
        let spans = std::mem::take(&mut reading.spans);
        reading.spans = spans.iter().flat_map(|span| self.spans(original, span)).collect();
        reading.spans.sort_by_key(|span| (span.start, span.end));
        reading
            .spans
            .dedup_by(|next, first| (next.start, next.end, next.field) == (first.start, first.end, first.field));
        let covered = |place: &TextRange| reading.spans.iter().any(|it| it.start <= place.start && place.end <= it.end);
        let says = |place: &TextRange| original[place.clone()].iter().filter(|c| c.is_alphanumeric()).count() > 0;
        let left = reading.unread.iter().flat_map(|unread| self.places(unread.start, unread.end));
        let figures = self.skipped.iter().filter(|place| original[(*place).clone()].iter().any(|c| c.is_numeric()));
        let mut left: Vec<TextRange> =
            left.chain(figures.cloned()).filter(|place| says(place) && !covered(place)).collect();
        left.extend(lost(original, &reading.spans, &left));
        left.sort_by_key(|place| (place.start, place.end));
        left.dedup();
        reading.unread = left.iter().map(|it| Unread { start: it.start, end: it.end, text: text(it) }).collect();
        for other in &mut reading.others {
            let places = self.places(other.start, other.end);
            let cells = || places.iter().filter(|place| place.start >= self.header_end);
            other.start = cells().map(|place| place.start).min().unwrap_or_default();
            other.end = cells().map(|place| place.end).max().unwrap_or_default();
        }
        reading
    }
}

/// Returns the runs of figures that neither a span nor an unread range covers.
fn lost(original: &[char], spans: &[Span], left: &[TextRange]) -> Vec<TextRange> {
    let mut shown = vec![false; original.len()];
    let read = spans.iter().map(|span| span.start..span.end);
    read.chain(left.iter().cloned()).for_each(|place| shown[place].fill(true));
    let mut all: Vec<TextRange> = Vec::new();
    for at in (0..original.len()).filter(|&at| !shown[at] && original[at].is_numeric() && !is_han(original[at])) {
        match all.last_mut() {
            Some(last) if last.end == at => last.end += 1,
            _ => all.push(at..at + 1),
        }
    }
    all
}
