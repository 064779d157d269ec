//! The columns of tables as data, and the macros that make tables and figures of listings from `fields.rs`.

use crate::area::Mu;
use crate::decimal::Decimal;
use crate::industry::IndustryCode;
use crate::unit::Unit;
use crate::vocabulary::KeyFact;
use crate::word::{Vocabulary, Word};

/// The longest cell that is stored, in characters.
pub const LONGEST_CELL: usize = 4000;
/// The longest id, in characters.
pub const LONGEST_ID: usize = 200;

/// The type of a column's cells.
#[derive(Clone, Copy, Debug)]
pub enum Cell {
    /// Text up to a limit in characters.
    Text(usize),
    /// A day, a month or a year, as precise as the source: `2024-05-06`, `2024-05`, `2024`, `05-06` where it masks the year.
    LooseDate,
    /// A month, or a year where the source names no month: `1994-08`.
    Month,
    /// A number, not negative, with its unit.
    Decimal(Unit),
    /// Degrees, between plus and minus the limit.
    Degrees(f64),
    /// GB/T 4754 codes joined by `;`.
    Industries,
    /// One GB/T 2260 code.
    Division,
    /// `2027-03-01`.
    Day,
    /// yes or no in one of its forms.
    YesNo,
    /// yes, likely or no (`standard_land`).
    Likely,
    /// One word of an enumeration.
    Word(Vocabulary),
    /// Words of an enumeration or codes of a vocabulary joined by `;`.
    Words(Vocabulary),
    /// A mail address.
    Mail,
}

/// One column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The name in headers, exports and storage; the key of its label is `column.…`.
    pub name: &'static str,
    /// The names in Chinese headers; the first is the label of the pages.
    pub chinese: &'static [&'static str],
    /// The type of the cells.
    pub cell: Cell,
    /// Whether the header must have it.
    pub required: bool,
    /// Whether each row must fill it.
    pub filled: bool,
    /// Whether full-text search covers it.
    pub searched: bool,
    /// The key fact that it states; a check of the fact covers it.
    pub fact: Option<KeyFact>,
}

impl Column {
    const fn of(cell: Cell) -> Self {
        Self { name: "", chinese: &[], cell, required: false, filled: false, searched: false, fact: None }
    }

    /// The header must have the column.
    pub(crate) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Each row must fill the column.
    pub(crate) const fn filled(self) -> Self {
        Self { filled: true, ..self }
    }

    /// Full-text search covers the column.
    pub(crate) const fn searched(self) -> Self {
        Self { searched: true, ..self }
    }

    /// The column states a key fact.
    pub(crate) const fn fact(self, fact: KeyFact) -> Self {
        Self { fact: Some(fact), ..self }
    }

    /// Returns the unit of the figures.
    #[must_use]
    pub const fn unit(&self) -> Option<Unit> {
        match self.cell {
            Cell::Decimal(unit) => Some(unit),
            _ => None,
        }
    }
}

/// The id of a row; the first column of its table.
pub(crate) const fn id() -> Column {
    Column::of(Cell::Text(LONGEST_ID)).required()
}

/// Text.
pub(crate) const fn text() -> Column {
    Column::of(Cell::Text(LONGEST_CELL))
}

/// A day, a month or a year as written.
pub(crate) const fn loose_date() -> Column {
    Column::of(Cell::LooseDate)
}

/// A month.
pub(crate) const fn month() -> Column {
    Column::of(Cell::Month)
}

/// A figure.
pub(crate) const fn figure(unit: Unit) -> Column {
    Column::of(Cell::Decimal(unit))
}

/// Degrees east.
pub(crate) const fn longitude() -> Column {
    Column::of(Cell::Degrees(180.0))
}

/// Degrees north.
pub(crate) const fn latitude() -> Column {
    Column::of(Cell::Degrees(90.0))
}

/// Industry codes.
pub(crate) const fn industries() -> Column {
    Column::of(Cell::Industries)
}

/// A division's code.
pub(crate) const fn division() -> Column {
    Column::of(Cell::Division)
}

/// A day.
pub(crate) const fn day() -> Column {
    Column::of(Cell::Day)
}

/// yes or no.
pub(crate) const fn yes_no() -> Column {
    Column::of(Cell::YesNo)
}

/// yes, likely or no.
pub(crate) const fn likely() -> Column {
    Column::of(Cell::Likely)
}

/// One word.
pub(crate) const fn word(vocabulary: Vocabulary) -> Column {
    Column::of(Cell::Word(vocabulary))
}

/// Several words.
pub(crate) const fn words(vocabulary: Vocabulary) -> Column {
    Column::of(Cell::Words(vocabulary))
}

/// A mail address.
pub(crate) const fn mail() -> Column {
    Column::of(Cell::Mail)
}

/// A table's name: a kind of listing, or the policies. The type keeps policies apart from listings.
pub trait Table: Copy + PartialEq + std::fmt::Debug {
    /// Returns the columns in the order of the header; the first holds the id.
    fn columns(self) -> &'static [Column];

    /// Returns the key of a column's label below `column`.
    fn label(self, column: &Column) -> &'static str {
        column.name
    }

    /// Whether its texts are public.
    fn is_published(self) -> bool {
        true
    }

    /// Returns the column of a name.
    fn column(self, name: &str) -> Option<&'static Column> {
        self.columns().iter().find(|column| column.name == name)
    }
}

/// A figure of a listing, from a cell in canonical form.
pub(crate) trait FromCell: Sized {
    /// Returns the value; `None` where the cell is blank and the figure cannot be.
    fn from_cell(text: &str, column: &Column) -> Option<Self>;
}

impl FromCell for Option<Decimal> {
    fn from_cell(text: &str, _: &Column) -> Option<Self> {
        Some(Decimal::parse(text).ok())
    }
}

impl FromCell for Option<Mu> {
    fn from_cell(text: &str, column: &Column) -> Option<Self> {
        let area = Decimal::parse(text).ok();
        Some(area.map(if matches!(column.unit(), Some(Unit::M2)) { Mu::from_sqm } else { Mu::from_mu }))
    }
}

impl FromCell for Vec<IndustryCode> {
    fn from_cell(text: &str, _: &Column) -> Option<Self> {
        Some(text.split(';').filter_map(IndustryCode::parse).collect())
    }
}

impl FromCell for String {
    fn from_cell(text: &str, _: &Column) -> Option<Self> {
        Some(text.to_owned())
    }
}

/// `likely` counts as yes.
impl FromCell for bool {
    fn from_cell(text: &str, _: &Column) -> Option<Self> {
        Some(matches!(text, "yes" | "likely"))
    }
}

impl<T: Word> FromCell for T {
    fn from_cell(text: &str, _: &Column) -> Option<Self> {
        T::from_word(text)
    }
}

impl<T: Word> FromCell for Option<T> {
    fn from_cell(text: &str, _: &Column) -> Option<Self> {
        Some(T::from_word(text))
    }
}

impl<T: Word> FromCell for Vec<T> {
    fn from_cell(text: &str, _: &Column) -> Option<Self> {
        Some(text.split(';').filter_map(T::from_word).collect())
    }
}

/// Makes a table's columns from rows `name ["中文名", …] = cell;`.
macro_rules! columns {
    ($(#[$meta:meta])* $TABLE:ident { $($name:ident [$($chinese:literal),+] = $cell:expr;)+ }) => {
        $(#[$meta])*
        const $TABLE: &[$crate::column::Column] = &[$($crate::column::Column {
            name: stringify!($name),
            chinese: &[$($chinese),+],
            ..$cell
        }),+];
    };
}

/// Makes a kind's columns and the struct of its figures: rows of [`columns!`], those that are figures of the listing
/// with `=> "Doc." field: Type`.
macro_rules! listing {
    ($(#[$meta:meta])* pub struct $Struct:ident in $TABLE:ident {
        $($name:ident [$($chinese:literal),+] = $cell:expr
            $(=> $about:literal $field:ident: $ty:ty)?;)+
    }) => {
        $crate::column::columns! {
            $TABLE { $($name [$($chinese),+] = $cell;)+ }
        }

        $(#[$meta])*
        pub struct $Struct {
            $($(#[doc = $about] pub $field: $ty,)?)+
        }

        impl $Struct {
            /// Reads the figures from a row's cells; `None` where a cell is blank that each row must fill.
            pub(crate) fn from_cells<'c>(cell: impl Fn(&str) -> &'c str) -> Option<Self> {
                let mut columns = $TABLE.iter();
                $(
                    let column = columns.next()?;
                    $(let $field = <$ty as $crate::column::FromCell>::from_cell(cell(column.name), column)?;)?
                    let _ = column;
                )+
                Some(Self { $($($field,)?)+ })
            }
        }
    };
}

pub(crate) use {columns, listing};
