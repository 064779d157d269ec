//! Tables in a text: lines of cells below a header row that names their columns.

use std::ops::Range;

use crate::reader::letters::rules::cues;
use crate::reader::letters::text::Text;
use crate::reader::tokens::quantity::quantity;
use crate::reader::tokens::units::{Dim, unit as measure};
use crate::reader::words::dictionary::word_at;
use crate::reader::words::lexicon::{Tag, Tags};
use crate::reader::words::lists::WordList;
use crate::reader::words::slot::Slot;

cues! {
    TableCues in "tables.txt" {
        index: WordList,
        group: WordList,
        name: WordList,
        unit: WordList,
        value: WordList,
        remark: WordList,
        heading: WordList,
        phase: WordList,
        total: WordList,
        caption: WordList,
        planned: WordList,
        sums: WordList,
        place: WordList,
    }
}

/// A range of the original text.
pub(crate) type TextRange = Range<usize>;

/// Content of a column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TableColumn {
    /// Values of a field that the heading names.
    Field,
    /// Numbers of rows.
    Index,
    Name,
    Unit,
    Value,
    Remark,
    /// Values of one phase.
    Phase,
    /// Values of all phases.
    Total,
}

/// A table: its columns with their headings, and its rows of cells.
pub(crate) struct TextTable {
    /// All lines of the table.
    pub(crate) place: TextRange,
    pub(crate) columns: Vec<(TableColumn, TextRange)>,
    pub(crate) rows: Vec<Vec<TextRange>>,
    /// The units of the columns, where a row below the header has nothing else: `|亿元|亩|人|`.
    pub(crate) units: Vec<TextRange>,
    /// The cells of the rows that add the others up.
    pub(crate) sums: Vec<TextRange>,
}

/// Separators of cells, the surest first; two blanks are any run of them.
const SEPARATORS: [&str; 8] = ["|", "｜", "\t", "  ", ",", "、", " ", ";"];
/// The bits of the two bars and the tab.
const BARS: u16 = 0b111;
/// The bit of a figure among those of the separators in [`LineMarks`].
const FIGURE: u16 = 1 << SEPARATORS.len();
/// The most columns of a table: a longer line is no header row.
const MOST: usize = 40;
/// The most lines of a table; it keeps a text of header rows alone linear.
const MOST_ROWS: usize = 200;

/// The most lines of a form with several fields on each.
const FORM_LINES: usize = 40;

/// Returns the first table of a text.
pub(crate) fn table(chars: &[char]) -> Option<TextTable> {
    let lines = lines(chars);
    if lines.len() < 2 {
        return None;
    }
    let marks: Vec<LineMarks> = lines.iter().map(|line| LineMarks::new(&chars[line.clone()])).collect();
    lines.iter().enumerate().find_map(|(at, header)| {
        // A header row has no figure, apart from the exponent of a unit and the number of a phase.
        let figures = marks[at].0 & FIGURE != 0 && !may_count(&chars[header.clone()]);
        if figures || header.is_empty() {
            return None;
        }
        let both = marks[at].0 & marks.get(at + 1).map_or(u16::MAX, |next| next.0);
        // Where bars or tabs part the cells, blanks do not.
        let parts =
            |number: usize| both >> number & 1 == 1 && !(SEPARATORS[number].starts_with(' ') && both & BARS != 0);
        let mut inside = SEPARATORS.into_iter().enumerate().filter(|&(number, _)| parts(number));
        inside.find_map(|(_, separator)| {
            pairs(chars, &lines[at..], separator)
                // Every line is a header row to look below: those of a long text are not all tried.
                .or_else(|| (at < FORM_LINES).then(|| across(chars, &lines[at..], separator)).flatten())
                .or_else(|| below(chars, &lines[at..], separator))
        })
    })
}

/// Bits for the separators that a line has, and for a figure: one pass tells which of them can cut it into cells.
#[derive(Clone, Copy)]
struct LineMarks(u16);

impl LineMarks {
    fn new(line: &[char]) -> Self {
        let mark = |&c: &char| match c {
            '|' => 1,
            '｜' => 1 << 1,
            '\t' => 1 << 2,
            ' ' | '\u{3000}' => 1 << 3 | 1 << 6,
            ',' | '，' => 1 << 4,
            '、' => 1 << 5,
            ';' | '；' => 1 << 7,
            '0'..='9' => FIGURE,
            _ => 0,
        };
        Self(line.iter().map(mark).fold(0, std::ops::BitOr::bitor))
    }
}

/// Returns the lines of a text.
fn lines(chars: &[char]) -> Vec<TextRange> {
    let mut start = 0;
    let ends = (0..=chars.len()).filter(|&at| at == chars.len() || chars[at] == '\n');
    ends.map(|end| std::mem::replace(&mut start, end + 1)..end).collect()
}

/// Returns whether a figure may be in a header row: `面积(m2)`, `Phase 1`, `1期`, `2029（达产）`; in `7、层高（m）：8.5` it is a value.
fn may_count(line: &[char]) -> bool {
    let mut open = false;
    let outside = line.split(|c| {
        open = matches!(c, '(' | '（') || open && !matches!(c, ')' | '）');
        open || !c.is_ascii_digit()
    });
    let year = |run: &[char]| run.len() == YEAR && run.starts_with(&['2', '0']);
    let named = outside.filter(|run| !run.is_empty()).all(year);
    let phase = || line.windows(6).any(|word| matches!(word, ['P' | 'p', 'h', 'a', 's', 'e', ' ']));
    named || line.contains(&'期') || phase()
}

/// Returns the table whose header row is the first of the lines, where a separator is in it and in the next one.
fn below(chars: &[char], lines: &[TextRange], separator: &str) -> Option<TextTable> {
    let mut header = cells(chars, &lines[0], separator);
    // 　一期　　二期　　合计: the heading over the names is empty.
    let next = lines.get(1).map_or(0, |line| cells(chars, line, separator).len());
    if separator == "  " && next == header.len() + 1 {
        header.insert(0, lines[0].start..lines[0].start);
    }
    // Item,Requirement: two words between commas or semicolons are a header row where they name the columns of fields and
    // values.
    let pair = matches!(separator, "," | ";") && names_pair(chars, &header);
    let least = if matches!(separator, "," | ";" | "、" | " ") && !pair { 3 } else { 2 };
    if header.len() < least || header.len() > MOST {
        return None;
    }
    // Cells at the end of a row may be left out; words between blanks must be as many as the headings.
    let fits = |row: &[TextRange]| row.len() == header.len() || row.len() + 1 == header.len() && separator != " ";
    let rule = |line: &TextRange| !chars[line.clone()].iter().any(|c| c.is_alphanumeric()) && !line.is_empty();
    let first = lines[1..].iter().take(2).find(|line| !rule(line))?;
    if !fits(&cells(chars, first, separator)) {
        return None;
    }
    let mut headings = Headings::new(chars, &header);
    // A look at the headings alone refuses nearly all lines before their rows are cut.
    if !headings.may_head() {
        return None;
    }
    let (mut rows, mut end) = (Vec::new(), lines[0].end);
    for line in lines[1..].iter().take(MOST_ROWS) {
        let row = cells(chars, line, separator);
        if !rule(line) && !fits(&row) {
            break;
        }
        end = line.end;
        rows.extend((!rule(line)).then_some(row));
    }
    let units = if rows.first().is_some_and(|row| is_units(chars, row)) { rows.remove(0) } else { Vec::new() };
    headings.name_rows(chars, &rows);
    if !headings.by_rows && is_form(chars, &rows) {
        return None;
    }
    let columns = headings.columns()?;
    // 合计,,83: the sums of the columns are no need.
    let of_sums = |row: &Vec<TextRange>| {
        let first = row.iter().find(|cell| !cell.is_empty());
        first.is_some_and(|cell| Heading::new(&chars[cell.clone()]).is(&CUES.sums))
    };
    let by_columns = columns.iter().all(|column| matches!(column, TableColumn::Field | TableColumn::Index));
    let sums: Vec<TextRange> =
        rows.extract_if(.., |row| by_columns && of_sums(row)).flatten().filter(|cell| !cell.is_empty()).collect();
    let figures = |row: &Vec<TextRange>| row.iter().any(|cell| chars[cell.clone()].iter().any(char::is_ascii_digit));
    if !rows.iter().any(figures) {
        return None;
    }
    Some(TextTable {
        place: lines[0].start..end,
        columns: columns.into_iter().zip(header).collect(),
        rows,
        units,
        sums,
    })
}

/// Returns the table of a form with several names and values on a line: 总投资 | 2亿元 | 年产值 | 3亿元. Each name is a row of its
/// own.
fn pairs(chars: &[char], lines: &[TextRange], separator: &str) -> Option<TextTable> {
    const LEAST: usize = 4;
    if !matches!(separator, "|" | "｜" | "\t" | "  ") {
        return None;
    }
    let known = |cell: &TextRange| Heading::new(&chars[cell.clone()]).is_known();
    // A look at the first line refuses nearly all before the others are cut.
    let first = cells(chars, &lines[0], separator);
    let named = first.iter().step_by(2).filter(|cell| known(cell)).count();
    let told = first.iter().skip(1).step_by(2).filter(|cell| known(cell)).count();
    if first.len() > MOST || named == 0 || told * 3 > first.len() / 2 {
        return None;
    }
    let paired = |row: &Vec<TextRange>| row.len() >= LEAST && row.len() <= MOST && row.len().is_multiple_of(2);
    let cut = lines.iter().take(FORM_LINES).map(|line| cells(chars, line, separator));
    let lines_of_cells: Vec<Vec<TextRange>> = cut.take_while(paired).collect();
    let rows: Vec<Vec<TextRange>> = lines_of_cells.iter().flat_map(|row| row.chunks(2).map(<[_]>::to_vec)).collect();
    let names = rows.iter().filter(|row| known(&row[0])).count();
    let values = rows.iter().filter(|row| known(&row[1])).count();
    // A header row names fields in every column, and the rows below it in none.
    if lines_of_cells.len() < 2 || names * 3 < rows.len() * 2 || values * 3 > rows.len() {
        return None;
    }
    let (start, end) = (lines[0].start, lines[lines_of_cells.len() - 1].end);
    let columns = vec![(TableColumn::Name, start..start), (TableColumn::Value, start..start)];
    Some(TextTable { place: start..end, columns, rows, units: Vec::new(), sums: Vec::new() })
}

/// Returns the table whose columns are a need each, as places that differ tell: 地点 | 丰镇市 | 集宁区 below 需求 | 工厂 | 仓库, turned
/// so that each need is a row.
fn across(chars: &[char], lines: &[TextRange], separator: &str) -> Option<TextTable> {
    const LEAST: usize = 4;
    if !matches!(separator, "|" | "｜" | "\t" | "  ") {
        return None;
    }
    let header = cells(chars, &lines[0], separator);
    if !(3..=MOST_BESIDE).contains(&header.len()) {
        return None;
    }
    let heading = |cell: &TextRange| Heading::new(&chars[cell.clone()]);
    let of_values = |it: &Heading| it.is_phase() || it.is_total() || it.is_year() || it.is_known();
    let beside = |it: &Heading| [&CUES.unit, &CUES.value, &CUES.remark, &CUES.index].iter().any(|list| it.is(list));
    if header[1..].iter().map(heading).any(|it| it.is_empty() || of_values(&it) && !it.is_thing || beside(&it)) {
        return None;
    }
    let fits = |row: &Vec<TextRange>| row.len() == header.len();
    let rule = |line: &TextRange| !chars[line.clone()].iter().any(|c| c.is_alphanumeric()) && !line.is_empty();
    let body = lines[1..].iter().take(FORM_LINES).filter(|line| !rule(line));
    let rows: Vec<Vec<TextRange>> = body.map(|line| cells(chars, line, separator)).take_while(fits).collect();
    let named = rows.iter().filter(|row| heading(&row[0]).is_known()).count();
    let text = |cell: &TextRange| &chars[cell.clone()];
    let apart = |row: &Vec<TextRange>| heading(&row[0]).is(&CUES.place) && text(&row[1]) != text(&row[2]);
    if rows.len() < LEAST || named * 3 < rows.len() * 2 || !rows.iter().any(apart) {
        return None;
    }
    let end = rows.last().and_then(|row| row.last()).map_or(lines[0].end, |cell| cell.end);
    let all = || std::iter::once(&header).chain(&rows);
    let columns = all().map(|row| (TableColumn::Field, row[0].clone())).collect();
    let needs = (1..header.len()).map(|need| all().map(|row| row[need].clone()).collect()).collect();
    Some(TextTable { place: lines[0].start..end, columns, rows: needs, units: Vec::new(), sums: Vec::new() })
}

/// Returns whether the rows of two cells are a form without a header: many first cells name a field, and few second ones.
fn is_form(chars: &[char], rows: &[Vec<TextRange>]) -> bool {
    let known = |cell: &TextRange| Heading::new(&chars[cell.clone()]).is_known();
    let count = |at: usize| rows.iter().filter(|row| row.get(at).is_some_and(known)).count();
    rows.iter().all(|row| row.len() == 2) && count(0) * 3 >= rows.len() && count(1) < count(0)
}

/// Returns whether the cells of a row are units, or empty.
fn is_units(chars: &[char], row: &[TextRange]) -> bool {
    const LEAST: usize = 2;
    let filled = || row.iter().filter(|cell| !cell.is_empty());
    filled().count() >= LEAST && filled().all(|cell| is_unit(&chars[cell.clone()]))
}

/// Returns the unit behind the last sign of a heading: 总投资/万元.
pub(crate) fn unit_behind_slash(chars: &[char], heading: &TextRange) -> Option<TextRange> {
    let mut slashes = heading.clone().filter(|&at| matches!(chars[at], '/' | '／') && at > heading.start);
    slashes.find(|&at| is_unit(&chars[at + 1..heading.end])).map(|at| at + 1..heading.end)
}

/// Returns whether characters are a unit alone.
fn is_unit(chars: &[char]) -> bool {
    let text: String = std::iter::once(&'1').chain(chars).collect();
    let text = Text::new(&text);
    quantity(&text, 0).is_some_and(|found| found.dim != Dim::Bare && found.end == text.chars.len())
}

/// Returns whether two cells head a column of names and one of values.
fn names_pair(chars: &[char], header: &[TextRange]) -> bool {
    let [name, value] = header else { return false };
    let is = |cell: &TextRange, list: &'static WordList| Heading::new(&chars[cell.clone()]).is(list);
    is(name, &CUES.name) && is(value, &CUES.value)
}

/// Returns the cells of a line, without blanks around them.
fn cells(chars: &[char], line: &TextRange, separator: &str) -> Vec<TextRange> {
    let trimmed = trim(chars, line.clone());
    let bars = matches!(separator, "|" | "｜");
    let mark = separator.chars().next().unwrap_or('|');
    let mut inner = if bars || separator == "\t" { line.clone() } else { trimmed };
    if bars {
        inner = trim(chars, inner);
        inner.start += usize::from(chars.get(inner.start) == Some(&mark));
        inner.end -= usize::from(inner.end > inner.start && chars[inner.end - 1] == mark);
    }
    // 存鞋盒，要货梯 is one cell of a line that commas without width cut.
    let narrow = matches!(mark, ',' | ';') && chars[inner.clone()].contains(&mark);
    let same = |c: char| c == mark || !narrow && is_wide(c, mark);
    let (mut all, mut start, mut at) = (Vec::new(), inner.start, inner.start);
    // "12,000 sqm" is one cell.
    let mut quoted = false;
    while at <= inner.end {
        quoted ^= mark == ',' && at < inner.end && chars[at] == '"';
        let run = if quoted { 0 } else { chars[at..inner.end].iter().take_while(|&&c| same(c)).count() };
        let cut = at == inner.end || if separator == "  " { run > 1 } else { run > 0 };
        if cut {
            all.push(unquoted(chars, trim(chars, start..at)));
            at += if mark == ' ' { run.max(1) } else { 1 };
            start = at;
        } else {
            at += run.max(1);
        }
    }
    all
}

/// Returns a cell without the quotation marks around it: `"12,500"`.
fn unquoted(chars: &[char], cell: TextRange) -> TextRange {
    let quoted = cell.len() > 1 && chars[cell.start] == '"' && chars[cell.end - 1] == '"';
    if quoted { cell.start + 1..cell.end - 1 } else { cell }
}

/// Returns whether a character is a separator in its wide form.
fn is_wide(c: char, mark: char) -> bool {
    mark == ',' && c == '，' || mark == ';' && c == '；' || mark == ' ' && c == '\u{3000}'
}

fn trim(chars: &[char], mut place: TextRange) -> TextRange {
    while place.start < place.end && chars[place.start].is_whitespace() {
        place.start += 1;
    }
    while place.start < place.end && chars[place.end - 1].is_whitespace() {
        place.end -= 1;
    }
    place
}

/// The headings of a table, with what they say of all of its columns.
struct Headings {
    all: Vec<Heading>,
    /// Headings that are not empty.
    filled: usize,
    /// Headings that name a field.
    fields: usize,
    /// 指标 | 单位 | 数值: each row is a field.
    by_rows: bool,
    /// 指标 | 一期 | 合计: each row is a field, with a value for each phase.
    by_phases: bool,
    /// The column that names the rows' fields, under any heading.
    names: Option<usize>,
}

impl Headings {
    fn new(chars: &[char], header: &[TextRange]) -> Self {
        let all: Vec<Heading> = header.iter().map(|cell| Heading::new(&chars[cell.clone()])).collect();
        let count = |is: &dyn Fn(&Heading) -> bool| all.iter().filter(|heading| is(heading)).count();
        let filled = count(&|heading| !heading.is_empty());
        let fields = count(&|heading| heading.names_field);
        let pair = matches!(&all[..], [name, value] if name.is(&CUES.name) && value.is(&CUES.remark));
        let by_rows = pair || count(&|it| it.is(&CUES.value)) > 0 && count(&|it| it.is(&CUES.name)) > 0 && fields == 0;
        // 2027 | 2028 | 2029（达产）: the columns of the years before are phases.
        let years = all.iter().skip(1).any(Heading::is_total);
        let is_phase = |it: &&Heading| it.is_phase() || it.is_total() || years && it.is_year();
        let phases = all.iter().skip(1).filter(is_phase).count();
        let beside = count(&|it| it.is(&CUES.unit) || it.is(&CUES.index) || it.is(&CUES.remark));
        Self { by_rows, by_phases: phases > 1 && phases + beside + 1 >= filled, all, filled, fields, names: None }
    }

    /// Returns whether the cells can be a header row: they name columns, or one of them heads the values of fields.
    fn may_head(&self) -> bool {
        self.all.iter().skip(1).any(|heading| heading.is(&CUES.value)) || self.columns().is_some()
    }

    /// Finds the column whose cells name fields: `需求条目 | 具体情况` with the rows 面积, 层高 and 区域.
    fn name_rows(&mut self, chars: &[char], rows: &[Vec<TextRange>]) {
        const LEAST: usize = 2;
        if self.by_rows || self.by_phases || self.all.len() < 2 {
            return;
        }
        let own = self.first();
        // 需求  冷库3500平 opens a form whose lines are read as they are.
        if !self.all.iter().skip(own + 1).any(|heading| heading.is(&CUES.value)) {
            return;
        }
        let names =
            |row: &&Vec<TextRange>| row.get(own).is_some_and(|cell| Heading::new(&chars[cell.clone()]).is_known());
        let named = rows.iter().filter(names).count();
        // The headings of a table by columns name more fields than its first column does.
        let told = self.all.iter().enumerate().filter(|(at, it)| *at != own && it.names_field).count();
        if named >= LEAST && named * 2 >= rows.len() && told <= 1 && self.all.len() - own <= MOST_BESIDE {
            (self.by_rows, self.names) = (true, Some(own));
        }
    }

    /// Returns the first column that is no number of a row.
    fn first(&self) -> usize {
        usize::from(self.all.first().is_some_and(|heading| heading.is(&CUES.index)) && self.all.len() > 2)
    }

    /// Returns what the columns hold; `None` where the cells are no header row.
    fn columns(&self) -> Option<Vec<TableColumn>> {
        let (mut named, mut valued) = (self.names.is_some(), false);
        let mut all: Vec<Option<TableColumn>> = Vec::with_capacity(self.all.len());
        for (at, heading) in self.all.iter().enumerate() {
            let is = |list: &'static WordList| heading.is(list);
            let rows = self.by_rows || self.by_phases;
            all.push(match () {
                () if self.names == Some(at) => Some(TableColumn::Name),
                () if is(&CUES.index) => Some(TableColumn::Index),
                () if is(&CUES.group) && self.all[at + 1..].iter().any(|it| it.is(&CUES.name)) => {
                    Some(TableColumn::Index)
                }
                () if self.by_phases && at == self.first() => Some(TableColumn::Name),
                () if rows && is(&CUES.unit) => Some(TableColumn::Unit),
                () if self.names.is_some() && !std::mem::replace(&mut valued, true) => Some(TableColumn::Value),
                // 名目 | 说明: of two columns the second has the values.
                () if is(&CUES.remark) && !(self.by_rows && self.all.len() == 2) => Some(TableColumn::Remark),
                () if self.by_phases && heading.is_total() => Some(TableColumn::Total),
                () if self.by_phases && (heading.is_phase() || heading.is_year()) => Some(TableColumn::Phase),
                () if self.by_phases => Some(TableColumn::Name),
                // 项目 | 需求, but 需求 | 数值.
                () if self.by_rows && is(&CUES.name) && !std::mem::replace(&mut named, true) => Some(TableColumn::Name),
                () if self.by_rows && (is(&CUES.value) || is(&CUES.remark)) => Some(TableColumn::Value),
                () if self.is_unit_behind(at) => Some(TableColumn::Unit),
                () if heading.names_field || is(&CUES.heading) => Some(TableColumn::Field),
                () => None,
            });
        }
        let known = all.iter().flatten().count();
        let told = self.fields > 0 || self.by_rows || self.by_phases;
        (told && known > 1 && known * 3 >= self.filled * 2)
            .then(|| all.into_iter().map(|it| it.unwrap_or(TableColumn::Field)).collect())
    }

    /// Returns whether a column holds the units of the figures before it: 面积,单位.
    fn is_unit_behind(&self, at: usize) -> bool {
        let before = at.checked_sub(1).map(|before| &self.all[before]);
        self.all[at].is(&CUES.unit) && before.is_some_and(|heading| heading.is_figure || heading.is(&CUES.value))
    }
}

/// The most columns of a table whose rows name their fields.
const MOST_BESIDE: usize = 4;

/// A heading, folded, without the unit in brackets behind it.
struct Heading {
    text: Text,
    end: usize,
    /// Whether it names a field of a requirement.
    names_field: bool,
    /// Whether it names a figure.
    is_figure: bool,
    /// Whether it names land or a building.
    is_thing: bool,
}

impl Heading {
    fn new(cell: &[char]) -> Self {
        let text = Text::of(cell.to_vec());
        let end = text.chars.iter().position(|&c| matches!(c, '(' | '[' | '/')).unwrap_or(text.chars.len());
        let blanks = text.chars[..end].iter().rev().take_while(|&&c| c == ' ').count();
        let end = end - blanks;
        let whole = |from: usize| word_at(&text, from).filter(|&(length, _)| from + length == end);
        let planned = || CUES.planned.at(&text, 0).and_then(whole);
        // 面积㎡: the unit is glued to the name.
        let glued = || word_at(&text, 0).filter(|&(length, _)| measure(&text, length).is_some_and(|it| it.2 == end));
        let tags = whole(0).or_else(planned).or_else(glued).map_or(Tags::NONE, |(_, tags)| tags);
        let is_figure = tags.has_label() || tags.has(Tag::Area);
        let is_thing = tags.any(&[Tag::Space, Tag::Plot]) && !tags.has_label();
        Self { text, end, names_field: tags.has_label() || tags.meets(TELLING), is_figure, is_thing }
    }

    const fn is_empty(&self) -> bool {
        self.end == 0
    }

    /// Returns whether it names a field, or a column that tables of needs have.
    fn is_known(&self) -> bool {
        self.names_field || self.is(&CUES.heading)
    }

    fn is(&self, list: &WordList) -> bool {
        list.is(&self.text, 0, self.end)
    }

    /// Returns whether it heads the column of a phase or of the present: `一期`, `现状`, `2025年实际`.
    fn is_phase(&self) -> bool {
        CUES.phase.is(&self.text, self.behind_year(), self.end)
    }

    /// Returns whether it heads the column of the total or of what is planned: `合计`, `项目达产`, `2029年达产`, `2029（达产）`.
    fn is_total(&self) -> bool {
        let last = self.text.chars.len().saturating_sub(1);
        CUES.total.is(&self.text, self.behind_year(), self.end)
            || self.is_year() && self.end < last && CUES.total.is(&self.text, self.end + 1, last)
    }

    /// Returns whether it is a year: `2027`, `2028年`.
    fn is_year(&self) -> bool {
        self.text.chars[..self.end].iter().take(YEAR).all(char::is_ascii_digit)
            && matches!(self.end.checked_sub(YEAR), Some(0))
            || self.behind_year() == self.end
    }

    /// Returns the position behind the year that it starts with, else 0.
    fn behind_year(&self) -> usize {
        let digits = self.text.chars.iter().take_while(|c| c.is_ascii_digit()).count();
        if digits == YEAR && self.text.at(digits) == '年' { digits + 1 } else { 0 }
    }
}

/// The digits of a year.
const YEAR: usize = 4;

/// Tags of words that name a field without being the label of an amount.
const TELLING: Tags = Tags::of(&[
    Tag::Area,
    Tag::Wanted,
    Tag::Avail,
    Tag::Start,
    Tag::Commission,
    Tag::Space,
    Tag::Plot,
    Tag::FixedShare,
    Tag::Code,
]);

/// Returns the unit that a caption above the table gives for the figures below a heading: （单位：万元、亩）.
pub(crate) fn caption_unit(chars: &[char], table: &TextTable, heading: &TextRange) -> Option<TextRange> {
    let word = Heading::new(&chars[heading.clone()]);
    if word.end < word.text.chars.len() {
        return None;
    }
    let (_, tags) = word_at(&word.text, 0)?;
    let above = Text::of(chars[..table.place.start].to_vec());
    let (at, length) = (0..above.chars.len()).find_map(|at| Some((at, CUES.caption.at(&above, at)?)))?;
    let (from, end) = above.place(at + length, above.chars.len());
    let mut start = from;
    let stops = (from..=end).filter(|&at| at == end || !chars[at].is_alphanumeric());
    let mut units = stops.map(|stop| std::mem::replace(&mut start, stop + 1)..stop).take(5);
    units.find(|unit| {
        let unit: String = chars[unit.clone()].iter().collect();
        let found = measure(&Text::new(&format!("1{unit}")), 1);
        let large = unit.starts_with(['万', '亿']);
        fits(tags, found.map(|(dim, ..)| dim), large)
    })
}

fn fits(tags: Tags, dim: Option<Dim>, large: bool) -> bool {
    let money = [Slot::INVEST, Slot::FIXED, Slot::TAX, Slot::OUTPUT].into_iter().any(|slot| tags.names(slot));
    match dim {
        Some(Dim::Money) => money,
        Some(Dim::Land) => tags.names(Slot::LAND),
        Some(Dim::Floor) => tags.names(Slot::FLOOR) || tags.has(Tag::Area),
        None => large && money,
        _ => false,
    }
}
