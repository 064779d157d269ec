//! Hidden rows of a worksheet, and its formulas for which the file stores no value: the cell reader leaves both out.

use std::collections::{HashMap, HashSet};
use std::io::{BufReader, Read, Seek};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;

/// Marks of one worksheet; rows and columns count from 0.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub(super) hidden: HashSet<u32>,
    /// Formulas without a stored value, by row and column.
    pub(super) no_value: HashMap<(u32, u32), String>,
}

type Damage = Box<dyn std::error::Error + Send + Sync>;

/// Reads the marks of every worksheet, by its name.
///
/// # Errors
/// [`Damage`]: a damaged archive or damaged XML.
pub(super) fn read<R: Read + Seek>(file: R) -> Result<HashMap<String, Marks>, Damage> {
    let mut archive = ZipArchive::new(file)?;
    let targets = targets(&mut archive)?;
    let mut marks = HashMap::new();
    for (name, id) in sheets(&mut archive)? {
        let Some(path) = targets.get(&id) else { continue };
        if let Ok(part) = archive.by_name(path) {
            marks.insert(name, of_sheet(BufReader::new(part))?);
        }
    }
    Ok(marks)
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().flatten().find(|attribute| attribute.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// The paths of the workbook's parts by relation.
fn targets<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<HashMap<String, String>, Damage> {
    let mut targets = HashMap::new();
    let Ok(part) = archive.by_name("xl/_rels/workbook.xml.rels") else { return Ok(targets) };
    each_element(BufReader::new(part), |element| {
        if let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target")) {
            let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            targets.insert(id, path);
        }
    })?;
    Ok(targets)
}

/// The names of the sheets with their relations.
fn sheets<R: Read + Seek>(archive: &mut ZipArchive<R>) -> Result<Vec<(String, String)>, Damage> {
    let mut sheets = Vec::new();
    let Ok(part) = archive.by_name("xl/workbook.xml") else { return Ok(sheets) };
    each_element(BufReader::new(part), |element| {
        if element.local_name().as_ref() == "sheet" {
            sheets.extend(attribute(element, "name").zip(attribute(element, "id")));
        }
    })?;
    Ok(sheets)
}

fn each_element(xml: impl std::io::BufRead, mut visit: impl FnMut(&BytesStart<'_>)) -> Result<(), Damage> {
    let mut reader = Reader::from_reader(xml);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Start(element) | Event::Empty(element) => visit(&element),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// A cell while it is read.
#[derive(Default)]
struct OpenCell {
    place: (u32, u32),
    formula: Option<String>,
    is_text: bool,
    has_value: bool,
}

fn of_sheet(xml: impl std::io::BufRead) -> Result<Marks, Damage> {
    let mut reader = Reader::from_reader(xml);
    let (mut marks, mut buffer) = (Marks::default(), Vec::new());
    let (mut row, mut cell, mut in_formula) = (0_u32, OpenCell::default(), false);
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer)? {
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "row" => {
                row = attribute(&element, "r").and_then(|r| r.parse::<u32>().ok()).map_or(row.saturating_add(1), |r| r);
                if attribute(&element, "hidden").is_some_and(|hidden| hidden == "1" || hidden == "true") {
                    marks.hidden.insert(row.saturating_sub(1));
                }
                cell.place = (row.saturating_sub(1), 0);
            }
            Event::Start(element) => match element.local_name().as_ref() {
                "c" => start_cell(&mut cell, &element),
                "f" => (cell.formula, in_formula) = (Some(String::new()), true),
                "v" | "is" => cell.has_value = true,
                _ => {}
            },
            // An empty text that a formula gave; elsewhere an empty element is no value.
            Event::Empty(element) if element.local_name().as_ref() == "v" => cell.has_value = cell.is_text,
            // A shared formula's later cells have an empty element.
            Event::Empty(element) if element.local_name().as_ref() == "f" => cell.formula = Some(String::new()),
            Event::Text(text) if in_formula => {
                if let Some(formula) = &mut cell.formula {
                    formula.push_str(&text.xml_content(XmlVersion::Implicit1_0));
                }
            }
            Event::End(element) => match element.local_name().as_ref() {
                "f" => in_formula = false,
                "c" => end_cell(&mut cell, &mut marks),
                "sheetData" => return Ok(marks),
                _ => {}
            },
            Event::Eof => return Ok(marks),
            _ => {}
        }
    }
}

fn start_cell(cell: &mut OpenCell, element: &BytesStart<'_>) {
    if let Some(column) = attribute(element, "r").as_deref().map(column_of) {
        cell.place.1 = column;
    }
    cell.is_text = attribute(element, "t").is_some_and(|kind| kind == "str");
    (cell.formula, cell.has_value) = (None, false);
}

fn end_cell(cell: &mut OpenCell, marks: &mut Marks) {
    if let Some(formula) = cell.formula.take().filter(|_| !cell.has_value) {
        marks.no_value.insert(cell.place, formula);
    }
    cell.place.1 = cell.place.1.saturating_add(1);
}

/// The column of `AB12`, from 0; a reference with more letters than columns exist is far behind the last of them.
fn column_of(reference: &str) -> u32 {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let number = |letter: u8| u32::from(letter.to_ascii_uppercase() - b'A') + 1;
    letters.fold(0_u32, |column, letter| column.saturating_mul(26).saturating_add(number(letter))).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_beyond_every_column_and_row_is_the_last_of_them() {
        assert_eq!(["A1", "aa7", "XFD1048576"].map(column_of), [0, 26, 16_383]);
        assert_eq!(column_of("ZZZZZZZZ1"), u32::MAX - 1);
        let sheet = r#"<sheetData><row r="4294967295" hidden="1"><c r="ZZZZZZZZ1"><f>1+1</f></c><c><f>2+2</f></c></row><row/></sheetData>"#;
        let marks = of_sheet(sheet.as_bytes()).expect("well-formed XML");
        assert_eq!(marks.hidden, HashSet::from([u32::MAX - 1]));
        let last = (u32::MAX - 1, u32::MAX - 1);
        assert_eq!(marks.no_value, HashMap::from([(last, "1+1".to_owned()), ((last.0, u32::MAX), "2+2".to_owned())]));
    }
}
