//! The fields of a requirement as data, and the macro that makes the struct from the table in `fields.rs`.

use std::any::Any;

use serde_json::Value;

use crate::json::{FromJson, JsonReader};
use crate::shape::Shape;

/// One field of a requirement.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// The name in JSON, forms, criteria and the reader's words; the keys of its words are `field.…` and `hint.…`.
    pub name: &'static str,
    /// The description of the API's schema.
    pub about: &'static str,
    /// The type.
    pub shape: Shape,
}

/// A field's value in the struct: absent, one value or a list.
pub(crate) trait FieldSlot: Any {
    /// Reads the value from JSON; errors go to the reader.
    fn read(&mut self, reader: &mut JsonReader, field: &Field, value: &Value);

    /// Returns whether nothing is stated.
    fn is_absent(&self) -> bool;

    /// Returns the value for a cast to its own type.
    fn any(&self) -> &dyn Any;

    /// Returns the value for a cast to its own type.
    fn any_mut(&mut self) -> &mut dyn Any;
}

impl<T: FromJson> FieldSlot for Option<T> {
    fn read(&mut self, reader: &mut JsonReader, field: &Field, value: &Value) {
        *self = T::read(reader, field.name, value, &field.shape);
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

impl<T: FromJson> FieldSlot for Vec<T> {
    fn read(&mut self, reader: &mut JsonReader, field: &Field, value: &Value) {
        *self = reader.list(field.name, value, |reader, path, value| T::read(reader, path, value, &field.shape));
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn any(&self) -> &dyn Any {
        self
    }

    fn any_mut(&mut self) -> &mut dyn Any {
        self
    }
}

/// The JSON name of a field: its own, or the one given where Rust reserves the word.
macro_rules! json_name {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident $name:literal) => {
        $name
    };
}

/// Makes the struct of a requirement, its table of fields and its serialization from rows
/// `/// doc` `field: Type = shape;`.
macro_rules! requirement {
    ($(#[$meta:meta])* pub struct $Struct:ident in $TABLE:ident {
        $($(#[doc = $doc:literal])+ $field:ident $(as $json:literal)?: $ty:ty = $shape:expr;)+
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct $Struct {
            $($(#[doc = $doc])+ pub $field: $ty,)+
        }

        /// Every field, in the order of forms and exports.
        pub const $TABLE: &[$crate::field::Field] = &[$($crate::field::Field {
            name: $crate::field::json_name!($field $($json)?),
            about: concat!($($doc),+),
            shape: $shape,
        }),+];

        /// The names of all fields, in the order of forms and exports.
        pub const FIELDS: &[&str] = &[$($crate::field::json_name!($field $($json)?)),+];

        impl $Struct {
            /// Returns the value of a field by its JSON name.
            pub(crate) fn value(&self, name: &str) -> Option<&dyn $crate::field::FieldSlot> {
                $(
                    if name == $crate::field::json_name!($field $($json)?) {
                        return Some(&self.$field);
                    }
                )+
                None
            }

            /// Returns the slot of a field by its JSON name.
            pub(crate) fn slot(&mut self, name: &str) -> Option<&mut dyn $crate::field::FieldSlot> {
                $(
                    if name == $crate::field::json_name!($field $($json)?) {
                        return Some(&mut self.$field);
                    }
                )+
                None
            }
        }

        impl serde::Serialize for $Struct {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap as _;
                use $crate::field::FieldSlot as _;
                let mut map = serializer.serialize_map(None)?;
                $(
                    if !self.$field.is_absent() {
                        map.serialize_entry($crate::field::json_name!($field $($json)?), &self.$field)?;
                    }
                )+
                map.end()
            }
        }
    };
}

pub(crate) use {json_name, requirement};
